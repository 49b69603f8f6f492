import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { PublicError } from '../../schema/content/errors.ts';
import type { Logger } from '../logger.ts';
import { isUnavailable, SERVICE_UNAVAILABLE } from './unavailable.ts';

/**
 * Makes an error fit for clients. GraphQL's own errors and public ones keep their message and code. Any other error is a
 * fault: its cause is logged with the request's id, and the client receives the id alone. A fault in an event that many
 * subscribers receive belongs to none of their requests and has an id of its own.
 */
export type ErrorMask = (error: unknown, requestId?: string) => GraphQLError;

export function createErrorMask(log: Logger): ErrorMask {
  return (error, requestId = randomUUID()) => {
    if (error instanceof PublicError) return new GraphQLError(error.message, { originalError: error });
    if (error instanceof GraphQLError && (!error.originalError || isPublic(error.originalError))) return error;
    const cause = error instanceof GraphQLError ? error.originalError : error;
    const place =
      error instanceof GraphQLError
        ? { source: error.source ?? null, positions: error.positions ?? null, path: error.path ?? null }
        : {};
    const unavailable = isUnavailable(cause);
    log.error(unavailable ? 'The database is not available' : 'A request failed', { requestId, err: cause });
    return new GraphQLError(
      unavailable
        ? 'The service is not available at the moment; try again.'
        : 'An internal error occurred; it is logged with the id in `extensions.id`.',
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

function isPublic(error: Error): boolean {
  return error instanceof PublicError || error instanceof GraphQLError;
}
