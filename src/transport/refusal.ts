import { GraphQLError } from 'graphql';
import type { Overload } from './admission.ts';

/** Why a request is not executed. */
export interface Refusal {
  status: number;
  message: string;
  /** Instead of the code of its status. */
  code?: string;
  headers?: Record<string, string>;
}

/** `extensions.code` of each status with which a request is refused. */
const CODES: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  417: 'EXPECTATION_FAILED',
  429: 'RATE_LIMITED',
  431: 'HEADERS_TOO_LARGE',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
};

/** Seconds after which a refused client should try again: requests take less than that. */
const RETRY_AFTER = 1;

/** Statuses after which the same request may succeed. */
const TEMPORARY: readonly number[] = [429, 503];

export function isRefusal(value: object): value is Refusal {
  return 'status' in value;
}

export function refusalError({ status, message, code, headers }: Refusal): GraphQLError {
  const retryAfterSeconds = Number(headers?.['retry-after'] ?? (TEMPORARY.includes(status) ? RETRY_AFTER : 0));
  return new GraphQLError(message, {
    extensions: { code: code ?? codeOf(status), ...(retryAfterSeconds > 0 && { retryAfterSeconds }) },
  });
}

export function codeOf(status: number): string {
  return CODES[status] ?? 'BAD_REQUEST';
}

/** The body of a refusal, for a client whose accepted media types are not known. */
export function refusalJson(refusal: Refusal): string {
  return JSON.stringify({ errors: [refusalError(refusal)] });
}

/** Of a sender whose budget does not suffice. */
export function budgetRefusal({ message, extensions }: GraphQLError): Refusal {
  return { status: 429, message, headers: { 'retry-after': String(extensions.retryAfterSeconds ?? RETRY_AFTER) } };
}

export function overloadRefusal(overload: Overload): Refusal {
  return {
    ...(overload === 'address'
      ? { status: 429, message: `Your address has too much in progress; try again in ${RETRY_AFTER} s.` }
      : { status: 503, message: `The gateway is overloaded; try again in ${RETRY_AFTER} s.` }),
    headers: { 'retry-after': String(RETRY_AFTER) },
  };
}
