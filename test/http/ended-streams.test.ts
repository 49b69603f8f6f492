import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EncodedResult } from '../../src/delivery/index.ts';
import { ResultStream } from '../../src/transport/http/result-stream.ts';
import { type Closers, closeAll } from '../closers.ts';

const RESULT = new EncodedResult(JSON.stringify({ data: 'x'.repeat(1_000) }));
const closers: Closers = [];

afterEach(() => closeAll(closers));

/** A response to a client that does not read. */
async function unreadResponse(): Promise<ServerResponse> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  closers.push(() => {
    client.destroy();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  client.pause();
  client.write('GET / HTTP/1.1\r\nhost: local\r\n\r\n');
  return new Promise((resolve) => server.once('request', (_, response) => resolve(response)));
}

describe('a stream that has ended while its client still has some of it to read', () => {
  it.each(['text/event-stream', 'multipart/mixed'] as const)(
    'ignores further results and ends, which come until its subscription has left: %s',
    async (type) => {
      const response = await unreadResponse();
      const errors: unknown[] = [];
      response.on('error', (error) => errors.push(error));
      const stream = new ResultStream(response, { type, wantsHeartbeats: false, heartbeatInterval: 60_000 });
      while (response.socket!.writableLength === 0) {
        stream.send(RESULT);
        await new Promise(setImmediate);
      }
      expect(stream.isFull).toBe(false);
      stream.end('restart');
      stream.send(RESULT);
      stream.end('complete');
      await new Promise(setImmediate);
      expect(errors).toEqual([]);
    },
  );
});
