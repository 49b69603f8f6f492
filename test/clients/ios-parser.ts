// The rules by which Apollo iOS reads a multipart subscription, as far as they matter for what a server may send. It reads
// byte by byte: a part ends where the bytes so far end with the delimiter, which includes the line break before it.

const DELIMITER = '\r\n--';
const CONTENT_TYPES = ['application/json', 'application/graphql-response+json'];

/** Reads a body in chunks. @throws for what Apollo iOS refuses, also for errors beside the payload */
export class IosParser {
  readonly payloads: object[] = [];
  heartbeats = 0;
  readonly #end: string;
  #part = '';

  /** @throws unless the header names a boundary and a protocol that Apollo iOS knows */
  constructor(contentType: string) {
    const directives = contentType.split(';').map((directive) => directive.trim());
    if (!contentType.includes('multipart/mixed')) throw new Error('It is one response.');
    const boundary = directives.find((directive) => directive.startsWith('boundary='))?.slice('boundary='.length);
    if (!boundary) throw new Error('missingMultipartBoundary');
    // Compared as text: quotes around the version are another protocol.
    if (directives.find((directive) => directive.includes('Spec=')) !== 'subscriptionSpec=1.0')
      throw new Error('invalidMultipartProtocol');
    this.#end = DELIMITER + boundary.replace(/^"|"$/g, '');
  }

  push(chunk: Buffer): void {
    for (const byte of chunk.toString('latin1')) {
      this.#part += byte;
      if (this.#part.endsWith(this.#end)) this.#finishPart(this.#part.slice(0, -this.#end.length));
    }
  }

  /** The body has ended. Apollo iOS does not ask how. */
  end(): void {
    this.#finishPart(this.#part);
  }

  #finishPart(bytes: string): void {
    this.#part = '';
    const part = bytes.replace(/^\r\n/, '');
    // Also dropped: a first part whose delimiter had no line break before it, which therefore begins with `--`.
    if (part.startsWith('--')) return;
    for (const line of part.split('\r\n\r\n')) if (line !== '' && this.#readLine(line)) return;
  }

  /** @returns whether the part is finished */
  #readLine(line: string): boolean {
    if (line === '{}') {
      this.heartbeats += 1;
      return false;
    }
    if (/^[Cc]ontent-[Tt]ype.*: /.test(line)) {
      const type = line.slice(line.indexOf(': ') + 2).split('; ', 1)[0]!;
      if (!CONTENT_TYPES.includes(type)) throw new Error(`unsupportedContentType ${type}`);
      return false;
    }
    const object = readObject(line);
    if (Array.isArray(object.errors)) throw new Error(`irrecoverableErrors ${JSON.stringify(object.errors)}`);
    if (object.payload) this.payloads.push(object.payload as object);
    return true;
  }
}

function readObject(line: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(line, 'latin1').toString());
  } catch {
    throw new Error(`cannotParseChunkData ${JSON.stringify(line)}`);
  }
}
