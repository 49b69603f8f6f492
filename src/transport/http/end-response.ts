import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { awaitsContinue, isBodyPending, MAX_BODY } from './body-state.ts';

/** Bytes of a refused body that are read and discarded, so that a client that reads only after sending gets the response. */
const MAX_DISCARDED = 32_000_000;
/** Milliseconds in which they are read. */
const DISCARD_WITHIN = 10_000;

/** In pieces where it is long: to join 7 MB took 30 ms. */
type Body = string | Buffer | readonly Buffer[];

export interface CompleteResponse {
  status: number;
  /** They are completed. */
  headers: OutgoingHttpHeaders;
  body: Body;
}

/**
 * Sends a response that is complete, also before the body of the request has arrived. To close a connection that has unread
 * data resets it, and the client loses the response. So a short body is discarded and the connection is kept; of a long
 * one a part is discarded, and then the connection is closed.
 */
export function endResponse(response: ServerResponse, { status, headers, body }: CompleteResponse): void {
  const { req: request } = response;
  const isClosing = isBodyPending(request) && (headers.connection === 'close' || !isShort(request));
  headers['content-length'] = lengthOf(body);
  if (isClosing) headers.connection = 'close';
  response.writeHead(status, headers);
  // HEAD is a GET without a body.
  if (request.method === 'HEAD') response.end();
  else if (isClosing) discardAndEnd(response, body);
  else {
    if (isPieces(body)) writePieces(response, body).end();
    else response.end(body);
    if (isBodyPending(request)) request.removeAllListeners('data').resume();
  }
}

/** Whether the rest of a body is certain to be short. A client that awaits `100 Continue` may send it or not. */
function isShort(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY) <= MAX_BODY && !awaitsContinue(request);
}

function isPieces(body: Body): body is readonly Buffer[] {
  return Array.isArray(body);
}

function lengthOf(body: Body): number {
  return isPieces(body) ? body.reduce((length, piece) => length + piece.length, 0) : Buffer.byteLength(body);
}

function writePieces(response: ServerResponse, pieces: readonly Buffer[]): ServerResponse {
  for (const piece of pieces) response.write(piece);
  return response;
}

function discardAndEnd(response: ServerResponse, body: Body): void {
  const { req: request } = response;
  // With its content-length the response is complete for the client; the connection closes at `end`.
  if (isPieces(body)) writePieces(response, body);
  else response.write(body);
  const end = (): void => void response.end();
  const ending = setTimeout(end, DISCARD_WITHIN).unref();
  let discarded = 0;
  request.removeAllListeners('data').on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > MAX_DISCARDED) end();
  });
  request.once('end', end).resume();
  response.once('close', () => clearTimeout(ending));
}
