import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import { PublicError } from '../../schema/content/errors.ts';
import { AbortedError, OverloadedError } from '../database/index.ts';
import type { Logger } from '../logger.ts';
import { isUnavailable, SERVICE_UNAVAILABLE } from './unavailable.ts';

/** Seconds after which a database that does not answer may be tried again: an embedded one is started again within them. */
const UNAVAILABLE_RETRY_SECONDS = 2;

/**
 * Makes an error fit for clients. GraphQL's own errors and public ones keep their message and code. Any other error is a
 * fault: its cause is logged with the request's id, and the client receives the id alone. A fault in an event that many
 * subscribers receive belongs to none of their requests and has an id of its own.
 */
export type ErrorMask = (error: unknown, requestId?: string) => GraphQLError;

export function createErrorMask(log: Logger): ErrorMask {
  return (error, requestId = randomUUID()) => {
    if (error instanceof PublicError) return new GraphQLError(error.message, { originalError: error });
    if (error instanceof GraphQLError && (!error.originalError || isPublic(error.originalError))) {
      // graphql-js has no codes for values of variables that are not valid, and for unknown names of operations.
      error.extensions.code ??= 'BAD_USER_INPUT';
      return error;
    }
    const cause = error instanceof GraphQLError ? error.originalError : error;
    const place =
      error instanceof GraphQLError
        ? { source: error.source ?? null, positions: error.positions ?? null, path: error.path ?? null }
        : {};
    // The client has left, so this is no fault, and the answer reaches nobody.
    if (cause instanceof AbortedError)
      return new GraphQLError('The client did not wait for the result.', { ...place, extensions: { code: 'ABORTED' } });
    if (cause instanceof OverloadedError || isUnavailable(cause)) {
      const isFull = cause instanceof OverloadedError;
      log.error(isFull ? 'A request was refused: too many wait for the database' : 'The database is not available', {
        requestId,
        err: cause,
      });
      const seconds = isFull ? cause.retryAfterSeconds : UNAVAILABLE_RETRY_SECONDS;
      return unavailableError(seconds, { ...place, requestId });
    }
    log.error('A request failed', { requestId, err: cause });
    return new GraphQLError('An internal error occurred; it is logged with the id in `extensions.id`.', {
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', id: requestId },
    });
  };
}

/** @param seconds until the client may send the request again */
function unavailableError(
  seconds: number,
  { requestId, ...place }: { requestId: string } & Pick<GraphQLErrorOptions, 'nodes' | 'path'>,
): GraphQLError {
  return new GraphQLError('The service is not available at the moment; try again.', {
    ...place,
    extensions: {
      code: SERVICE_UNAVAILABLE,
      id: requestId,
      retryAfterSeconds: seconds,
      http: { status: 503, headers: { 'retry-after': `${seconds}` } },
    },
  });
}

function isPublic(error: Error): boolean {
  return error instanceof PublicError || error instanceof GraphQLError;
}
