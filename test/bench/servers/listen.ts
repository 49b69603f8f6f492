import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Connections that may wait to be accepted; node's 511 make a thousand that come at once wait for another try. */
const BACKLOG = 4_096;

/** Serves on a free port of 127.0.0.1 and tells the parent process its URL; runs until the process is ended. */
export function listen(listener: RequestListener): Server {
  const server = createServer(listener);
  server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
    const { port } = server.address() as AddressInfo;
    process.send?.(`http://127.0.0.1:${port}`);
  });
  process.once('disconnect', () => process.exit());
  return server;
}

/** The text of a request's body. */
export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
