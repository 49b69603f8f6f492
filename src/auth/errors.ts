import { GraphQLError } from 'graphql';

/** A token that is not valid, or no longer. Nobody's request is made of it: the request is refused, whatever it asks. */
export class InvalidTokenError extends GraphQLError {
  constructor(message: string) {
    super(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });
  }
}

/** Whether a token is valid cannot be told now. The cause is logged, and the client may try again. */
export class KeysUnavailableError extends GraphQLError {
  constructor() {
    super('The service is not available at the moment; try again.', {
      extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } },
    });
  }
}
