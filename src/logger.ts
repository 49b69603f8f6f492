import { pino } from 'pino';
import type { Config } from './config.ts';

/** The fields of a log line beside its message. */
interface LogFields {
  /** The cause: its type, message, code and stack are written, and those of its own causes. */
  err?: unknown;
  /** The request that the line belongs to; clients find the same id in `extensions.id` of a masked error. */
  requestId?: string | undefined;
  [field: string]: unknown;
}

/** The log. A message is a constant text that can be searched for; what varies is in the fields. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

export interface LoggerOptions {
  level: Config['logLevel'];
  /** Lines for people instead of JSON for machines. */
  readable?: boolean;
  out?: { write(text: string): unknown };
}

/** A log on standard error, one line per message, times in UTC: JSON by default. */
export function createLogger({ level, readable = false, out = process.stderr }: LoggerOptions): Logger {
  const lines = pino(
    {
      level,
      // Whatever collects the lines knows the process and the machine that they are from.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorFields },
    },
    readable ? { write: (line) => out.write(readableLine(line)) } : out,
  );
  return {
    error: (message, fields) => lines.error(fields, message),
    info: (message, fields) => lines.info(fields, message),
    debug: (message, fields) => lines.debug(fields, message),
  };
}

interface ErrorFields {
  type: string;
  message: string;
  code?: unknown;
  stack?: string;
}

/** Not pino's serializer: it writes every property, and PostgreSQL's `detail` holds values of the row that was refused. */
function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { message, code } = error as Error & { code?: unknown };
  return { type: error.constructor.name, message, ...(code !== undefined && { code }), stack: stackOf(error) };
}

function stackOf(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\ncaused by: ${stackOf(error.cause)}` : own;
}

/** A line of JSON as a person reads it: time, level, message, fields, and the stack below. */
function readableLine(line: string): string {
  const { time, level, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown> & { err?: ErrorFields };
  const named = Object.entries(fields).map(([name, value]) => ` ${name}=${readableValue(value)}`);
  const cause = err ? `: ${err.stack ?? err.message}` : '';
  return `${time} ${level} ${msg}${named.join('')}${cause}\n`;
}

function readableValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
