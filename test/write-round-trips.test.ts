import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import type { Answer, Client } from './client.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
let author: Client;
let reader: Client;
let moderator: Client;

const ARTICLE = encodeId('Article', 1);
const MODERATED = encodeId('Article', 2);

/** Ids of comments of the author, of which each test takes its own. Two have a reply. */
const ids: string[] = [];
let removed: { id: string; reply: string };
let rejected: { id: string; reply: string };

beforeAll(async () => {
  gateway = await startGateway(
    (sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2, policy: 'MODERATED' }] }),
    { HOLD_FREQUENT: '0', HOLD_REPEATED_WITHIN: '0', REPORT_LIMIT: '2' },
  );
  await gateway.sql.query(`CREATE TABLE row_update (name text, id int);
    CREATE FUNCTION note_row_update() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO row_update VALUES (TG_TABLE_NAME, NEW.id); RETURN NULL; END $$`);
  for (const table of ['article', 'author', 'comment'])
    await gateway.sql.query(
      `CREATE TRIGGER note_row_update AFTER UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION note_row_update()`,
    );
  author = gateway.as({ name: 'Ann' });
  reader = gateway.as({ name: 'Rita' });
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  // The first request of a person writes their author.
  for (const who of [author, reader, moderator]) await who.ask('{ viewer { role } }');
  while (ids.length < 10) ids.push(await add());
  removed = await addWithReply();
  rejected = await addWithReply();
});

// The event of a reaction may follow a second later, and is counted by no test.
afterEach(() =>
  until('no event is due', async () => {
    const { rowCount } = await gateway.sql.query('SELECT FROM comment_reaction_notice');
    return rowCount === 0;
  }),
);

afterAll(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  await gateway.stop();
});

/** Sends a mutation, which must succeed and update no row twice. */
async function run(who: Client, mutation: string, input: Record<string, unknown>): Promise<Answer<object>> {
  const type = mutation[0]!.toUpperCase() + mutation.slice(1);
  const shown = mutation === 'moderateComments' ? 'comments' : 'comment';
  await gateway.sql.query('TRUNCATE row_update');
  const answer = await who.ask(
    `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { __typename
      ... on ${type}Success { ${shown} { id status version body { html } author { name } reactions { kind count } } } } }`,
    { input },
  );
  expect(answer).toMatchObject({ data: { [mutation]: { __typename: `${type}Success` } } });
  expect(answer.errors).toBeUndefined();
  const { rows } = await gateway.sql.query(
    'SELECT name, id, count(*)::int AS times FROM row_update GROUP BY 1, 2 HAVING count(*) > 1',
  );
  expect(rows).toEqual([]);
  return answer;
}

async function add(input: Record<string, unknown> = {}): Promise<string> {
  const { data } = await run(author, 'addComment', { articleId: ARTICLE, body: 'Hello', ...input });
  return (data as { addComment: { comment: { id: string } } }).addComment.comment.id;
}

async function addWithReply(): Promise<{ id: string; reply: string }> {
  const id = await add();
  return { id, reply: await add({ parentId: id }) };
}

const decide = (action: string, id: string, version = 1) =>
  run(moderator, 'moderateComments', { comments: [{ id, version }], action });

const CHANGES: [title: string, roundTrips: number, statements: number, change: () => Promise<Answer<object>>][] = [
  // The lock and the comment.
  ['a comment', 1, 2, () => run(author, 'addComment', { articleId: ARTICLE, body: 'Hello' })],
  // The lock, the reaction, and the comment as it is then.
  ['a reaction', 1, 3, () => run(reader, 'react', { commentId: ids[0], kind: 'LIKE' })],
  ['a reaction that is there', 1, 3, () => run(reader, 'react', { commentId: ids[0], kind: 'LIKE' })],
  ['a reaction taken back', 1, 3, () => run(reader, 'react', { commentId: ids[0], kind: 'LIKE', on: false })],
  // BEGIN, the lock, the comment, what holds it; the text, the event, the comment, COMMIT.
  ['an edit', 2, 8, () => run(author, 'editComment', { id: ids[1], body: 'Changed' })],
  ['an edit that changes nothing', 2, 6, () => run(author, 'editComment', { id: ids[2], body: 'Hello' })],
  // BEGIN, the lock, the comment, those above; statuses, article and events, author, history, the comment, two for moderators, COMMIT.
  ['a removal', 2, 12, () => run(author, 'removeComment', { id: ids[3] })],
  ['a removal above a reply', 2, 12, () => run(author, 'removeComment', { id: removed.id })],
  ['a rejection', 2, 12, () => decide('REJECT', ids[4]!)],
  // The replies are read by one more.
  ['a rejection above a reply', 3, 13, () => decide('REJECT', rejected.id)],
  ['a pin', 2, 11, () => decide('PIN', ids[5]!)],
  // BEGIN, the lock, the comment twice, the report; two for moderators, COMMIT.
  ['a report', 2, 8, () => run(reader, 'reportComment', { commentId: ids[6], reason: 'Rude' })],
];

