/** First byte of a text message in one frame (RFC 6455, 5.2). */
const FINAL_TEXT_FRAME = 0x81;
/** Payload lengths from which the frame has an extended length field. */
const EXTENDED_FROM = 126;
const LONG_EXTENDED_FROM = 65_536;

/**
 * Frames a text message of the server whose end is written separately.
 * @param head the first bytes of the message
 * @param restLength the number of bytes that follow
 * @returns the frame's header and the head
 */
export function textFrame(head: Buffer, restLength: number): Buffer {
  const length = head.length + restLength;
  const headerLength = length < EXTENDED_FROM ? 2 : length < LONG_EXTENDED_FROM ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + head.length);
  frame[0] = FINAL_TEXT_FRAME;
  if (headerLength === 2) {
    frame[1] = length;
  } else if (headerLength === 4) {
    frame[1] = EXTENDED_FROM;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = EXTENDED_FROM + 1;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length % 2 ** 32, 6);
  }
  head.copy(frame, headerLength);
  return frame;
}
