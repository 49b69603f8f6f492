import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Refusal } from '../refusal.ts';
import { refuseConnection } from '../refusal-response.ts';

/** Refusals by the code of Node.js for what arrived. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request arrives too slowly.' },
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers of the request are too large.' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, message: 'The chunk extensions of the body are too large.' },
};
const MALFORMED: Refusal = { status: 400, message: 'The request is not valid HTTP/1.1.' };

/** Answers what is no HTTP request, or no complete one, and closes its connection. */
export function answerClientErrors(server: Server): void {
  // What the client sends after its mistake is read and reported again.
  const reported = new WeakSet<Socket>();
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    const socket = stream as Socket;
    if (reported.has(socket)) return;
    reported.add(socket);
    const { _httpMessage: response } = socket as unknown as { _httpMessage?: ServerResponse | null };
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
    } else if (response?.req.complete || response?.headersSent) {
      // The mistake is after a request that is being answered.
      if (response.req.complete) response.once('close', () => socket.destroySoon());
      else socket.destroy();
    } else {
      refuseConnection(socket, REFUSALS[error.code ?? ''] ?? MALFORMED);
    }
  });
}
