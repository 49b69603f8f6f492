import pg from 'pg';
import { expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { createTestDatabase } from './database.ts';
import { startGateway } from './gateway.ts';
import { write } from './seed.ts';

const OLD_COMMENTS = 1_500;
const NEW_COMMENTS = 4;
const AUTHORS = 43;

const ADD = `mutation ($input: AddCommentInput!) { addComment(input: $input) {
  ... on AddCommentSuccess { held comment { id } } ... on Error { message } } }`;

/** Entries of indexes and rows of the table `comment` that the database has read so far. */
async function readEntries(sql: pg.Client): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `SELECT (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'comment')::int
      + (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'comment')::int AS count`,
  );
  return rows[0]!.count;
}

it('the hold rules read the recent comments of a writer, and none of the thousands before', async () => {
  const database = await createTestDatabase();
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await write(sql, {
    authors: Array.from({ length: AUTHORS }, (_, n) => ({ id: n + 1, kind: 'MEMBER' })),
    articles: Array.from({ length: AUTHORS }, (_, n) => ({ id: n + 1 })),
    comments: Array.from({ length: 2 * OLD_COMMENTS }, (_, n) => ({
      ...{ id: n + 1, article: 4 + (n % (AUTHORS - 3)) },
      // Half of the comments are of one author, so that the planner finds an index worth while.
      author: n % 2 ? 2 : 4 + (n % (AUTHORS - 3)),
    })),
  });
  await sql.query(`UPDATE author SET subject = '|' || slug`);
  await sql.query('ANALYZE');
  // What this session has read must not count later.
  await sql.query('SELECT pg_stat_force_next_flush()');

  /** Entries read while a writer adds comments. A session reports what it has read when it ends. */
  async function readBy(author: number, article: number): Promise<number> {
    const before = await readEntries(sql);
    const gateway = await startGateway(undefined, { DATABASE_URL: database.url, RATE_LIMITS: 'memory' });
    const writer = gateway.as({ name: `Author ${author}`, sub: `author-${author}` });
    for (let n = 1; n <= NEW_COMMENTS; n++) {
      const input = { articleId: encodeId('Article', article), body: `Comment ${n} of ${author}` };
      expect((await writer.ask(ADD, { input })).data).toMatchObject({ addComment: { held: false } });
    }
    await gateway.stop();
    return (await readEntries(sql)) - before;
  }

  // Few, or the rules have read all comments of everybody.
  const byNewWriter = await readBy(3, 3);
  expect(byNewWriter).toBeGreaterThan(NEW_COMMENTS);
  expect(byNewWriter).toBeLessThan(OLD_COMMENTS);
  expect(await readBy(2, 2)).toBeLessThan(byNewWriter + 20);
  await sql.end();
  await database.drop();
});
