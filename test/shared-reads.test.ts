import type pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { onServer } from './database.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

// Reads of articles wait in the middle of their execution, after their snapshot was taken, while the test holds a lock.

const LOCK = 4_242;
const WAITING_ARTICLES = `
  CREATE FUNCTION wait_for_test() RETURNS boolean LANGUAGE plpgsql VOLATILE AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${LOCK}); RETURN true; END $$;
  ALTER TABLE article RENAME TO stored_article;
  CREATE VIEW article AS SELECT a.* FROM stored_article a WHERE wait_for_test()`;
/** Uses of a text after which it is prepared; others are not shared. */
const PREPARED_AFTER = 3;

let gateway: TestGateway;
let holder: pg.Client;
/** Operations. */
let begun = 0;

beforeAll(async () => {
  const onExecute = (): void => {
    begun += 1;
  };
  gateway = await startGateway(
    (sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1, title: 'Old' }, { id: 2 }] }),
    // One test ends a connection.
    { LOG_LEVEL: 'silent' },
    { plugins: [{ onExecute }] },
  );
  await gateway.sql.query(WAITING_ARTICLES);
  holder = await gateway.secondConnection();
  for (let n = 0; n < PREPARED_AFTER; n++) expect(await titleOf(1)).toBe('Old');
  begun = 0;
});

afterEach(async () => {
  await holder.query(`SELECT pg_advisory_unlock_all()`);
  await gateway.sql.query(`UPDATE stored_article SET title = 'Old' WHERE id = 1`);
});

afterAll(async () => {
  await holder.end();
  await gateway.stop();
});

async function titleOf(article: number, signal: AbortSignal | null = null): Promise<string> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `query ($slug: String!) { article(slug: $slug) { title } }`,
      variables: { slug: `article-${article}` },
    }),
    signal,
  });
  const { data } = (await response.json()) as { data: { article: { title: string } } };
  return data.article.title;
}

const hold = (): Promise<unknown> => holder.query(`SELECT pg_advisory_lock(${LOCK})`);
const goOn = (): Promise<unknown> => holder.query(`SELECT pg_advisory_unlock(${LOCK})`);

/** The reads that are being executed: the process of each, and when it began. */
async function executing(): Promise<{ pid: number; since: string }[]> {
  const { rows } = await gateway.sql.query<{ pid: number; since: string }>(
    `SELECT pid, query_start::text AS since FROM pg_stat_activity
     WHERE wait_event = 'advisory' AND datname = current_database() ORDER BY pid`,
  );
  return rows;
}

/** Until so many operations have begun since the last call. */
async function untilBegun(count: number): Promise<void> {
  await until(`${count} operations have begun`, async () => begun >= count);
  begun = 0;
}

it('operations that wait for the same read share one execution, and each has the whole answer', async () => {
  await hold();
  let answers: Promise<string>[] = [];
  const statements = await gateway.statementsDuring(async () => {
    answers = [titleOf(1)];
    await until('the first reads', async () => (await executing()).length === 1);
    for (let n = 0; n < 30; n++) answers.push(titleOf(1));
    answers.push(titleOf(2));
    await until('the other article is read', async () => (await executing()).length === 2);
    await untilBegun(32);
    await goOn();
    await Promise.all(answers);
  });
  expect(await Promise.all(answers)).toEqual([...Array.from({ length: 31 }, () => 'Old'), 'Title 2']);
  // The first, one for the thirty that came while it ran, and the other article.
  expect(statements).toHaveLength(3);
});

it('a read does not give its rows to an operation that came after it had begun', async () => {
  await hold();
  const before = titleOf(1);
  await until('the first reads', async () => (await executing()).length === 1);
  await gateway.sql.query(`UPDATE stored_article SET title = 'New' WHERE id = 1`);
  const after = [titleOf(1), titleOf(1)];
  await untilBegun(3);
  await goOn();
  expect(await before).toBe('Old');
  expect(await Promise.all(after)).toEqual(['New', 'New']);
});

it('a read goes on while anybody waits for it, also without the client that came first, and is cancelled when all have left', async () => {
  await hold();
  const clients = Array.from({ length: 4 }, () => new AbortController());
  const ask = (n: number) => titleOf(1, clients[n]!.signal).catch(() => 'left');
  const first = ask(0);
  await until('the first reads', async () => (await executing()).length === 1);
  const [alone] = await executing();
  const others = [ask(1), ask(2), ask(3)];
  await untilBegun(4);
  clients[0]!.abort();
  await until('the others read', async () => {
    const [shared] = await executing();
    return shared !== undefined && shared.since !== alone!.since;
  });
  const [shared] = await executing();
  clients[1]!.abort();
  // Clients that have left are noticed in their order.
  const last = new AbortController();
  const other = titleOf(2, last.signal).catch(() => 'left');
  await until('the other article is read', async () => (await executing()).length === 2);
  last.abort();
  await until('that read is cancelled', async () => (await executing()).length === 1);
  expect(await executing()).toEqual([shared]);
  await goOn();
  expect(await Promise.all([first, other, ...others])).toEqual(['left', 'left', 'left', 'Old', 'Old']);
});

it('a read that fails fails for each that waits for it, and the next one works', async () => {
  await hold();
  const ask = () => titleOf(1).catch(() => 'failed');
  const first = ask();
  await until('the first reads', async () => (await executing()).length === 1);
  const others = [ask(), ask()];
  await untilBegun(3);
  await endReads();
  expect(await first).toBe('failed');
  await until('the others read', async () => (await executing()).length === 1);
  await endReads();
  expect(await Promise.all(others)).toEqual(['failed', 'failed']);
  await goOn();
  expect(await titleOf(1)).toBe('Old');
});

/** Ends the connections of the reads that are being executed, and waits until PostgreSQL has. */
async function endReads(): Promise<void> {
  const pids = (await executing()).map(({ pid }) => pid);
  const { rows } = await gateway.sql.query(
    'SELECT pg_terminate_backend(pid, 5000) AS ended FROM unnest($1::int[]) AS pid',
    [pids],
  );
  expect(rows).toEqual([{ ended: true }]);
}

it('when no connection can be had, each fails once, and the next read works', async () => {
  const name = new URL(gateway.databaseUrl).pathname.slice(1);
  await onServer(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS false`);
  try {
    await gateway.sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND query NOT LIKE '%advisory%'`,
    );
    await untilRefused();
    expect(await Promise.all(Array.from({ length: 20 }, () => titleOf(1).catch(() => 'failed')))).toEqual(
      Array.from({ length: 20 }, () => 'failed'),
    );
  } finally {
    await onServer(`ALTER DATABASE "${name}" ALLOW_CONNECTIONS true`);
  }
  expect(await titleOf(1)).toBe('Old');
});

/** Until the gateway has noticed that its connections are gone. */
async function untilRefused(): Promise<void> {
  await until('reads fail', () =>
    titleOf(1).then(
      () => false,
      () => true,
    ),
  );
}
