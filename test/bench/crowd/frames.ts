/** Opcodes of RFC 6455, 5.2. */
export const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;

export type FrameListener = (opcode: number, data: Buffer, start: number, end: number) => void;

/**
 * Finds the frames in what a server sends, in whatever pieces it comes, without copying what is complete. A server's
 * frames are not masked.
 */
export class Frames {
  #rest: Buffer | null = null;
  readonly #tell: FrameListener;

  /** @param tell hears of each frame, whose payload is good until it returns */
  constructor(tell: FrameListener) {
    this.#tell = tell;
  }

  /** @param chunk its memory may be used for something else afterwards */
  read(chunk: Buffer): void {
    const data = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    while (data.length - at >= 2) {
      let header = 2;
      let size = data[at + 1]!;
      if (size >= 126) {
        header = size === 126 ? 4 : 10;
        if (data.length - at < header) break;
        size = size === 126 ? data.readUInt16BE(at + 2) : data.readUIntBE(at + 4, 6);
      }
      const end = at + header + size;
      if (end > data.length) break;
      if (data[at]! < 0x80)
        throw new Error('The server sent a message in fragments, which no reader here puts together.');
      this.#tell(data[at]! & 0x0f, data, at + header, end);
      at = end;
    }
    this.#rest = at < data.length ? Buffer.from(data.subarray(at)) : null;
  }
}

/** A client's frame. They have to be masked; by zeros, which changes nothing and costs nothing. */
export function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length > 0xffff) throw new Error(`A frame of ${length} bytes; readers send at most 65,535.`);
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...size, 0, 0, 0, 0]), payload]);
}
