import pg from 'pg';
import { ActionableError } from '../schema/content/errors.ts';
import { OperatorError } from './operator-error.ts';
import { parseServerAddress, placeOf } from './server-address.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * PostgreSQL's codes for a refused connection: login rejected, no such database, too many connections, not accepting
 * connections (errcodes-appendix).
 */
const REFUSALS = ['28000', '28P01', '3D000', '53300', '57P03'];

/** PostgreSQL's codes for what this role may not do, or nobody in a database that only reads. */
const NOT_PERMITTED = ['42501', '25006'];

const PASSWORD_MISSING = /client password must be a string/;

/**
 * The message of a command that failed: the variable to change when one is the cause, and never a password. A fault of
 * the program has its stack, and so has everything at LOG_LEVEL=debug.
 */
export function describeFailure(error: unknown, environment: Environment): string {
  // Node tries every address of a host, such as both of localhost, and gives all failures. The first one is enough.
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  if (!(cause instanceof Error)) return String(cause);
  const line = listenFailure(cause, environment) ?? databaseFailure(cause, environment);
  if (environment.LOG_LEVEL === 'debug') return [line, cause.stack].filter(Boolean).join('\n');
  return line ?? (explainsItself(cause) ? cause.message : (cause.stack ?? cause.message));
}

/** Our own errors and those of the system explain themselves. Errors of the language and of libraries are faults. */
function explainsItself(error: Error): boolean {
  return error.constructor === Error || error instanceof OperatorError || error instanceof ActionableError;
}

function listenFailure(error: Error, { HOST, METRICS_PORT }: Environment): string | undefined {
  const { code, syscall, address, port, hostname } = error as Error & Record<string, unknown>;
  if (syscall === 'getaddrinfo' && hostname === HOST) return 'HOST: there is no such host';
  if (syscall !== 'listen') return undefined;
  const variable = port !== undefined && String(port) === METRICS_PORT ? 'METRICS_PORT' : 'PORT';
  if (code === 'EADDRINUSE')
    return `${variable}=${port}: something else is listening on ${address}:${port}; stop it, or choose another port (0 takes a free one)`;
  if (code === 'EACCES')
    return `${variable}=${port}: this user may not listen on ${address}:${port}; choose a port from 1024`;
  if (code === 'EADDRNOTAVAIL') return `HOST=${address}: this machine has no such address`;
  return `${error.message} (HOST, PORT)`;
}

function databaseFailure(error: Error, { DATABASE_URL }: Environment): string | undefined {
  if (!DATABASE_URL) return undefined;
  const place = hostOf(DATABASE_URL);
  if (error instanceof pg.DatabaseError) {
    const { code = '', message } = error;
    if (REFUSALS.includes(code)) return `DATABASE_URL: ${place} refused the connection: ${message}`;
    return NOT_PERMITTED.includes(code)
      ? `DATABASE_URL: ${place}: ${message}; \`broadsheet doctor\` checks what its role may do`
      : undefined;
  }
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'connect' || syscall === 'getaddrinfo' || syscall === 'read')
    return `DATABASE_URL: no PostgreSQL answers at ${place} (${code})`;
  if (/^(timeout expired|Connection terminated unexpectedly)$/.test(error.message))
    return `DATABASE_URL: no PostgreSQL answers at ${place} (${error.message})`;
  if (PASSWORD_MISSING.test(error.message))
    return `DATABASE_URL: ${place} requires a password, and the address has none`;
  return undefined;
}

/** The host and port of a database, without user and password. */
function hostOf(databaseUrl: string): string {
  const address = parseServerAddress(databaseUrl);
  return address ? placeOf(address) : 'the server';
}
