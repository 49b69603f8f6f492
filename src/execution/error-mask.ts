import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
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
    const place = error instanceof GraphQLError ? { path: error.path, locations: error.locations } : {};
    // The client has left, so this is no fault, and the answer reaches nobody.
    if (cause instanceof AbortedError)
      return placedError('The client did not wait for the result.', place, { code: 'ABORTED' });
    if (cause instanceof OverloadedError || isUnavailable(cause)) {
      const isFull = cause instanceof OverloadedError;
      log.error(isFull ? 'A request was refused: too many wait for the database' : 'The database is not available', {
        requestId,
        err: cause,
      });
      const seconds = isFull ? cause.retryAfterSeconds : UNAVAILABLE_RETRY_SECONDS;
      return unavailableError(seconds, place, requestId);
    }
    log.error('A request failed', { requestId, err: cause });
    return placedError('An internal error occurred; it is logged with the id in `extensions.id`.', place, {
      code: 'INTERNAL_SERVER_ERROR',
      id: requestId,
    });
  };
}

/** Where an error occurred, in the response and in the text. */
type Place = Pick<Partial<GraphQLError>, 'path' | 'locations'>;

function placedError(message: string, { path, locations }: Place, extensions: GraphQLErrorExtensions): GraphQLError {
  return Object.assign(new GraphQLError(message, { path: path ?? null, extensions }), { locations });
}

/** @param seconds until the client may send the request again */
function unavailableError(seconds: number, place: Place, requestId: string): GraphQLError {
  return placedError('The service is not available at the moment; try again.', place, {
    code: SERVICE_UNAVAILABLE,
    id: requestId,
    retryAfterSeconds: seconds,
    http: { status: 503, headers: { 'retry-after': `${seconds}` } },
  });
}

function isPublic(error: Error): boolean {
  return error instanceof PublicError || error instanceof GraphQLError;
}
