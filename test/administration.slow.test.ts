import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refreshHoldSettings } from '../schema/content/administration/hold-settings.ts';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { MAINTENANCE_DUE, openMaintenance } from '../src/maintenance/maintenance.ts';
import { type Gateway, start } from '../src/start.ts';
import { type Client, createTestClient } from './client.ts';
import { closeAll } from './closers.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { runCommand } from './program.ts';
import { write } from './seed.ts';

/** A task that its gateway could not give back is taken over after 30 seconds. */
const LONG = { limit: 120_000 };

/** Milliseconds for tests that start several processes and tasks in turn. */
const SEVERAL_STARTS = 240_000;

/** On all gateways, since any of them does a task. The jobs that delete these look every hour. */
const KEPT = { VERSIONS_KEPT: '100d', REPORTS_KEPT: '100d' };

let gateway: TestGateway;
let admin: Client;
let written = 0;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }), KEPT);
  admin = gateway.as({ name: 'Ada', role: 'ADMIN' });
});

afterAll(async () => {
  await closeAll(closers);
  await gateway.stop();
});

/** Another gateway on the database of the first. */
function startAnother(): Promise<Gateway> {
  const environment = { PORT: '0', DATABASE_URL: gateway.databaseUrl, LOG_LEVEL: 'error', RATE_LIMITS: 'off', ...KEPT };
  const config = readConfig(environment);
  return start({ config, log: createLogger({ level: 'error' }) });
}

function clientOf(url: string): Client {
  const agent = new Agent();
  const statements = { texts: [], roundTrips: 0, restart() {} };
  return createTestClient({ url, agent, authorization: undefined, statements, sockets: new Set() });
}

interface Task {
  number: number;
  status: string;
  findings: { description: string; count: number }[];
  error: string | null;
}

async function mutate<Result>(
  name: string,
  input: object,
  select: string,
): Promise<Result & { code?: string; message: string }> {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const { data, errors } = await admin.ask<Record<string, Result & { message: string }>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) {
      ... on Error { code message } ... on ${type}Success { ${select} } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[name]!;
}

async function administration<Result>(select: string, variables = {}): Promise<Result> {
  const { data } = await admin.ask<{ administration: Result }>(select, variables);
  return data.administration;
}

