import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { clearLoaders } from '../../../schema/content/context-loader.ts';
import { ANYTHING, PEOPLE, SEARCH } from '../../../schema/content/dependencies.ts';
import { isStaff } from '../../../schema/content/roles.ts';
import {
  encodeResult,
  type Operation,
  type OperationContext,
  type OperationDescription,
  type OperationPipeline,
  type OperationRecord,
  type OperationSource,
} from '../../execution/index.ts';
import { CachedResponse, type ResponseCache } from '../../response-cache/index.ts';
import type { Share } from '../admission.ts';
import { overloadRefusal } from '../refusal.ts';
import { acceptedCoding } from './accepted-coding.ts';
import { codedBody, codingsOf } from './coded-body.ts';
import { endResponse } from './end-response.ts';
import { matchesTag, tagHash } from './entity-tag.ts';
import type { SingleType } from './media-types.ts';
import type { RequestParams } from './request-params.ts';
import { sendRefusal, sendResult } from './result-response.ts';

/** Longest request in UTF-16 code units whose response is kept. */
const MAX_REQUEST = 16_000;
/** Headers of caches that separate tags by spaces; others by commas. */
const SPACED = /^(surrogate-key|xkey)$/i;
/** Most articles that are named to caches: their limits are some 16 kB of header. */
const MAX_TAGS = 500;

export interface ReuseOptions {
  cache: ResponseCache;
  /** The header `Cache-Control` of responses that are the same for all readers. */
  cacheControl: string;
  /** Name of the header with the tags of a response, by which a cache in front of the gateway can drop it. Null for none. */
  cacheTagHeader: string | null;
}

/** One request whose response may be one that was sent before, or may be sent again. */
export interface Reuse extends ReuseOptions {
  key: string;
}

/** @returns null for a request whose response is made for it alone */
export function reuseOf(
  options: ReuseOptions | null,
  params: RequestParams,
  { identity: { viewer } }: OperationSource,
): Reuse | null {
  const { document, wantsCost } = params;
  // A document that comes with its hash is to be registered.
  if (!options || wantsCost || isStaff(viewer) || (document.text !== null && document.hash !== null)) return null;
  // What depends on the viewer is kept for those who are not signed in.
  const key = keyOf(params, viewer === null);
  const { cache, cacheControl, cacheTagHeader } = options;
  return key === null ? null : { cache, cacheControl, cacheTagHeader, key };
}

/** Null for a request that is too long. */
interface Keys {
  ofAnonymous?: string | null;
  ofReaders?: string | null;
}

const keys = new WeakMap<RequestParams, Keys>();

/** Requests of the same text share their parameters, so their keys are made once. */
function keyOf(params: RequestParams, isAnonymous: boolean): string | null {
  const kind = isAnonymous ? 'ofAnonymous' : 'ofReaders';
  let known = keys.get(params);
  if (!known) {
    known = {};
    keys.set(params, known);
  }
  const key = known[kind];
  if (key !== undefined) return key;
  const made = makeKey(params, isAnonymous);
  known[kind] = made;
  return made;
}

/** A digest: the text itself would take several times its size, since V8 keeps it in the parts of which it was made. */
function makeKey({ document, operationName, variables }: RequestParams, isAnonymous: boolean): string | null {
  const given = textOf(variables);
  if (given === null) return null;
  const request = JSON.stringify([isAnonymous, document.text, document.hash, document.id, operationName, given]);
  return request.length > MAX_REQUEST ? null : createHash('sha256').update(request).digest('base64');
}

/** Null for variables that are nested too deeply to be written, and for those that would be written like others. */
function textOf(variables: RequestParams['variables']): string | null {
  try {
    const text = JSON.stringify(variables);
    // A number that is too large, such as 1e400, is written as null.
    return text.includes('null') && hasInfinity(variables) ? null : text;
  } catch {
    return null;
  }
}

function hasInfinity(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'number' && !Number.isFinite(value);
  return Object.values(value).some(hasInfinity);
}

/** Executes a query, or waits for the same one that is being executed, and keeps its result when that may be used again. */
export async function executeForReuse(
  { cache, key, operation, pipeline }: Reuse & { operation: Operation; pipeline: OperationPipeline },
  args: ExecutionArgs & { contextValue: OperationContext },
): Promise<CachedResponse | ExecutionResult> {
  const context = args.contextValue;
  let result: ExecutionResult = {};
  const made = await cache.make(key, async (dependencies) => {
    context.dependencies = dependencies;
    result = await operation.execute(args);
    if (result.errors) return null;
    const encoded = encodeResult(result);
    return { body: typeof encoded === 'function' ? await encoded() : encoded, cost: context.cost ?? 0 };
  });
  context.dependencies = null;
  const { record } = context;
  if (made instanceof CachedResponse) {
    if (record?.description) descriptions.set(made, record.description);
    return made;
  }
  if (made === 'unfit' || (made === 'changed' && pipeline.readsOneMoment(args))) return result;
  const valid = made === 'made' ? await find(cache, key) : null;
  if (valid) {
    if (record) recordHit(record, valid);
    const error = pipeline.charge(valid.cost, context);
    return error ? { errors: [error] } : valid;
  }
  // Whatever changes meanwhile, it is not read half before and half after that.
  clearLoaders(context);
  context.isOneMoment = true;
  return operation.execute(args);
}

