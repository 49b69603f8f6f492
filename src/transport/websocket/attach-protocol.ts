import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Logger } from '../../logger.ts';
import type { SocketConnection } from './connection.ts';
import type { Protocol } from './protocol.ts';

/** UTF-16 code units of a `complete` message with an id of any client. */
const LONGEST_COMPLETE = 1_000;

/** Passes messages between the WebSocket of a connection and the protocol, until the WebSocket closes. */
export function attachProtocol(protocol: Protocol, connection: SocketConnection, log: Logger): void {
  const { socket, requestId } = connection;
  // ws closes the WebSocket with the code of the fault itself.
  socket.on('error', (error) => log.debug('A WebSocket failed', { requestId, err: error }));
  socket.on('pong', () => {
    connection.isAlive = true;
  });
  const onClose = protocol.opened(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onMessage(handle) {
        socket.on('message', (data) => {
          connection.isAlive = true;
          const text = String(data);
          const completed = completedOperation(text);
          if (completed !== null) connection.abortOperation(completed);
          handle(text).catch((error) => onFault(error, connection, log));
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

/** Does nothing for a client that has disconnected: the `close` event ends its operations. */
function send(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.OPEN) socket.send(data, () => resolve());
    else resolve();
  });
}