describe('a change of a discussion', () => {
  it.each(CHANGES)('takes for %s %i round trips with %i statements', async (_, roundTrips, statements, change) => {
    const answer = await change();
    expect(answer.statements, answer.statements.join('\n')).toHaveLength(statements);
    expect(answer.roundTrips).toBe(roundTrips);
  });

  it('is answered as it was written', async () => {
    const id = ids[7]!;
    const edited = await run(author, 'editComment', { id, body: 'New *words*' });
    expect(edited.data).toMatchObject({
      editComment: { comment: { version: 2, body: { html: '<p>New <em>words</em></p>' }, author: { name: 'Ann' } } },
    });
    const reacted = await run(reader, 'react', { commentId: id, kind: 'SAD' });
    expect(reacted.data).toMatchObject({ react: { comment: { reactions: [{ kind: 'SAD', count: 1 }] } } });
    expect((await decide('SPAM', id, 2)).data).toMatchObject({ moderateComments: { comments: [{ status: 'SPAM' }] } });
  });

  it('writes its events one after another, each with the time of the one before', async () => {
    const { rows } = await gateway.sql.query(
      `SELECT count(*)::int AS events, max(sequence) AS last, bool_and(previous_at IS NOT DISTINCT FROM former) AS linked
       FROM (SELECT *, lag(at) OVER (ORDER BY sequence) AS former FROM comment_event WHERE article_id = 1) e`,
    );
    expect(rows).toEqual([{ events: rows[0].last, last: rows[0].last, linked: true }]);
    const hidden = await gateway.sql.query(
      `SELECT comment_id FROM comment_event WHERE kind = 'REMOVED' ORDER BY sequence`,
    );
    // Replies before what they reply to.
    expect(hidden.rows.map(({ comment_id }) => encodeId('Comment', comment_id))).toEqual([
      ...[ids[3], removed.id, ids[4], rejected.reply, rejected.id, ids[7]],
    ]);
  });
});

it('a refused change writes nothing, and leaves its connection fit for the next', async () => {
  const sequences = () => gateway.sql.query('SELECT sum(event_sequence) FROM article');
  const before = await sequences();
  const { data } = await reader.ask<Record<string, { __typename: string }>>(
    `mutation { a: removeComment(input: { id: "${ids[8]}" }) { __typename }
      b: editComment(input: { id: "${ids[8]}", body: "Mine" }) { __typename }
      c: reportComment(input: { commentId: "${encodeId('Comment', 999)}", reason: "Rude" }) { __typename }
      d: react(input: { commentId: "${encodeId('Comment', 999)}", kind: LIKE }) { __typename } }`,
  );
  expect(Object.values(data).map(({ __typename }) => __typename)).toEqual([
    ...['ForbiddenError', 'ForbiddenError', 'NotFoundError', 'NotFoundError'],
  ]);
  expect((await sequences()).rows).toEqual(before.rows);
  const { rows } = await gateway.sql.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
  );
  expect(rows).toEqual([]);
});

it('an edit of a held comment without new reasons keeps those it has, which moderators are notified of', async () => {
  const id = await add({ articleId: MODERATED });
  await gateway.sql.query(`UPDATE comment SET hold_reasons = '{"A reason of before."}' WHERE article_id = 2`);
  await gateway.sql.query(`UPDATE article SET comment_policy = 'OPEN' WHERE id = 2`);
  await run(author, 'editComment', { id, body: 'Other words' });
  const { rows } = await gateway.sql.query(
    `SELECT c.hold_reasons, e.reasons FROM comment c JOIN moderation_event e ON e.comment_id = c.id
     WHERE c.article_id = 2 ORDER BY e.sequence DESC LIMIT 1`,
  );
  expect(rows).toEqual([{ hold_reasons: ['A reason of before.'], reasons: ['A reason of before.'] }]);
});
