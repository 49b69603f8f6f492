import type { Plugin } from 'graphql-yoga';
import { hasExpired, InvalidTokenError } from '../auth/index.ts';
import type { CreateContext, OperationContext } from './operation.ts';

/** Builds the context of each operation from the identity that the transport established. */
export function useIdentity(createContext: CreateContext): Plugin<OperationContext> {
  return {
    onContextBuilding({ context: { identity, signal }, extendContext }) {
      // A WebSocket that is being closed because its token expired may still send operations.
      if (hasExpired(identity.expiresAt)) throw new InvalidTokenError('The token has expired.');
      extendContext(createContext({ identity, signal }));
    },
  };
}
