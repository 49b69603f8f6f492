import { CloseCode, handleProtocols } from 'graphql-ws';
import type { Outgoing } from './outgoing.ts';

/** The subprotocol of the package subscriptions-transport-ws, which is not that of the package graphql-ws. */
const OLD_PROTOCOL = 'graphql-ws';
/** At most 123 bytes (RFC 6455, 5.5). */
const REASON = 'Use the subprotocol graphql-transport-ws, as the package graphql-ws does';

/**
 * Selects graphql-transport-ws, or else the old protocol, so that its clients learn why they are closed: a browser tells a
 * page nothing about an upgrade without a common subprotocol.
 */
export function selectProtocol(offered: Set<string>): string | false {
  return handleProtocols(offered) || (offered.has(OLD_PROTOCOL) && OLD_PROTOCOL);
}

export function isOldProtocol(subprotocol: string): boolean {
  return subprotocol === OLD_PROTOCOL;
}

/** Sends the reason as an error of the old protocol, and as the reason of the close code. */
export function refuseOldProtocol(outgoing: Outgoing, close: (code: number, reason: string) => void): void {
  outgoing.sendText(JSON.stringify({ type: 'connection_error', payload: { message: REASON } }));
  close(CloseCode.SubprotocolNotAcceptable, REASON);
}
