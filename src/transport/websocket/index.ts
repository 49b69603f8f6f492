export { serveWebSockets } from './server.ts';
