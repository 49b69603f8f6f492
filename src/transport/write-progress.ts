import type { Socket } from 'node:net';

/** Bytes of a connection that the network has taken, to compare: it grows while the client reads. */
export function bytesTaken(socket: Socket): number {
  // One long write is counted as a whole at its beginning; only its handle knows what is left of it. The `timeout` event
  // of node:net looks at the same property.
  const { _handle } = socket as unknown as { _handle?: { writeQueueSize?: number } | null };
  return socket.bytesWritten - socket.writableLength - (_handle?.writeQueueSize ?? 0);
}
