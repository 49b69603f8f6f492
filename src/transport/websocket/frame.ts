/** First byte of a whole text message in one frame (RFC 6455, 5.2). */
const WHOLE_TEXT = 0x81;
/** Payload lengths from which on the frame has a longer field for them. */
const TWO_BYTES_FROM = 126;
const EIGHT_BYTES_FROM = 65_536;

/**
 * The beginning of a text message from a server: what frames it, and its own first bytes.
 * @param rest bytes of the message that follow
 */
export function textFrame(first: Buffer, rest: number): Buffer {
  const length = first.length + rest;
  const size = length < TWO_BYTES_FROM ? 2 : length < EIGHT_BYTES_FROM ? 4 : 10;
  const frame = Buffer.allocUnsafe(size + first.length);
  frame[0] = WHOLE_TEXT;
  if (size === 2) {
    frame[1] = length;
  } else if (size === 4) {
    frame[1] = TWO_BYTES_FROM;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = TWO_BYTES_FROM + 1;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length % 2 ** 32, 6);
  }
  first.copy(frame, size);
  return frame;
}
