import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { readPictureName, readVariantName } from '../../../../schema/content/picture/picture-name.ts';
import type { OpenFile, Pictures } from '../../../media/index.ts';
import { matchesTag } from '../entity-tag.ts';
import { sendText } from '../handler.ts';
import { readRange } from './byte-range.ts';

/** A name has a digest of the file, so what is at an address never changes. */
const CACHED = 'public, max-age=31536000, immutable';

/** Seconds for which caches keep that there is no such picture. */
const MISSING_CACHED = 60;

const HEADERS = {
  'accept-ranges': 'bytes',
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  // Only for the case that a file which is no picture should ever get here: it runs nothing.
  'content-security-policy': "default-src 'none'; sandbox",
};

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** Receives why a narrower form cannot be made. */
  onFailure(error: unknown): void;
}

/** Sends the file of a stored picture, or of a narrower form of one. */
export async function sendPicture(
  pictures: Pictures,
  name: string,
  { request, response, onFailure }: Exchange,
): Promise<void> {
  const about = readPictureName(name) ?? readVariantName(name)?.variant;
  if (!about) return sendMissing(response);
  const headers = { ...HEADERS, etag: `"${name}"`, 'cache-control': CACHED };
  const known = request.headers['if-none-match'];
  if (known !== undefined && matchesTag(headers.etag, known)) return void response.writeHead(304, headers).end();
  const file = await pictures.open(name, onFailure);
  if (file === null) return sendMissing(response);
  if (file === 'original') return sendOriginal(response, readVariantName(name)!.picture.name);
  await sendFile(file, { ...headers, 'content-type': about.type }, { request, response });
}

async function sendFile(
  file: OpenFile,
  headers: Record<string, string>,
  { request, response }: Pick<Exchange, 'request' | 'response'>,
): Promise<void> {
  const { range: asked, 'if-range': ifRange } = request.headers;
  const isSame = ifRange === undefined || ifRange === headers.etag;
  const range = request.method === 'GET' && isSame ? readRange(asked, file.size) : null;
  if (range === 'unsatisfiable' || request.method === 'HEAD' || response.destroyed) {
    await file.close();
    if (range === 'unsatisfiable') response.writeHead(416, { ...headers, 'content-range': `bytes */${file.size}` });
    else response.writeHead(200, { ...headers, 'content-length': file.size });
    response.end();
    return;
  }
  const length = range ? range.end - range.start + 1 : file.size;
  const partial = range && { 'content-range': `bytes ${range.start}-${range.end}/${file.size}` };
  response.writeHead(range ? 206 : 200, { ...headers, ...partial, 'content-length': length });
  // A client that leaves ends the stream, which is no fault of the gateway.
  await pipeline(file.stream(range ?? undefined), response).catch((error) => {
    if (!response.destroyed || !response.req.destroyed) throw error;
  });
}

/** The narrower form cannot be made now: the picture itself shows the same. */
function sendOriginal(response: ServerResponse, name: string): void {
  response.writeHead(302, {
    // Beside the narrower form, also behind another address such as MEDIA_URL.
    location: name,
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
  });
  response.end();
}

function sendMissing(response: ServerResponse): void {
  response.setHeader('cache-control', `public, max-age=${MISSING_CACHED}`);
  sendText(response, 404, 'There is no such picture.');
}
