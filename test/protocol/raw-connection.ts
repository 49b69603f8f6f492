import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { until } from '../gateway.ts';

/** Kinds of frames (RFC 6455, 11.8). */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameOptions {
  opcode?: number;
  isLast?: boolean;
  isMasked?: boolean;
  /** The three bits that extensions may use. */
  reserved?: number;
  /** The announced length, when it is not the actual one. */
  length?: number;
}

/** A frame of a client, valid unless the options say otherwise. Up to 65,535 bytes. */
export function frame(
  content: string | Buffer,
  { opcode = OPCODE.text, isLast = true, isMasked = true, reserved = 0, length }: FrameOptions = {},
): Buffer {
  const payload = Buffer.from(content as string);
  const announced = length ?? payload.length;
  const head = [(isLast ? 0x80 : 0) | (reserved << 4) | opcode];
  const mask = isMasked ? 0x80 : 0;
  if (announced < 126) head.push(mask | announced);
  else head.push(mask | 126, announced >> 8, announced & 0xff);
  if (!isMasked) return Buffer.concat([Buffer.from(head), payload]);
  const key = randomBytes(4);
  return Buffer.concat([Buffer.from(head), key, payload.map((byte, i) => byte ^ key[i % 4]!)]);
}

/** A WebSocket connection byte by byte, to send what no library sends. */
export interface RawConnection {
  socket: Socket;
  send(...frames: Buffer[]): void;
  /** The frames received so far. */
  received: { opcode: number; payload: Buffer }[];
  /** The text frames among them. */
  texts(): string[];
  /** Resolves to the code of the close frame, which is not answered. */
  closeCode(): Promise<number>;
}

/** Opens a connection and upgrades it. @throws when the upgrade is refused */
export function openRaw({ url }: { url: string }, protocol = 'graphql-transport-ws'): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const received: RawConnection['received'] = [];
  let rest = Buffer.alloc(0);
  let isOpen = false;
  // A reset is one of the ends that tests wait for.
  socket.on('error', () => undefined);
  socket.write(
    [
      'GET /graphql HTTP/1.1',
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      `Sec-WebSocket-Protocol: ${protocol}`,
      '\r\n',
    ].join('\r\n'),
  );

  /** Parses the frames that have arrived completely. A server does not mask them. */
  function takeFrames(): void {
    for (;;) {
      if (rest.length < 2) return;
      const short = rest[1]! & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (rest.length < head) return;
      const length = short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
      if (rest.length < head + length) return;
      received.push({ opcode: rest[0]! & 0x0f, payload: rest.subarray(head, head + length) });
      rest = rest.subarray(head + length);
    }
  }

  return new Promise((resolve, reject) => {
    socket.once('close', () => reject(new Error(`The upgrade was refused: ${rest}`)));
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      const end = rest.indexOf('\r\n\r\n');
      if (!isOpen && end >= 0) {
        if (!rest.toString().startsWith('HTTP/1.1 101')) return socket.end();
        isOpen = true;
        rest = rest.subarray(end + 4);
        resolve({
          socket,
          received,
          async closeCode() {
            const close = () => received.find(({ opcode }) => opcode === OPCODE.close);
            await until('the connection is closed', () => close() !== undefined);
            return close()!.payload.readUInt16BE();
          },
          send: (...frames) => socket.write(Buffer.concat(frames)),
          texts: () => received.filter(({ opcode }) => opcode === OPCODE.text).map(({ payload }) => payload.toString()),
        });
      }
      if (isOpen) takeFrames();
    });
  });
}
