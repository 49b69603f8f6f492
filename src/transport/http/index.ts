export { GRAPHQL_PATH } from './routes.ts';
export { createHttpServer } from './server.ts';
