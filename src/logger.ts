import { LOG_LEVELS, type LogLevel } from './config.ts';

/** Says what happens to whoever runs the gateway: one line each, times in UTC. */
export interface Logger {
  error(message: string, cause?: unknown): void;
  info(message: string): void;
  debug(message: string): void;
}

export function createLogger(level: LogLevel, out: NodeJS.WritableStream = process.stderr): Logger {
  const write = (at: LogLevel, message: string): void => {
    if (LOG_LEVELS.indexOf(at) <= LOG_LEVELS.indexOf(level))
      out.write(`${new Date().toISOString()} ${at} ${message}\n`);
  };
  return {
    error: (message, cause) => write('error', cause === undefined ? message : `${message}: ${described(cause)}`),
    info: (message) => write('info', message),
    debug: (message) => write('debug', message),
  };
}

function described(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
