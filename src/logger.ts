import { pino } from 'pino';
import type { Config } from './config.ts';
import type { Redact } from './redaction.ts';
import { kindOf, RepeatedFaults } from './repeated-faults.ts';

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
  /** A fault with a cause (`err`) is written once; its repetitions are counted, and written in full at level `debug`. */
  error(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

export interface ClosableLogger extends Logger {
  /** Writes what is still counted. Call it before the process ends. */
  close(): void;
}

export interface LoggerOptions {
  level: Config['logLevel'];
  /** Lines for people instead of JSON for machines. */
  readable?: boolean;
  out?: { write(text: string): unknown };
  /** Replaces secrets in every text of a line. */
  redact?: Redact;
}

/** A log on standard error, one line per message, times in UTC: JSON by default. */
export function createLogger({
  level,
  readable = false,
  out = process.stderr,
  redact = (text) => text,
}: LoggerOptions): ClosableLogger {
  const lines = pino(
    {
      level,
      // Whatever collects the lines knows the process and the machine that they are from.
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redactTexts(fields, redact) as Record<string, unknown>,
      },
      serializers: { err: (error) => redactTexts(errorFields(error), redact) },
    },
    readable ? { write: (line) => out.write(readableLine(line)) } : out,
  );
  const faults = new RepeatedFaults<{ message: string; fields: LogFields }>(({ message, fields }, count, seconds) => {
    const { err, ...rest } = fields;
    const { stack, ...last } = errorFields(err);
    lines.error({ ...rest, repeated: count, withinSeconds: seconds, lastErr: last }, message);
  });
  const write = (name: 'error' | 'info' | 'debug', message: string, fields?: LogFields): void =>
    lines[name](fields, redact(message));
  return {
    error(message, fields) {
      if (!fields || !('err' in fields) || faults.isNew(kindOf(message, fields.err), { message, fields }))
        write('error', message, fields);
      else write('debug', message, fields);
    },
    info: (message, fields) => write('info', message, fields),
    debug: (message, fields) => write('debug', message, fields),
    close: () => faults.flush(),
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

/** Redacts every text in a value of a log line. An error is left for the serializer. */
function redactTexts(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (Array.isArray(value)) return value.map((item) => redactTexts(item, redact));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redactTexts(item, redact)]));
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
