import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import type { Asker } from '../auth/asker.ts';
import { publicErrors } from './errors.ts';
import type { Operations } from './operations.ts';

/** Largest body of a request, in bytes: an article of the longest kind, with what writing it as JSON adds. */
export const MAX_BODY = 1_000_000;

const GRAPHQL_RESPONSE = 'application/graphql-response+json';
const JSON_TYPE = 'application/json';

/** True for the requests that `answerPost` serves: JSON in, one JSON response out. */
export function isPlainPost({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' &&
    /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '') &&
    mediaTypeFor(headers.accept) !== null
  );
}

/** What to answer with, of the two JSON types: the one asked for first, or null when neither is. */
export function mediaTypeFor(accept: string | undefined): string | null {
  if (accept === undefined) return JSON_TYPE;
  for (const part of accept.split(',')) {
    const type = part.split(';', 1)[0]!.trim().toLowerCase();
    if (type === GRAPHQL_RESPONSE) return GRAPHQL_RESPONSE;
    if (type === JSON_TYPE || type === 'application/*' || type === '*/*' || type === '') return JSON_TYPE;
    // A stream is asked for first: that is another handler's.
    if (type === 'text/event-stream' || type === 'multipart/mixed') return null;
  }
  return null;
}

/**
 * Answers a query or mutation over POST, straight on node:http. It runs the same hooks as every other transport;
 * what it leaves out is the translation of request and response into fetch's objects and back, a quarter of a
 * millisecond each time.
 */
export async function answerPost(
  { operations, mask, asker }: { operations: Operations; mask: (error: unknown) => Error; asker: Asker },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const type = mediaTypeFor(request.headers.accept) ?? JSON_TYPE;
  const body = await readBody(request);
  if (body === null)
    return send(response, 413, type, failure(`The body has more than ${MAX_BODY} bytes.`), { connection: 'close' });
  const params = readParams(body);
  if (params instanceof GraphQLError) return send(response, 400, type, { errors: [params] });

  const { parse, validate, contextFactory, execute, schema } = operations({ request, asker, params });
  let result: ExecutionResult;
  try {
    const document = parse(params.query);
    const errors = validate(schema, document);
    if (errors.length > 0) return send(response, type === JSON_TYPE ? 200 : 400, type, { errors });
    const operation = getOperationAST(document, params.operationName);
    if (operation?.operation === 'subscription')
      return send(response, 406, type, failure('Subscriptions are served over WebSocket, or as text/event-stream.'));
    result = (await execute({
      schema,
      document,
      contextValue: await contextFactory(),
      variableValues: params.variables,
      operationName: params.operationName,
    })) as ExecutionResult;
  } catch (error) {
    result = { errors: [mask(error) as GraphQLError] };
  }
  send(response, statusOf(result, type), type, result);
}

/**
 * Refuses a request whose sender could not be told. The status says so under either type: nothing of the request was
 * looked at, so there is no well-formed one that failed (GraphQL over HTTP, 6.4).
 */
export function refuseRequest(error: Error, request: IncomingMessage, response: ServerResponse): void {
  const { message, extensions } = error as GraphQLError;
  const { http, ...rest } = (extensions ?? {}) as { http?: { status?: number } };
  const status = http?.status ?? 500;
  const type = mediaTypeFor(request.headers.accept) ?? JSON_TYPE;
  // RFC 9110, 15.5.2: how to be let in.
  const headers = status === 401 ? { 'www-authenticate': 'Bearer error="invalid_token"' } : {};
  send(response, status, type, { errors: [new GraphQLError(message, { extensions: rest })] }, headers);
}

/** GraphQL over HTTP, 6.4: with application/json a well-formed request that fails is still a 200. */
function statusOf({ data, errors }: ExecutionResult, type: string): number {
  for (const { extensions } of errors ?? []) {
    const status = (extensions?.http as { status?: number } | undefined)?.status;
    if (status && (type === GRAPHQL_RESPONSE || status >= 500)) return status;
  }
  return data === undefined && type === GRAPHQL_RESPONSE ? 400 : 200;
}

function failure(message: string): ExecutionResult {
  return { errors: [new GraphQLError(message)] };
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  result: ExecutionResult,
  headers: Record<string, string> = {},
): void {
  const body = JSON.stringify(result.errors ? { ...result, errors: publicErrors(result.errors) } : result);
  response.writeHead(status, {
    ...headers,
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** The body as text, or null when it is larger than allowed. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString();
}

export interface Params {
  query: string;
  variables: Record<string, unknown> | undefined;
  operationName: string | undefined;
  extensions: Record<string, unknown> | undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** GraphQL over HTTP, 5.1: a string `query`, and maps or nothing for the rest. */
function readParams(body: string): Params | GraphQLError {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return new GraphQLError('The body is not JSON.');
  }
  if (!isObject(value))
    return new GraphQLError('The body must be a JSON object with a `query`; batches are not taken.');
  const { query, variables, operationName, extensions } = value;
  if (typeof query !== 'string') return new GraphQLError('`query` must be a string that holds a GraphQL document.');
  if (variables != null && !isObject(variables)) return new GraphQLError('`variables` must be a JSON object.');
  if (operationName != null && typeof operationName !== 'string')
    return new GraphQLError('`operationName` must be a string.');
  if (extensions != null && !isObject(extensions)) return new GraphQLError('`extensions` must be a JSON object.');
  return {
    query,
    variables: variables ?? undefined,
    operationName: operationName ?? undefined,
    extensions: extensions ?? undefined,
  };
}
