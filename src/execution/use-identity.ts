import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../schema/content/context.ts';
import { hasExpired, InvalidTokenError, type RequestIdentity } from '../auth/index.ts';
import type { OperationContext } from './operation.ts';

/** Builds the context of each operation from the identity that the transport established. */
export function useIdentity(createContext: (identity: RequestIdentity) => Context): Plugin<OperationContext> {
  return {
    onContextBuilding({ context: { identity }, extendContext }) {
      // A WebSocket that is being closed because its token expired may still send operations.
      if (hasExpired(identity.expiresAt)) throw new InvalidTokenError('The token has expired.');
      extendContext(createContext(identity));
    },
  };
}
