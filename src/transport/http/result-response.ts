import type { ServerResponse } from 'node:http';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { resultJson } from '../../execution/index.ts';
import { GRAPHQL_RESPONSE, type SingleType } from './media-types.ts';
import type { Refusal } from './refusal.ts';

/** Sends one result as the body of a response. */
export function sendResult(response: ServerResponse, type: SingleType, result: ExecutionResult): void {
  const seconds = retryAfter(result);
  if (seconds === null) send(response, type, { status: statusOf(result, type), result, headers: headersOf(result) });
  else send(response, type, { status: 429, result, headers: { 'retry-after': `${seconds}` } });
}

/**
 * Seconds after which an operation may be sent again that was refused as a whole, because its sender exceeded a limit; null
 * for every other result. The status is the same for each media type, because nothing was executed.
 */
export function retryAfter({ data, errors = [] }: ExecutionResult): number | null {
  if (data !== undefined) return null;
  const limited = errors.find(({ extensions }) => extensions.code === 'RATE_LIMITED');
  return limited ? Number(limited.extensions.retryAfterSeconds) : null;
}

export function sendRefusal(response: ServerResponse, type: SingleType, { status, message, headers }: Refusal): void {
  send(response, type, { status, result: { errors: [new GraphQLError(message)] }, headers });
}

/**
 * Refuses a request whose identity could not be established. The status is the same for either media type: the request
 * was not looked at, so it is not a well-formed one that failed (GraphQL over HTTP, 6.4).
 */
export function sendIdentityError(
  response: ServerResponse,
  type: SingleType,
  { message, extensions }: GraphQLError,
): void {
  const { status = 500 } = (extensions.http ?? {}) as { status?: number };
  // RFC 9110, 15.5.2: how to authenticate.
  const headers = status === 401 ? { 'www-authenticate': 'Bearer error="invalid_token"' } : {};
  send(response, type, { status, result: { errors: [new GraphQLError(message, { extensions })] }, headers });
}

/** The headers that errors ask for, such as `retry-after`. */
function headersOf({ errors }: ExecutionResult): Record<string, string> | undefined {
  return errors && Object.assign({}, ...errors.map(({ extensions }) => (extensions?.http as HttpExtension)?.headers));
}

type HttpExtension = { headers?: Record<string, string> } | undefined;

/** GraphQL over HTTP, 6.4: with application/json, a well-formed request that fails is still a 200. */
function statusOf({ data, errors }: ExecutionResult, type: SingleType): number {
  for (const { extensions } of errors ?? []) {
    const status = (extensions?.http as { status?: number } | undefined)?.status;
    if (status && (type === GRAPHQL_RESPONSE || status >= 500)) return status;
  }
  return data === undefined && type === GRAPHQL_RESPONSE ? 400 : 200;
}

function send(
  response: ServerResponse,
  type: SingleType,
  {
    status,
    result,
    headers = {},
  }: { status: number; result: ExecutionResult; headers?: Record<string, string> | undefined },
): void {
  const body = resultJson(result);
  response.writeHead(status, {
    ...headers,
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
  });
  // HEAD is a GET without a body.
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
