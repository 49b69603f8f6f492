import { randomUUID } from 'node:crypto';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { PublicError } from '../../schema/content/errors.ts';
import type { Logger } from '../logger.ts';
import type { OperationSource } from './operations.ts';

/** The code of what may be asked again later. */
export const SERVICE_UNAVAILABLE = 'SERVICE_UNAVAILABLE';

/**
 * Makes an error fit for clients. GraphQL's own errors and public ones keep their message and code. Any other error is a
 * fault: its cause is logged with the request's id, and the client receives the id alone. A fault in an event that many
 * subscribers receive belongs to none of their requests and has an id of its own.
 */
export type ErrorMask = (error: unknown, requestId?: string) => Error;

export function createErrorMask(log: Logger): ErrorMask {
  return (error, requestId = randomUUID()) => {
    if (error instanceof PublicError) return new GraphQLError(error.message, { originalError: error });
    if (error instanceof GraphQLError && (!error.originalError || isPublic(error.originalError))) return error;
    const cause = error instanceof GraphQLError ? error.originalError : error;
    const place = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};
    const unavailable = isUnavailable(cause);
    log.error(unavailable ? 'The database is not available' : 'A request failed', { requestId, err: cause });
    return new GraphQLError(
      unavailable ? 'The service is not available at the moment; try again.' : 'Something went wrong here.',
      {
        ...place,
        extensions: {
          code: unavailable ? SERVICE_UNAVAILABLE : 'INTERNAL_SERVER_ERROR',
          id: requestId,
          ...(unavailable && { http: { status: 503 } }),
        },
      },
    );
  };
}

/** Masks errors of contexts and results. Yoga's own option for it does not know the request that an error belongs to. */
export function useErrorMask(mask: ErrorMask): Plugin {
  return {
    onPluginInit({ registerContextErrorHandler }) {
      registerContextErrorHandler(({ context, error, setError }) => setError(mask(error, requestIdOf(context))));
    },
    onExecute: ({ args: { contextValue } }) => ({
      onExecuteDone({ result, setResult }) {
        const { errors } = result as ExecutionResult;
        if (errors)
          setResult({
            ...result,
            errors: errors.map((error) => mask(error, requestIdOf(contextValue)) as GraphQLError),
          });
      },
    }),
  };
}

/** A context begins as the source of its operation. */
export function requestIdOf(context: unknown): string {
  return (context as OperationSource).requestId;
}

function isPublic(error: Error): boolean {
  return error instanceof PublicError || error instanceof GraphQLError;
}

/** Errors as a client reads them. `extensions.http` is between the graph and a transport: its status says it. */
export function publicErrors(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
  return errors.map((error) => {
    const { extensions, ...rest } = error.toJSON();
    const { http, ...told } = extensions ?? {};
    return Object.keys(told).length > 0 ? { ...rest, extensions: told } : rest;
  });
}

/** A result as clients are sent it. */
export function resultJson(result: ExecutionResult): string {
  return JSON.stringify(result.errors ? { ...result, errors: publicErrors(result.errors) } : result);
}

/** PostgreSQL's classes of errors that say "not now": connection, no such database, resources, operator intervention (errcodes-appendix). */
const UNAVAILABLE_CLASSES = ['08', '3D', '53', '57'];
const UNAVAILABLE_CODES = [
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  // Names are not found for a moment when they move to another machine.
  'EAI_AGAIN',
  'ENOTFOUND',
  // PostgreSQL gave up a transaction of a gateway that stood still.
  '25P03',
  '25P04',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
];

/** The database cannot be reached or does not answer in time, in the many ways that drivers say so. */
function isUnavailable(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const code = postgresCode(cause) ?? (cause as { code?: unknown }).code;
  if (typeof code === 'string')
    return UNAVAILABLE_CODES.includes(code) || (code.length === 5 && UNAVAILABLE_CLASSES.includes(code.slice(0, 2)));
  return /timeout exceeded when trying to connect|timeout expired|Connection terminated|Client has encountered a connection error/.test(
    cause.message,
  );
}

/** PostgreSQL's code of an error that Prisma wraps: for most of them its own code is P2039, whatever happened. */
function postgresCode(cause: Error): string | undefined {
  const { meta } = cause as { meta?: { driverAdapterError?: { cause?: { originalCode?: string } } } };
  return meta?.driverAdapterError?.cause?.originalCode;
}
