import { GraphQLError } from 'graphql';

/**
 * The token is malformed, forged, or expired. The whole request is refused, even where it needs no identity: an invalid
 * token is never treated as an absent one.
 */
export class InvalidTokenError extends GraphQLError {
  constructor(message: string) {
    super(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
  }
}

/** Seconds after which a client may try again whether the keys can be fetched. */
const KEYS_RETRY_SECONDS = 2;

/** The keys that verify tokens cannot be fetched. The cause is logged, and the client may try again. */
export class KeysUnavailableError extends GraphQLError {
  constructor() {
    super('The service is not available at the moment; try again.', {
      extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: KEYS_RETRY_SECONDS, http: { status: 503 } },
    });
  }
}
