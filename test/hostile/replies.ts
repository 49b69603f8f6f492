import type { TestGateway } from '../gateway.ts';
import { EVENT_STREAM, GRAPHQL_TYPE, get, type HttpResponse, post } from '../http/requests.ts';
import { openAcknowledged } from '../protocol/socket.ts';
import type { HostileDocument } from './documents.ts';

/** The parameters of an operation. */
export type OperationParameters = Omit<HostileDocument, 'kind'>;

/** Any parameters, also those that lack the document. */
type Parameters = Readonly<Record<string, unknown>>;

/** The results of an operation, in order. A refusal is one result with errors alone. */
export type Reply = unknown[];

const MULTIPART = 'multipart/mixed;subscriptionSpec="1.0"';
/** Bytes of a URL with its operation. Node.js accepts 16 KiB of headers, the URL among them. */
const MAX_URL = 14_000;
/** Bytes of a WebSocket message. */
const MAX_MESSAGE = 65_536 - 200;

export interface Transport {
  /** A result of one piece: a subscription cannot be sent this way. */
  isSingle?: true;
  /** Over GET: a mutation cannot be sent this way. */
  isReadOnly?: true;
  /** Whether the operation is small enough. */
  fits(parameters: Parameters): boolean;
  send(parameters: Parameters): Promise<Reply>;
}

export interface Transports {
  byName: Readonly<Record<string, Transport>>;
  close(): Promise<void>;
}

/** Every way in which an operation can reach the gateway. The WebSocket is one for all operations. */
export async function openTransports(gateway: TestGateway): Promise<Transports> {
  const socket = await openAcknowledged(gateway);
  let operations = 0;
  const overPost = (accept: string) => async (parameters: Parameters) =>
    readResponse(await post(gateway, parameters, { accept }));
  const overGet = (accept: string) => async (parameters: Parameters) =>
    readResponse(await get(gateway, urlParameters(parameters), { accept }));
  const any = (): true => true;
  const byName: Record<string, Transport> = {
    POST: { isSingle: true, fits: any, send: overPost(GRAPHQL_TYPE) },
    GET: { isSingle: true, isReadOnly: true, fits: fitsUrl, send: overGet(GRAPHQL_TYPE) },
    'SSE by POST': { fits: any, send: overPost(EVENT_STREAM) },
    'SSE by GET': { isReadOnly: true, fits: fitsUrl, send: overGet(EVENT_STREAM) },
    'multipart by POST': { fits: any, send: overPost(MULTIPART) },
    'multipart by GET': { isReadOnly: true, fits: fitsUrl, send: overGet(MULTIPART) },
    WebSocket: {
      fits: (parameters) => Buffer.byteLength(JSON.stringify(parameters)) < MAX_MESSAGE,
      async send(parameters) {
        operations += 1;
        const id = `operation-${operations}`;
        socket.send({ id, type: 'subscribe', payload: parameters });
        const messages = await socket.ended(id);
        if (socket.closed !== null) throw new Error(`The WebSocket was closed with ${socket.closed}.`);
        return messages
          .filter(({ type }) => type !== 'complete')
          .map(({ type, payload }) => (type === 'error' ? { errors: payload } : payload));
      },
    },
  };
  return { byName, close: () => socket.close() };
}

function urlParameters(parameters: Parameters): Record<string, string> {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function fitsUrl(parameters: Parameters): boolean {
  return new URLSearchParams(urlParameters(parameters)).toString().length < MAX_URL;
}

/** The results of a response: of one piece, of an event stream, or of a multipart body. */
function readResponse({ headers, body }: HttpResponse): Reply {
  const type = (headers['content-type'] ?? '').split(';', 1)[0]!;
  const text = body.toString();
  if (type === EVENT_STREAM) return readEvents(text);
  if (type === 'multipart/mixed') return readParts(text);
  return [JSON.parse(text)];
}

/** @throws unless the stream ends with `complete` */
function readEvents(text: string): Reply {
  const events = text
    .replace(/^(:|id:|retry:).*\n/gm, '')
    .split('\n\n')
    .map((event) => event.trim())
    .filter((event) => event !== '');
  if (events.pop() !== 'event: complete\ndata:') throw new Error(`The event stream is not complete: ${text}`);
  return events.map((event) => JSON.parse(/^event: next\ndata: (.*)$/.exec(event)![1]!));
}

/** @throws unless the body ends with the closing boundary */
function readParts(text: string): Reply {
  if (!text.endsWith('--graphql--\r\n')) throw new Error(`The multipart body is not complete: ${text}`);
  return text
    .split('--graphql')
    .slice(1, -1)
    .map((part) => (JSON.parse(part.slice(part.indexOf('\r\n\r\n'))) as { payload: unknown }).payload);
}
