import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import type { Answer } from './client.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

const WRITERS = 30;
/** Two are sent each by itself and wait for the article. Once it is free, 16 of the others are written by a transaction. */
const TRANSACTIONS = Math.ceil((WRITERS - 2) / 16);

let gateway: TestGateway;
/** Operations that the gateway has begun to execute. */
let executed = 0;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2 }], comments: [{ id: 1, article: 2 }] }),
    { DATABASE_CONNECTIONS: '20' },
    {
      plugins: [
        {
          onExecute() {
            executed += 1;
          },
        },
      ],
    },
  );
  // Forbidden words are known once a comment was added.
  await add(0);
});

afterAll(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  await gateway.stop();
});

type Added = Answer<{
  addComment: { comment: { id: string; body: { text: string }; author: { name: string } } } | null;
}>;

function add(writer: number, body = `Words of ${writer}`, article = 1): Promise<Added> {
  const guest = { name: `Guest ${writer}`, email: `guest${writer}@example.com` };
  return gateway.ask(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) {
      ... on AddCommentSuccess { comment { id body { text } author { name } } } } }`,
    { input: { articleId: encodeId('Article', article), body, guest } },
  );
}

/** Has changes wait until the article is free, and then counts their transactions: each locks it. */
async function whileLocked<Result>(
  article: number,
  send: () => Promise<Result>[],
  meanwhile: () => Promise<unknown> = () => gateway.ask('{ __typename }'),
): Promise<[number, Result[]]> {
  const before = executed;
  const other = await gateway.secondConnection();
  await other.query('BEGIN');
  await other.query('SELECT FROM article WHERE id = $1 FOR UPDATE', [article]);
  let results: Result[] = [];
  let statements: string[] = [];
  try {
    const waiting = send();
    await until('two transactions wait for the article', async () => {
      const { rowCount } = await gateway.sql.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rowCount === 2 && executed === before + waiting.length;
    });
    // It is executed after them.
    await meanwhile();
    statements = await gateway.statementsDuring(async () => {
      await other.query('COMMIT');
      results = await Promise.all(waiting);
    });
  } finally {
    await other.end();
  }
  // The job that announces reactions locks articles, too.
  const locks = statements.filter((text) => /FROM article .*FOR NO KEY UPDATE$/s.test(text) && !/_notice/.test(text));
  return [locks.length, results];
}

async function inLog(): Promise<{ comments: number; events: number; sequence: number; linked: boolean }> {
  const { rows } = await gateway.sql.query(
    `SELECT (SELECT comment_count FROM article WHERE id = 1) AS comments, count(*)::int AS events, max(sequence) AS sequence,
       bool_and(previous_at IS NOT DISTINCT FROM former) AS linked
     FROM (SELECT *, lag(at) OVER (ORDER BY sequence) AS former FROM comment_event WHERE article_id = 1) e`,
  );
  return rows[0];
}

describe('comments on one article that wait for each other', () => {
  it('are written by few transactions, each as if it were alone', async () => {
    const { comments } = await inLog();
    // The same writer twice, and writers in another order than that of their ids.
    const writers = Array.from({ length: WRITERS }, (_, n) => WRITERS - (n % (WRITERS - 1)));
    const [transactions, added] = await whileLocked(1, () => writers.map((writer) => add(writer)));
    expect(transactions).toBe(TRANSACTIONS);
    for (const [n, { data }] of added.entries())
      expect(data.addComment!.comment).toMatchObject({
        body: { text: `Words of ${writers[n]}` },
        author: { name: `Guest ${writers[n]}` },
      });
    expect(new Set(added.map(({ data }) => data.addComment!.comment.id)).size).toBe(WRITERS);
    const all = comments + WRITERS;
    expect(await inLog()).toEqual({ comments: all, events: all, sequence: all, linked: true });
  });

  it('fail alone: the others are written', async () => {
    await gateway.sql.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'Refused'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON comment FOR EACH ROW WHEN (NEW.body_source = 'Bad') EXECUTE FUNCTION refuse()`);
    const { comments } = await inLog();
    const [, added] = await whileLocked(1, () =>
      Array.from({ length: WRITERS }, (_, n) => add(n, n === WRITERS - 1 ? 'Bad' : undefined)),
    );
    expect(added.filter(({ errors }) => errors)).toHaveLength(1);
    expect(added.at(-1)!.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect((await inLog()).comments).toBe(comments + WRITERS - 1);
  });

  it('keep no other article waiting', async () => {
    let elsewhere: Added | undefined;
    await whileLocked(
      1,
      () => Array.from({ length: WRITERS }, (_, n) => add(n)),
      async () => {
        elsewhere = await add(1, 'Elsewhere', 2);
      },
    );
    expect(elsewhere!.data.addComment!.comment.body.text).toBe('Elsewhere');
  });
});

it('reactions to one comment that wait for each other are written by few transactions', async () => {
  const readers = Array.from({ length: WRITERS }, (_, n) => gateway.as({ name: `Reader ${n}` }));
  for (const reader of readers) await reader.ask('{ viewer { role } }');
  const [transactions, answers] = await whileLocked(2, () =>
    readers.map((reader) =>
      reader.ask<{ react: { comment: { reactions: { count: number }[] } } }>(
        `mutation { react(input: { commentId: "${encodeId('Comment', 1)}", kind: LIKE }) {
          ... on ReactSuccess { comment { reactions { count } } } } }`,
      ),
    ),
  );
  expect(transactions).toBe(TRANSACTIONS);
  // Each answer has the count after its own.
  const counts = answers.map(({ data }) => data.react.comment.reactions[0]!.count).sort((a, b) => a - b);
  expect(counts).toEqual(readers.map((_, n) => n + 1));
  await until('the coalesced event is written', async () => {
    const { rowCount } = await gateway.sql.query('SELECT FROM comment_reaction_notice');
    return rowCount === 0;
  });
});
