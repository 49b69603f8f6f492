import type { Plugin } from 'graphql-yoga';
import { hasExpired, InvalidTokenError } from '../auth/index.ts';
import type { OperationContext } from './operation.ts';

/** Refuses operations of an identity that has expired: a WebSocket that is being closed for it may still send some. */
export function useExpiry(): Plugin<OperationContext> {
  return {
    onContextBuilding({ context: { identity } }) {
      if (hasExpired(identity.expiresAt)) throw new InvalidTokenError('The token has expired.');
    },
  };
}
