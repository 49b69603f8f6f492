import { GraphQLError } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { OperationRecord } from '../src/execution/operation-record.ts';
import { OperationLog } from '../src/observability/operation-log.ts';
import { type Closers, closeAll } from './closers.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { type LogLines, recordLines } from './log-lines.ts';
import { write } from './seed.ts';

const closers: Closers = [];
let lines: LogLines;

beforeEach(() => {
  lines = recordLines();
});

afterEach(() => closeAll(closers));

async function start(environment: Record<string, string>): Promise<TestGateway> {
  const gateway = await startGateway(
    (sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }),
    { LOG_LEVEL: 'info', LOG_OPERATIONS: '0', ...environment },
    { log: lines.log },
  );
  closers.push(() => gateway.stop());
  return gateway;
}

const documentOf = (slug: string): string =>
  `query Late { article(slug: "${slug}") { title comments(first: 3) { nodes { id } } } } # its text`;

/** Asks while the table of articles is locked, until the statement waits for it. */
async function askWhileLocked(gateway: TestGateway, slug: string): Promise<void> {
  const other = await gateway.secondConnection();
  await other.query('BEGIN');
  await other.query('LOCK TABLE article');
  const answer = gateway.ask(documentOf(slug));
  await until('the statement waits', async () => {
    const { rowCount } = await gateway.sql.query(
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
    );
    return rowCount! > 0;
  });
  await other.query('COMMIT');
  await other.end();
  await answer;
}

describe('with LOG_OPERATIONS=0', () => {
  it('only failed and slow operations have a line, a slow one with its document, whose literals and comments are hidden', async () => {
    const gateway = await start({ LOG_SLOW_OPERATION: '1', LOG_SLOW_STATEMENT: '600000' });
    for (const slug of ['secret-word', 'other-word']) await askWhileLocked(gateway, slug);
    const slow = await lines.arrived('Slow operation', 2);
    const text = 'query Late { article(slug: "") { title comments(first: 0) { nodes { id } } } } ';
    expect(slow[0]).toMatchObject({ operation: 'Late', statements: 1, text });
    // Its hash names the document from now on.
    expect(slow[1]).not.toHaveProperty('text');
    expect(slow[1]!.document).toBe(slow[0]!.document);
    expect(lines.text()).not.toMatch(/secret-word|other-word/);
  });

  it('an operation that is neither has none', async () => {
    const gateway = await start({ LOG_SLOW_OPERATION: '600000' });
    await gateway.ask('query Fast { viewer { role } }');
    await gateway.ask('query Wrong { nothing }');
    expect(await lines.arrived('Operation', 1)).toMatchObject([{ operation: 'Wrong' }]);
  });

  it('failed operations have so many lines a second, and the others are counted', () => {
    const operations = new OperationLog({ config: readConfig({ LOG_OPERATIONS: '0' }), log: lines.log });
    const count = 500;
    // All at once, as a gateway would end them within a second.
    for (let i = 0; i < count; i++) {
      const record = new OperationRecord({ requestId: `r${i}`, transport: 'http', traceParent: null }, operations);
      record.fail([new GraphQLError('No.')]);
      record.end();
    }
    operations.close();
    const written = lines.of('Operation').length;
    expect(written).toBeLessThan(count);
    const left = lines.of('Lines about failed and slow operations were left out: there are more than the log takes');
    expect(written + left.reduce((sum, line) => sum + Number(line.count), 0)).toBe(count);
  });
});

describe('a slow statement', () => {
  it('has a line with its SQL and the request, without values; its repetitions are counted', async () => {
    const gateway = await start({ LOG_SLOW_OPERATION: '600000', LOG_SLOW_STATEMENT: '1' });
    const linesOf = () => lines.of('Slow statement').filter(({ requestId }) => requestId !== undefined);
    const repeatedBy = ({ repeated = 0 }: Record<string, unknown>): number => Number(repeated);
    for (const slug of ['secret-word', 'other-word', 'third-word']) await askWhileLocked(gateway, slug);
    // On a slow machine, those that are counted may be reported already.
    expect(linesOf().filter((line) => repeatedBy(line) === 0)).toMatchObject([
      {
        requestId: expect.any(String),
        ms: expect.any(Number),
        rows: expect.any(Number),
        sql: expect.stringContaining('$1'),
      },
    ]);
    await gateway.stopGateway();
    expect(linesOf().reduce((sum, line) => sum + repeatedBy(line), 0)).toBe(2);
    expect(new Set(linesOf().map(({ sql }) => sql)).size).toBe(1);
    expect(lines.text()).not.toMatch(/secret-word|other-word|third-word/);
  });
});
