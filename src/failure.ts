import pg from 'pg';
import { ConfigError } from './config.ts';
import { ImportError } from './import/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What PostgreSQL says when it lets nobody in: no right, no such database, no room, not now (errcodes-appendix). */
const REFUSALS = ['28000', '28P01', '3D000', '53300', '57P03'];

const PASSWORD_MISSING = /client password must be a string/;

/**
 * Why a command ended, in words for whoever started it: the setting to change where one is to blame, and never a
 * password. A fault of the program itself is told with its stack, and so is everything at LOG_LEVEL=debug.
 */
export function describeFailure(error: unknown, environment: Environment): string {
  // Several addresses were tried, such as both of localhost: the first failure stands for all.
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  if (!(cause instanceof Error)) return String(cause);
  const line = listening(cause, environment) ?? connecting(cause, environment);
  if (environment.LOG_LEVEL === 'debug') return [line, cause.stack].filter(Boolean).join('\n');
  return line ?? (isMeantForPeople(cause) ? cause.message : (cause.stack ?? cause.message));
}

/** Errors of the language and of libraries are faults; those of ours and the system's say what is wrong. */
function isMeantForPeople(error: Error): boolean {
  return error.constructor === Error || error instanceof ConfigError || error instanceof ImportError;
}

function listening(error: Error, { HOST }: Environment): string | undefined {
  const { code, syscall, address, port, hostname } = error as Error & Record<string, unknown>;
  if (syscall === 'getaddrinfo' && hostname === HOST) return `HOST=${HOST}: there is no such host`;
  if (syscall !== 'listen') return undefined;
  if (code === 'EADDRINUSE')
    return `PORT=${port}: something else is listening on ${address}:${port}; stop it, or choose another port (0 takes a free one)`;
  if (code === 'EACCES') return `PORT=${port}: this user may not listen on ${address}:${port}; choose a port from 1024`;
  if (code === 'EADDRNOTAVAIL') return `HOST=${address}: this is no address of this machine`;
  return `${error.message} (HOST, PORT)`;
}

function connecting(error: Error, { DATABASE_URL }: Environment): string | undefined {
  if (!DATABASE_URL) return undefined;
  const place = placeOf(DATABASE_URL);
  if (error instanceof pg.DatabaseError)
    return REFUSALS.includes(error.code ?? '') ? `DATABASE_URL: ${place} refuses: ${error.message}` : undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'connect' || syscall === 'getaddrinfo' || syscall === 'read')
    return `DATABASE_URL: no PostgreSQL answers at ${place} (${code})`;
  if (/^(timeout expired|Connection terminated unexpectedly)$/.test(error.message))
    return `DATABASE_URL: no PostgreSQL answers at ${place} (${error.message})`;
  if (PASSWORD_MISSING.test(error.message)) return `DATABASE_URL: ${place} wants a password, and there is none in it`;
  return undefined;
}

/** Where a database is, without who may use it. */
function placeOf(databaseUrl: string): string {
  const { host, searchParams } = new URL(databaseUrl);
  return searchParams.get('host') ?? (host || 'localhost');
}
