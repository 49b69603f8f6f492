import { CloseCode } from 'graphql-ws';
import { namesDocument } from '../../execution/index.ts';
import type { Logger } from '../../logger.ts';
import type { SocketConnection } from './connection.ts';
import { isOldProtocol, refuseOldProtocol } from './old-protocol.ts';
import type { Protocol } from './protocol.ts';

/** UTF-16 code units of a `complete` message with an id of any client. */
const LONGEST_COMPLETE = 1_000;
const PONG = JSON.stringify({ type: 'pong' });
/** Bytes of the reason in a close frame (RFC 6455, 5.5). */
const MAX_REASON = 123;
/** Milliseconds for the closing handshake of a client that was never authenticated. */
const CLOSE_WITHIN = 2_000;

/** Passes messages between the WebSocket of a connection and the protocol, until the WebSocket closes. */
export function attachProtocol(protocol: Protocol, connection: SocketConnection, log: Logger): void {
  const { socket, requestId } = connection;
  // ws closes the WebSocket with the code of the fault itself.
  socket.on('error', (error) => log.debug('A WebSocket failed', { requestId, err: error }));
  socket.on('pong', () => {
    connection.receive();
    connection.isAlive = true;
  });
  socket.on('ping', (payload) => {
    connection.receive();
    // A pong may answer the last of several pings (RFC 6455, 5.5.3), so none must wait.
    if (connection.outgoing.isOpen && !connection.isFull) socket.pong(payload);
  });
  if (isOldProtocol(socket.protocol)) {
    socket.once('close', () => connection.dispose());
    refuseOldProtocol(connection.outgoing, (code, reason) => closeSoon(connection, code, reason));
    return;
  }
  const onClose = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) => connection.outgoing.sendText(data),
      close: (code, reason) => closeSoon(connection, code, reason),
      // Without the payload of the ping, which graphql-ws would send back: 60 kB for each ping.
      onPing: () => connection.outgoing.sendText(PONG),
      onMessage(handle) {
        socket.on('message', (data) => {
          connection.isAlive = true;
          connection.receive();
          const text = String(data);
          connection.messageSize = text.length;
          const completed = completedOperation(text);
          if (completed !== null) connection.abortOperation(completed);
          handle(withQuery(text)).catch((error) => onFault(error, connection, log));
        });
      },
    },
    connection,
  );
  socket.once('close', (code, reason) => {
    connection.dispose();
    onClose(code, String(reason)).catch((error) =>
      log.error('The operations of a closed WebSocket could not be ended', { requestId, err: error }),
    );
  });
}

function onFault(error: Error, connection: SocketConnection, log: Logger): void {
  // graphql-ws throws this for messages that only a server sends, and closes with the same code for all other invalid ones.
  if (/^Unexpected message of type/.test(error.message)) {
    connection.socket.close(CloseCode.BadRequest, 'Invalid message received');
    return;
  }
  log.error('A WebSocket message could not be answered', { requestId: connection.requestId, err: error });
  connection.close('fault', 'Internal error');
}

/** The operation that a client completes by this message; null for any other message. */
function completedOperation(text: string): string | null {
  // graphql-ws checks the message; this only avoids parsing long ones twice.
  if (text.length > LONGEST_COMPLETE || !text.includes('"complete"')) return null;
  try {
    const { id, type } = JSON.parse(text) as { id?: unknown; type?: unknown };
    return type === 'complete' && typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}

/**
 * A message with an empty `query`, which graphql-ws requires, when the client has left it out because it names its
 * document instead; every other message as it is.
 */
function withQuery(text: string): string {
  if (!text.includes('"subscribe"')) return text;
  try {
    const { payload, ...message } = JSON.parse(text) as { type?: unknown; payload?: unknown };
    if (message.type !== 'subscribe' || typeof payload !== 'object' || payload === null) return text;
    const params = payload as Record<string, unknown>;
    if ((params.query !== undefined && params.query !== null) || !namesDocument(params)) return text;
    return JSON.stringify({ ...message, payload: { ...params, query: '' } });
  } catch {
    return text;
  }
}

/** A client that is not authenticated has little time to answer the closing handshake: nothing waits for it. */
function closeSoon({ socket, identity }: SocketConnection, code?: number, reason?: string): void {
  socket.close(code, reason && cutReason(reason));
  if (identity !== null) return;
  const closing = setTimeout(() => socket.terminate(), CLOSE_WITHIN).unref();
  socket.once('close', () => clearTimeout(closing));
}

/** A reason of graphql-ws may have an id in it, which is as long as the client likes. */
function cutReason(reason: string): string {
  return reason.slice(0, new TextEncoder().encodeInto(reason, new Uint8Array(MAX_REASON)).read);
}
