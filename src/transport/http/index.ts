export { createMetricsServer, METRICS_PATH } from './metrics-endpoint.ts';
export { GRAPHQL_PATH } from './routes.ts';
export { createHttpServer } from './server.ts';
