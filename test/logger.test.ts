import { describe, expect, it } from 'vitest';
import { createLogger, type LoggerOptions } from '../src/logger.ts';

function record(options: Pick<LoggerOptions, 'level' | 'readable'>): {
  lines: string[];
  log: ReturnType<typeof createLogger>;
} {
  const lines: string[] = [];
  return { lines, log: createLogger({ ...options, out: { write: (text) => lines.push(text) } }) };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('the log', () => {
  it('writes one line of JSON per message: level, time in UTC, fields, message', () => {
    const { log, lines } = record({ level: 'info' });
    log.info('Serving', { url: 'http://127.0.0.1:4000/graphql' });
    log.error('A request failed', { requestId: 'r1' });
    expect(lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'info', time: expect.stringMatching(TIME), url: 'http://127.0.0.1:4000/graphql', msg: 'Serving' },
      { level: 'error', time: expect.stringMatching(TIME), requestId: 'r1', msg: 'A request failed' },
    ]);
  });

  it('writes the type, message, code and stack of a cause and of its causes, but no detail that may hold a row', () => {
    const { log, lines } = record({ level: 'error' });
    const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(ann@example.com)' });
    log.error('A request failed', { err: Object.assign(new TypeError('No.', { cause }), { code: 'X' }) });
    const { err } = JSON.parse(lines[0]!);
    expect(err).toEqual({ type: 'TypeError', message: 'No.', code: 'X', stack: expect.any(String) });
    expect(err.stack).toMatch(/^TypeError: No\.\n +at (.*\n)+caused by: Error: duplicate key\n +at /);
    expect(lines[0]).not.toContain('ann@example.com');
    log.error('A request failed', { err: 'thrown text' });
    expect(JSON.parse(lines[1]!).err).toEqual({ type: 'string', message: 'thrown text' });
  });

  it('writes for people: time, level, message, fields, and the stack of the cause below', () => {
    const { log, lines } = record({ level: 'debug', readable: true });
    log.debug('A token was refused', { reason: 'expired', tries: 2 });
    log.error('A request failed', { requestId: 'r1', err: new TypeError('No.') });
    expect(lines[0]).toMatch(/^\S+Z debug A token was refused reason=expired tries=2\n$/);
    expect(lines[1]).toMatch(/^\S+Z error A request failed requestId=r1: TypeError: No\.\n +at /);
  });

  it.each([
    ['silent', []],
    ['error', ['error']],
    ['info', ['error', 'info']],
    ['debug', ['error', 'info', 'debug']],
  ] as const)('at level %s writes %j', (level, written) => {
    const { log, lines } = record({ level });
    log.error('error');
    log.info('info');
    log.debug('debug');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(written);
  });
});