/** The words that a comment with this text is held for; null when it is visible at once. */
async function isHeld(body: string, who: Client = gateway): Promise<boolean> {
  const { data } = await who.ask<{ addComment: { held: boolean } }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { held } } }`,
    {
      input: {
        articleId: encodeId('Article', 1),
        body: `${body} ${written++}`,
        guest: { name: 'Gil', email: 'g@example.com' },
      },
    },
  );
  return data.addComment.held;
}

const run = (...options: string[]) => runCommand(options, { environment: { DATABASE_URL: gateway.databaseUrl } });

async function maintain(kind: string): Promise<Task> {
  const { task } = await mutate<{ task: Task }>('startMaintenance', { kind }, 'task { number }');
  let found: Task | undefined;
  await until(
    `${kind} has ended`,
    async () => {
      const { maintenance } = await administration<{ maintenance: Task[] }>(
        '{ administration { maintenance { number status findings { description count } error endedAt requestedBy { name } } } }',
      );
      found = maintenance.find(({ number }) => number === task.number);
      return found!.status === 'DONE' || found!.status === 'FAILED';
    },
    LONG,
  );
  return found!;
}

describe('forbidden words', { timeout: SEVERAL_STARTS }, () => {
  it('are added, listed, tested and removed by admins, and hold comments from the next one on', async () => {
    expect(await isHeld('A fine casino')).toBe(false);
    expect(await mutate('addForbiddenWords', { words: [' Casino ', 'poker  night', 'casino'] }, 'words')).toEqual({
      words: ['casino', 'poker night'],
    });
    expect(await isHeld('A fine casino')).toBe(true);
    expect(
      await administration(
        '{ administration { forbiddenWords bad: testText(text: "A cas1no!") { forbiddenWord reasons } good: testText(text: "A bank") { forbiddenWord reasons } } }',
      ),
    ).toEqual({
      forbiddenWords: ['casino', 'poker night'],
      bad: { forbiddenWord: 'casino', reasons: ['It has the forbidden word “casino”.'] },
      good: { forbiddenWord: null, reasons: [] },
    });
    expect(await mutate('removeForbiddenWords', { words: ['CASINO', 'unknown'] }, 'words')).toEqual({
      words: ['poker night'],
    });
    expect(await isHeld('A fine casino')).toBe(false);
  });

  it.each([
    [{ words: [] }, /1 to 1000 words/],
    [{ words: ['ok', '   '] }, /1 to 100 characters/],
    [{ words: ['x'.repeat(101)] }, /1 to 100 characters/],
    [{ words: ['\u200b\u00ad'] }, /./],
    [{ words: ['a\u0000b'] }, /./],
    [{ words: Array(1_001).fill('word') }, /1 to 1000 words/],
  ])('%# that cannot be are refused, and nothing is added', async (input, message) => {
    expect(await mutate('addForbiddenWords', input, 'words')).toEqual({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message),
    });
    expect(
      (await administration<{ forbiddenWords: string[] }>('{ administration { forbiddenWords } }')).forbiddenWords,
    ).toEqual(['poker night']);
  });

  it('are 10,000 at most, of which no part is added', async () => {
    await gateway.sql.query(`INSERT INTO forbidden_word SELECT 'w' || n FROM generate_series(1, 9999) n`);
    expect(await mutate('addForbiddenWords', { words: ['one more'] }, 'words')).toMatchObject({ code: 'CONFLICT' });
    await gateway.sql.query(`DELETE FROM forbidden_word WHERE word LIKE 'w%'`);
  });

  it('are managed by a command, whose exit code says whether a text would be held', async () => {
    expect(await run('words', 'add', '--json', 'Roulette')).toMatchObject({
      code: 0,
      output: expect.stringContaining('"roulette"'),
    });
    expect(await run('words', 'test', 'Play', 'roulette')).toMatchObject({
      code: 1,
      output: 'It has the forbidden word “roulette”.\n',
    });
    expect(await run('words', 'remove', 'roulette', 'poker night')).toMatchObject({ code: 0, output: '' });
    expect(await run('words', 'test', '--json', 'Play roulette')).toMatchObject({ code: 0 });
    expect(await run('words', 'add', ' ')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^`words` must have/),
    });
  });
});

describe('hold settings', { timeout: SEVERAL_STARTS }, () => {
  it('are set by admins for all gateways, until they are given back to the configuration', async () => {
    const other = await startAnother();
    closers.push(other.stop);
    const atOther = clientOf(other.url);
    expect(await isHeld('https://a.example', atOther)).toBe(false);
    const { settings } = await mutate<{ settings: Record<string, unknown> }>(
      'updateHoldSettings',
      { links: 1, firstComment: true },
      'settings { links firstComment length }',
    );
    expect(settings).toEqual({ links: 1, firstComment: true, length: 5_000 });
    expect(await isHeld('https://b.example')).toBe(true);
    await until('the other gateway applies it', () => isHeld('https://a.example', atOther));
    expect(await run('hold', 'links=', 'firstComment=off', '--json')).toMatchObject({
      code: 0,
      output: expect.stringContaining('"links": 3'),
    });
    await until('the gateway applies it', async () => !(await isHeld('https://c.example')));
    expect(
      await mutate('updateHoldSettings', { links: null, firstComment: null }, 'settings { links firstComment }'),
    ).toEqual({
      settings: { links: 3, firstComment: false },
    });
  });

  it('are not set back by what was read before they were set', async () => {
    const { settings } = readConfig({});
    let answer!: (rows: never[]) => void;
    const query = () =>
      new Promise<never[]>((resolve) => {
        answer = resolve;
      });
    const reading = refreshHoldSettings(settings).step({ db: { query } } as never);
    const set = { ...settings.hold, links: 1 };
    settings.hold = set;
    answer([]);
    await reading;
    expect(settings.hold).toBe(set);
  });

  it('out of their range are refused', async () => {
    for (const input of [{ links: -1 }, { shouting: 101 }])
      expect(await mutate('updateHoldSettings', input, 'settings { links }')).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await run('hold', 'shouting=101')).toMatchObject({ code: 1, errors: expect.stringMatching(/shouting/) });
    for (const name of ['nothing', 'toString'])
      expect(await run('hold', `${name}=1`)).toMatchObject({
        code: 1,
        errors: expect.stringMatching(/^\w+=1: must be name=/),
      });
    for (const value of ['-1', '2.5', 'x'])
      expect(await run('hold', `links=${value}`)).toMatchObject({
        code: 1,
        errors: expect.stringMatching(/whole number/),
      });
    expect((await run('hold')).output).toMatch(/links +3\n/);
  });
});

describe('maintenance', { timeout: SEVERAL_STARTS }, () => {
  it('verifies, repairs, renders again and prunes in the background, and says what was found', async () => {
    expect(await maintain('VERIFY')).toMatchObject({ status: 'DONE', findings: [] });
    await gateway.sql.query(`
      UPDATE author SET article_count = 77 WHERE id = 1;
      UPDATE article SET rendering = 0, body_html = 'old' WHERE id = 1;
      INSERT INTO idempotency_key VALUES ('a', 'k', 'r', 1, '2020-01-01')`);
    const wrong = await maintain('VERIFY');
    expect(wrong).toMatchObject({ status: 'DONE', findings: [{ count: 1 }] });
    expect(await run('verify', '--json')).toMatchObject({
      code: 1,
      output: expect.stringContaining(wrong.findings[0]!.description),
    });
    expect(await maintain('REPAIR')).toMatchObject({ findings: wrong.findings });
    expect(await maintain('RERENDER')).toMatchObject({ findings: [{ description: 'texts rendered again', count: 1 }] });
    expect(await maintain('PRUNE')).toMatchObject({ findings: [{ description: 'old idempotency keys', count: 1 }] });
    expect(await maintain('VERIFY')).toMatchObject({ findings: [] });
    expect(JSON.parse((await run('verify', '--json')).output)).toEqual({ repaired: false, differences: [] });
    expect(JSON.parse((await run('rerender', '--json')).output)).toEqual({
      rendered: 0,
      failed: [],
      interrupted: false,
    });
    expect(JSON.parse((await run('prune', '--json')).output).pruned).toHaveLength(3);
  });

  it('prunes what is kept for a limited time, by the graph and by the command, in as many steps as it takes', async () => {
    await isHeld('Of versions and reports');
    const { rows } = await gateway.sql.query<{ id: number }>('SELECT max(id) AS id FROM comment');
    const values = [rows[0]!.id];
    const insert = () =>
      gateway.sql.query(
        `INSERT INTO comment_version (comment_id, body_source, body_format, body_html, body_text, written_at, replaced_by_id, replaced_at)
           SELECT $1, 'old', 'MARKDOWN', '<p>old</p>', 'old', '2020-01-01', 1, '2020-01-01' FROM generate_series(1, 1100)`,
        values,
      );
    await gateway.sql.query(
      `INSERT INTO comment_report (comment_id, author_id, reason, settled, created_at) VALUES ($1, 1, 'old', true, '2020-01-01')`,
      values,
    );
    await insert();
    expect(await maintain('PRUNE')).toMatchObject({
      findings: [
        { description: 'former texts of comments', count: 1100 },
        { description: 'settled reports', count: 1 },
      ],
    });
    await insert();
    expect(JSON.parse((await run('prune', '--json')).output).pruned).toHaveLength(3);
    const { output } = await runCommand(['prune', '--json'], {
      environment: { DATABASE_URL: gateway.databaseUrl, VERSIONS_KEPT: '1d' },
    });
    expect(JSON.parse(output).pruned).toContainEqual({ description: 'former texts of comments', count: 1100 });
  });

  it('that a gateway has left is done by another one, and given up after three have ended', async () => {
    const { rows } = await gateway.sql.query<{ id: number }>(`
      INSERT INTO maintenance_task (kind, started_at, seen_at, attempts) VALUES
        ('VERIFY', now(), now() - interval '1 hour', 1), ('PRUNE', now(), now() - interval '1 hour', 3) RETURNING id`);
    await until(
      'both have ended',
      async () => {
        const left = await gateway.sql.query('SELECT FROM maintenance_task WHERE ended_at IS NULL');
        return left.rows.length === 0;
      },
      LONG,
    );
    const { maintenance } = await administration<{ maintenance: Task[] }>(
      '{ administration { maintenance { number status error } } }',
    );
    const [left, givenUp] = rows.map(({ id }) => maintenance.find(({ number }) => number === id)!);
    expect(left).toMatchObject({ status: 'DONE' });
    expect(givenUp).toMatchObject({ status: 'FAILED', error: expect.stringMatching(/3 gateways/) });
  });

  it('of one kind is not begun twice, and goes back when its gateway stops', async () => {
    const other = await startAnother();
    // Nothing can be repaired while somebody holds this lock.
    await gateway.sql.query('BEGIN; LOCK TABLE article IN EXCLUSIVE MODE');
    const ids = new Set<number>();
    for (let i = 0; i < 3; i += 1)
      ids.add((await mutate<{ task: Task }>('startMaintenance', { kind: 'REPAIR' }, 'task { number }')).task.number);
    expect(ids.size).toBe(1);
    await other.stop();
    await gateway.sql.query('COMMIT');
    await until(
      'it has ended',
      async () => {
        const { rows } = await gateway.sql.query('SELECT FROM maintenance_task WHERE ended_at IS NULL');
        return rows.length === 0;
      },
      LONG,
    );
  });

  it('that a gateway claims while it stops goes back at once', async () => {
    const sent: string[] = [];
    let claim: (() => void) | undefined;
    const db = {
      async query({ text }: { text: string }): Promise<unknown[][]> {
        sent.push(text);
        if (text === MAINTENANCE_DUE) return [[0]];
        if (!/attempts \+ 1/.test(text)) return [];
        return new Promise((resolve) => {
          claim = () => resolve([[7, 'VERIFY', 1]]);
        });
      },
    };
    const maintenance = openMaintenance({ db, log: createLogger({ level: 'silent' }) } as never);
    await until('it claims the task', () => claim !== undefined);
    const closing = maintenance.close();
    claim!();
    await closing;
    expect(sent.at(-1)).toMatch(/seen_at = NULL, attempts = attempts - 1/);
  });

  it('that another gateway has taken over is left to that one', async () => {
    // Nothing can be repaired while somebody holds this lock.
    await gateway.sql.query('BEGIN; LOCK TABLE article IN EXCLUSIVE MODE');
    const { task } = await mutate<{ task: Task }>('startMaintenance', { kind: 'REPAIR' }, 'task { number }');
    const state = async () =>
      (await gateway.sql.query('SELECT attempts, ended_at FROM maintenance_task WHERE id = $1', [task.number])).rows;
    await until('it runs', async () => (await state())[0].attempts === 1, LONG);
    // By a gateway that will not be taken for one that has ended, however long the rest takes.
    await gateway.sql.query(
      `UPDATE maintenance_task SET attempts = 2, seen_at = now() + interval '1 hour' WHERE id = $1`,
      [task.number],
    );
    await gateway.sql.query('COMMIT');
    // The gateway begins the next task when it is done with this one.
    expect(await maintain('VERIFY')).toMatchObject({ status: 'DONE' });
    expect(await state()).toEqual([{ attempts: 2, ended_at: null }]);
    await gateway.sql.query('DELETE FROM maintenance_task WHERE id = $1', [task.number]);
  });
});
