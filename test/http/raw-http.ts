import { connect, type Socket } from 'node:net';
import { until } from '../gateway.ts';

/** A TCP connection to the gateway, to send what no HTTP client sends. */
export interface RawHttp {
  socket: Socket;
  /** What has arrived so far. */
  text(): string;
  /** Waits until so many responses have begun. */
  responses(count: number): Promise<string[]>;
  readonly isClosed: boolean;
}

export function openRawHttp({ url }: { url: string }): Promise<RawHttp> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  let isClosed = false;
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isClosed = true;
  });
  let joined = '';
  const text = (): string => {
    joined += Buffer.concat(chunks.splice(0)).toString();
    return joined;
  };
  const split = (): string[] => text().split(/(?=HTTP\/1\.1 \d{3} )/);
  return new Promise((resolve) => {
    socket.once('connect', () =>
      resolve({
        socket,
        text,
        async responses(count) {
          await until(`${count} responses have arrived`, () => text() !== '' && split().length >= count);
          return split();
        },
        get isClosed() {
          return isClosed;
        },
      }),
    );
  });
}

/** A POST of JSON as bytes. */
export function postText(body: string, headers: readonly string[] = []): string {
  const lines = ['POST /graphql HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...headers];
  return `${[...lines, `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`;
}
