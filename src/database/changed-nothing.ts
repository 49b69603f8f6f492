import pg from 'pg';
import { OverloadedError } from './pool/overloaded-error.ts';
import { AbortedError } from './pool/request-work.ts';

/**
 * SQLSTATEs of errors that end the connection, or may do so (errcodes-appendix): of connections, resources, shutdowns, timeouts of sessions,
 * the system, and PostgreSQL itself. It translates the severity into the language of `lc_messages`.
 */
const ENDS_CONNECTION = /^(08|25P03|25P04|53|57P|58|XX)/;
/** A transaction that must not write: the server has become a standby, and whatever uses the connection next fails, too. */
const READ_ONLY = '25006';

/**
 * Whether a change that failed with this error has certainly changed nothing: a statement failed, or none was sent. When the connection
 * is lost, the commit may have arrived.
 */
export function hasChangedNothing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return !ENDS_CONNECTION.test(error.code ?? '');
  return error instanceof OverloadedError || error instanceof AbortedError;
}

/** Whether another transaction may use the connection on which a statement has failed. */
export function leavesConnectionFit(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code !== READ_ONLY && hasChangedNothing(error);
}
