import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port of 127.0.0.1 and sends the parent process the URL of the graph; runs until the process is ended. */
export function serve(server: Server): void {
  server.listen({ port: 0, host: '127.0.0.1' }, () => {
    const { port } = server.address() as AddressInfo;
    process.send?.(`http://127.0.0.1:${port}/graphql`);
  });
  process.once('disconnect', () => process.exit());
}
