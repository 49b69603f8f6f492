import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import zlib, { brotliDecompress, gunzip, type InputType, inflate, inflateRaw } from 'node:zlib';
import type { Share } from '../admission.ts';
import { overloadRefusal, type Refusal } from '../refusal.ts';
import { awaitsContinue, MAX_BODY } from './body-state.ts';

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;
type Decompress = (
  body: InputType,
  options: { maxOutputLength: number },
  callback: (error: Error | null, decoded: Buffer) => void,
) => void;

const decodeGzip = promisify(gunzip as Decompress);

/** Decoders by content coding. Zstandard since Node.js 22.15. */
const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', decodeGzip],
  ['x-gzip', decodeGzip],
  ['deflate', decodeDeflate],
  ['br', promisify(brotliDecompress as Decompress)],
  ...('zstdDecompress' in zlib ? [['zstd', promisify(zlib.zstdDecompress as Decompress)] as [string, Decoder]] : []),
]);

const ACCEPTED_CODINGS = [...DECODERS.keys()].filter((coding) => coding !== 'x-gzip').join(', ');

const TOO_LARGE: Refusal = { status: 413, message: `The body has more than ${MAX_BODY} bytes.` };

/** Refuses a body by its headers, before it is read; null for one that may be read. */
export function refuseBody({ headers }: IncomingMessage): Refusal | null {
  // A page of any origin may send forms and plain text without a preflight; JSON it may not.
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? ''))
    return { status: 415, message: 'Send application/json.' };
  const coding = codingOf(headers);
  if (coding !== 'identity' && !DECODERS.has(coding))
    return {
      status: 415,
      message: `The content-encoding of a body is one of ${ACCEPTED_CODINGS}.`,
      headers: { 'accept-encoding': ACCEPTED_CODINGS },
    };
  return Number(headers['content-length'] ?? 0) > MAX_BODY ? TOO_LARGE : null;
}

function codingOf(headers: IncomingMessage['headers']): string {
  return (headers['content-encoding'] ?? '').trim().toLowerCase() || 'identity';
}

/** Reads and decodes the body of a request that `refuseBody` has accepted. Its bytes are added to the share. */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  share: Share,
): Promise<Buffer | Refusal> {
  if (awaitsContinue(request)) response.writeContinue();
  const body = await collect(request, share);
  const decode = DECODERS.get(codingOf(request.headers));
  if (!decode || !Buffer.isBuffer(body)) return body;
  try {
    const decoded = await decode(body, { maxOutputLength: MAX_BODY });
    const overload = share.receive(decoded.length);
    return overload ? overloadRefusal(overload) : decoded;
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') return TOO_LARGE;
    return { status: 400, message: 'The body is not encoded as its content-encoding says.' };
  }
}

function collect(request: IncomingMessage, share: Share): Promise<Buffer | Refusal> {
  return new Promise((resolve, reject) => {
    const received = new ReceivedBytes(Number(request.headers['content-length'] ?? MAX_BODY));
    request.on('data', (chunk: Buffer) => {
      const overload = share.receive(chunk.length);
      if (overload || received.size + chunk.length > MAX_BODY) {
        request.pause();
        resolve(overload ? overloadRefusal(overload) : TOO_LARGE);
      } else {
        received.append(chunk);
      }
    });
    request.once('end', () => resolve(received.bytes));
    request.once('error', reject);
    // The client disconnected before anything listened, as during authentication.
    if (request.destroyed && !request.complete) reject(new Error('The client disconnected.'));
  });
}

/** Collects chunks in one buffer: a list of chunks of one byte would take two hundred times their size. */
class ReceivedBytes {
  readonly #most: number;
  #buffer: Buffer = Buffer.alloc(0);
  size = 0;

  /** @param most bytes that may come */
  constructor(most: number) {
    this.#most = most;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.size);
  }

  append(chunk: Buffer): void {
    const size = this.size + chunk.length;
    if (this.size === 0) {
      this.#buffer = chunk;
    } else {
      if (size > this.#buffer.length) {
        // Not all that is announced: hundreds of bodies that do not arrive would take 300 MB, and full garbage collections.
        const larger = Buffer.allocUnsafe(Math.max(size, Math.min(size * 2, this.#most)));
        this.#buffer.copy(larger, 0, 0, this.size);
        this.#buffer = larger;
      }
      chunk.copy(this.#buffer, this.size);
    }
    this.size = size;
  }
}

/** Clients send zlib's format, as the coding is defined (RFC 9110, 8.4.1.2), or bare deflate. */
function decodeDeflate(body: Buffer, options: { maxOutputLength: number }): Promise<Buffer> {
  const isZlib = body.length > 1 && (body[0]! & 0x0f) === 8 && body.readUInt16BE() % 31 === 0;
  return promisify((isZlib ? inflate : inflateRaw) as Decompress)(body, options);
}