const descriptions = new WeakMap<CachedResponse, OperationDescription>();

/** Notes that an operation is answered by a kept response: its document is not read. */
export function recordHit(record: OperationRecord, entry: CachedResponse): void {
  record.isCacheHit = true;
  record.cost = entry.cost;
  record.description ??= descriptions.get(entry) ?? null;
}

/** A response that is valid now; null when there is none, or the database does not answer. */
export async function find(cache: ResponseCache, key: string): Promise<CachedResponse | null> {
  try {
    return await cache.find(key);
  } catch {
    // The operation is executed, and its result says what is wrong.
    return null;
  }
}

export interface ReusedResponse {
  reuse: Reuse;
  entry: CachedResponse;
  type: SingleType;
  share: Share;
}

/** Sends a kept response: its body in the coding that the client prefers, or that the client has it already. */
export async function sendReused(
  request: IncomingMessage,
  response: ServerResponse,
  { reuse, entry, type, share }: ReusedResponse,
): Promise<void> {
  const { cache, key } = reuse;
  const coding = acceptedCoding(request.headers['accept-encoding'], codingsOf(entry.body)) ?? 'identity';
  const headers: OutgoingHttpHeaders = { 'content-type': `${type}; charset=utf-8` };
  if (coding !== 'identity') headers['content-encoding'] = coding;
  if (request.method !== 'POST') {
    const etag = `"${tagOf(entry)}${coding === 'identity' ? '' : `-${coding}`}"`;
    if (matchesTag(etag, request.headers['if-none-match'])) {
      response.writeHead(304, validators(response, reuse, { etag, entry })).end();
      return;
    }
    Object.assign(headers, validators(response, reuse, { etag, entry }));
  } else if (coding !== 'identity') headers.vary = varyOf(response);
  const coded = codedBody(cache, { key, entry, coding });
  const body = coded instanceof Promise ? await coded : coded;
  const overload = share.hold(body.length);
  if (overload) sendRefusal(response, type, overloadRefusal(overload));
  else endResponse(response, { status: 200, headers, body });
}

/** Sends a result that is not kept. Caches on the way may keep that of a GET for its sender alone. */
export function sendUnshared(
  response: ServerResponse,
  type: SingleType,
  { result, share }: { result: ExecutionResult; share: Share },
): void | Promise<void> {
  if (response.req.method !== 'POST') {
    response.setHeader('cache-control', result.errors ? 'no-store' : 'private, no-cache');
    response.setHeader('vary', varyOf(response));
  }
  return sendResult(response, type, { result, share });
}

const tags = new WeakMap<CachedResponse, string>();

function tagOf(entry: CachedResponse): string {
  let tag = tags.get(entry);
  if (tag === undefined) {
    tag = tagHash(entry.body);
    tags.set(entry, tag);
  }
  return tag;
}

function validators(
  response: ServerResponse,
  { cacheControl, cacheTagHeader }: Reuse,
  { etag, entry }: { etag: string; entry: CachedResponse },
): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { etag, 'cache-control': cacheControl, vary: varyOf(response) };
  if (cacheTagHeader !== null) headers[cacheTagHeader] = cacheTags(entry, SPACED.test(cacheTagHeader) ? ' ' : ',');
  return headers;
}

/** What a response depends on, besides what the router has set. */
function varyOf(response: ServerResponse): string {
  const others = response.getHeader('vary');
  return `${others ? `${others}, ` : ''}accept, accept-encoding, authorization`;
}

function cacheTags({ subjects }: CachedResponse, separator: string): string {
  const articles = [...subjects].filter((subject) => subject > 0);
  const isWhole = articles.length <= MAX_TAGS && !subjects.has(ANYTHING);
  return [
    'content',
    ...(subjects.has(PEOPLE) ? ['people'] : []),
    ...(subjects.has(SEARCH) ? ['search'] : []),
    ...(isWhole ? [] : ['any']),
    ...articles.slice(0, MAX_TAGS).map((id) => `article-${id}`),
  ].join(separator);
}
