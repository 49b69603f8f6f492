import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { refuseConnection } from '../refusal-response.ts';
import type { RequestOrder } from './request-order.ts';

/** Takes over the connection of a request that asks for a WebSocket. */
export type UpgradeHandler = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/** Headers of an offer to change the protocol, which ends at this server (RFC 9110, 7.8; RFC 7540, 3.2.1). */
const OFFER_HEADERS = ['upgrade', 'http2-settings'];

/**
 * Passes requests for a WebSocket to `onWebSocket`. Offers of other protocols, such as the h2c of Java's HttpClient and
 * of `curl --http2`, are ignored, as a server may: the request is answered as HTTP/1.1.
 */
export function handleUpgrades(server: Server, order: RequestOrder, onWebSocket: UpgradeHandler): void {
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const socket = stream as Socket;
    // Node.js no longer listens. The client may disconnect at any time.
    socket.on('error', () => {});
    const isAccepted = order.whenIdle(socket, () => {
      if (socket.destroyed) return;
      if (isWebSocket(request)) onWebSocket(request, socket, head);
      else ignoreOffer(server, request, { socket, head });
    });
    if (!isAccepted) socket.destroy();
  });
}

function isWebSocket({ headers: { upgrade } }: IncomingMessage): boolean {
  return upgrade?.trim().toLowerCase() === 'websocket';
}

/**
 * Has the server read the request again, without the offer. Node.js stops parsing a connection at an offer once it
 * serves any upgrade; only since version 24.9 does it ask which.
 */
function ignoreOffer(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  { socket, head }: { socket: Socket; head: Buffer },
): void {
  // Node.js drops headers above this number. Without its content-length, the body would be read as a request.
  if (rawHeaders.length / 2 >= (server.maxHeadersCount ?? 2_000)) {
    refuseConnection(socket, { status: 431, message: 'The request has too many headers.' });
    return;
  }
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name, value] = [rawHeaders[i]!, rawHeaders[i + 1]!];
    if (OFFER_HEADERS.includes(name.toLowerCase())) continue;
    text += `${name}: ${name.toLowerCase() === 'connection' ? withoutOffer(value) : value}\r\n`;
  }
  socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

function withoutOffer(connection: string): string {
  const options = connection.split(',').map((option) => option.trim());
  return options.filter((option) => !OFFER_HEADERS.includes(option.toLowerCase())).join(', ');
}
