import pg from 'pg';
import { OverloadedError } from './pool/overloaded-error.ts';
import { AbortedError } from './pool/request-work.ts';

/**
 * Whether a change that failed with this error has certainly changed nothing: a statement failed, or none was sent. When the connection
 * is lost, the commit may have arrived.
 */
export function hasChangedNothing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.severity === 'ERROR';
  return error instanceof OverloadedError || error instanceof AbortedError;
}
