/** The code of an error that goes away by itself, so that the client may repeat the request later. */
export const SERVICE_UNAVAILABLE = 'SERVICE_UNAVAILABLE';

/**
 * PostgreSQL's error classes for a server that cannot serve at the moment (errcodes-appendix): connection, login, no such database,
 * conflicts with other transactions after several attempts, resources, operator intervention.
 */
const UNAVAILABLE_CLASSES = ['08', '28', '3D', '40', '53', '57'];

const UNAVAILABLE_CODES = [
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  // A host name does not resolve for a moment when it moves to another machine.
  'EAI_AGAIN',
  'ENOTFOUND',
  // It was the primary and has become a standby.
  '25006',
  // PostgreSQL ended the transaction of a gateway whose process had stalled.
  '25P03',
  '25P04',
  // Prisma's.
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
];

/** Whether an error means that the database cannot be reached or does not answer in time. Each driver reports it differently. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = postgresCode(error) ?? (error as { code?: unknown }).code;
  if (typeof code === 'string')
    return UNAVAILABLE_CODES.includes(code) || (code.length === 5 && UNAVAILABLE_CLASSES.includes(code.slice(0, 2)));
  return /timeout exceeded when trying to connect|timeout expired|Connection terminated|Client has encountered a connection error/.test(
    error.message,
  );
}

/** PostgreSQL's code of an error that Prisma wraps: for most of them its own code is P2039, whatever happened. */
function postgresCode(cause: Error): string | undefined {
  const { meta } = cause as { meta?: { driverAdapterError?: { cause?: { originalCode?: string } } } };
  return meta?.driverAdapterError?.cause?.originalCode;
}
