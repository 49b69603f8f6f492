import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { resultJson } from '../../execution/index.ts';
import type { Share } from '../admission.ts';
import { type HeldResult, holdResult } from '../held-result.ts';
import { isRefusal, type Refusal, refusalError } from '../refusal.ts';
import { endResponse } from './end-response.ts';
import { GRAPHQL_RESPONSE, type SingleType } from './media-types.ts';

/** Sends one result as the body of a response. Its bytes are added to the share until the client has read them. */
export function sendResult(
  response: ServerResponse,
  type: SingleType,
  { result, share }: { result: ExecutionResult; share: Share },
): void | Promise<void> {
  const seconds = retryAfter(result);
  const status = seconds === null ? statusOf(result, type) : 429;
  const headers = seconds === null ? headersOf(result) : { 'retry-after': `${seconds}` };
  const held = holdResult(result, share);
  return held instanceof Promise
    ? held.then((json) => sendHeld(response, type, { status, headers, held: json }))
    : sendHeld(response, type, { status, headers, held });
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

/** Seconds after which an operation that failed for a time may succeed; null for every other result. */
export function secondsUntilRetry(result: ExecutionResult): number | null {
  const header = headersOf(result)?.['retry-after'];
  return retryAfter(result) ?? (header === undefined ? null : Number(header));
}

export function sendRefusal(response: ServerResponse, type: SingleType, refusal: Refusal): void {
  const { status, headers } = refusal;
  sendErrors(response, type, { status, headers, errors: [refusalError(refusal)] });
}

/**
 * Refuses a request whose sender the gateway could not identify, or that failed before it had a result. The status is the same
 * for either media type: the gateway did not look at the operation, so it is not a well-formed one that failed (GraphQL over
 * HTTP, 6.4).
 */
export function sendIdentityError(
  response: ServerResponse,
  type: SingleType,
  { message, extensions }: GraphQLError,
): void {
  const { status = 500 } = (extensions.http ?? {}) as { status?: number };
  // RFC 9110, 15.5.2: how to authenticate.
  const challenge = status === 401 && { 'www-authenticate': 'Bearer error="invalid_token"' };
  const error = new GraphQLError(message, { extensions });
  sendErrors(response, type, { status, headers: { ...headersOf({ errors: [error] }), ...challenge }, errors: [error] });
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

function sendHeld(
  response: ServerResponse,
  type: SingleType,
  { status, headers, held }: { status: number; headers: OutgoingHttpHeaders | undefined; held: HeldResult },
): void {
  // The client disconnected while a large result was being encoded.
  if (response.destroyed) return;
  if (isRefusal(held)) sendRefusal(response, type, held);
  else endResponse(response, { status, headers: withType(headers, type), body: held });
}

function withType(headers: OutgoingHttpHeaders | undefined, type: SingleType): OutgoingHttpHeaders {
  const contentType = `${type}; charset=utf-8`;
  return headers ? { ...headers, 'content-type': contentType } : { 'content-type': contentType };
}

interface ErrorResponse {
  status: number;
  headers: OutgoingHttpHeaders | undefined;
  errors: GraphQLError[];
}

function sendErrors(response: ServerResponse, type: SingleType, { status, headers, errors }: ErrorResponse): void {
  const body = resultJson({ errors });
  endResponse(response, { status, headers: withType(headers, type), body });
}
