import { createLogger } from '../src/logger.ts';
import type { StartOptions } from '../src/start.ts';
import { until } from './gateway.ts';

interface Line {
  level: string;
  msg: string;
  [field: string]: unknown;
}

/** A log whose lines a test reads. */
export interface LogLines {
  log: StartOptions['log'];
  /** All lines with this message, in order. */
  of(message: string): Line[];
  /** Waits for the number of lines with this message. */
  arrived(message: string, count: number): Promise<Line[]>;
  /** Everything that was written. */
  text(): string;
  forget(): void;
}

export function recordLines(): LogLines {
  let texts: string[] = [];
  const log = createLogger({ level: 'info', out: { write: (text) => texts.push(text) } });
  const of = (message: string): Line[] =>
    texts.map((text) => JSON.parse(text) as Line).filter(({ msg }) => msg === message);
  return {
    log,
    of,
    async arrived(message, count) {
      await until(`the log has ${count} lines "${message}"`, () => of(message).length >= count);
      return of(message);
    },
    text: () => texts.join(''),
    forget() {
      texts = [];
    },
  };
}
