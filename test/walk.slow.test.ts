import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeEventCursor } from '../schema/content/event-cursor.ts';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import { asSeen } from './as-seen.ts';
import { isSoak } from './chaos/size.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { pick, random, write } from './seed.ts';

/** Actions of the random walk. */
const ACTIONS = isSoak ? 10_000 : 300;
const PEOPLE = 12;
const ARTICLES = 3;
/** Comments on each article before the walk, most of them deep in threads. */
const SEEDED = 60;

let gateway: TestGateway;

/** Comments before the walk, with their articles. */
const seeded = Array.from({ length: ARTICLES * SEEDED }, (_, n) => ({
  id: n + 1,
  article: 1 + (n % ARTICLES),
  // One of the latest three on the same article.
  ...(n >= ARTICLES * 3 && { parent: n + 1 - ARTICLES * (1 + (n % 3)) }),
}));

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }],
        articles: Array.from({ length: ARTICLES }, (_, n) => ({ id: n + 1, policy: n === 2 ? 'MODERATED' : 'OPEN' })),
        comments: seeded,
      }),
    { REPORT_LIMIT: '2' },
  );
});

afterAll(() => gateway.stop());

const MUTATIONS = {
  addComment: 'AddComment',
  editComment: 'EditComment',
  removeComment: 'RemoveComment',
  react: 'React',
  reportComment: 'ReportComment',
  moderateComments: 'ModerateComments',
} as const;
type Mutation = keyof typeof MUTATIONS;

async function run(sender: Client, mutation: Mutation, input: Record<string, unknown>) {
  const name = MUTATIONS[mutation];
  const { data, errors } = await sender.ask<Record<string, { __typename: string; comment?: { id: string } }>>(
    `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { __typename
      ${mutation === 'addComment' ? '... on AddCommentSuccess { comment { id } }' : ''} } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[mutation]!;
}

/** The comments of a client that has read `before` and has since applied the events of the log. */
async function applyLog(article: number, before: ReadonlySet<string>): Promise<Set<string>> {
  const comments = new Set(before);
  const { rows } = await gateway.sql.query<{ event_epoch: number }>('SELECT event_epoch FROM article WHERE id = $1', [
    article,
  ]);
  let after = encodeEventCursor({ articleId: article, epoch: rows[0]!.event_epoch, sequence: 0 });
  for (;;) {
    const { data } = await gateway.ask<{
      article: {
        events: {
          cursor: string;
          hasMore: boolean;
          events: { __typename: string; comment: { id: string; descendantCount: number } }[];
        };
      };
    }>(
      `query ($slug: String!, $after: EventCursor!) { article(slug: $slug) { events(after: $after) { cursor hasMore events {
        __typename ... on CommentAdded { comment { id descendantCount } } ... on CommentRemoved { comment { id descendantCount } } } } } }`,
      { slug: `article-${article}`, after },
    );
    for (const event of data.article.events.events) {
      if (event.__typename === 'CommentAdded') comments.add(event.comment.id);
      // A removed comment keeps its place while it has visible replies.
      if (event.__typename === 'CommentRemoved' && event.comment.descendantCount === 0)
        comments.delete(event.comment.id);
    }
    after = data.article.events.cursor;
    if (!data.article.events.hasMore) return comments;
  }
}

async function readThread(article: number): Promise<Set<string>> {
  const found = new Set<string>();
  for (let after: string | null = null; ; ) {
    const answer: {
      data: {
        article: {
          thread: { rows: { comment: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
        };
      };
    } = await gateway.ask(
      `query ($slug: String!, $after: String) { article(slug: $slug) { thread(first: 100, after: $after) {
          rows { comment { id } } pageInfo { hasNextPage endCursor } } } }`,
      { slug: `article-${article}`, after },
    );
    const { rows, pageInfo } = answer.data.article.thread;
    for (const { comment } of rows) found.add(comment.id);
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}

/** Verifies again and again until work is done: a verification reads one moment, and a repair waits for changes in progress. */
async function verifyBeside(work: Promise<unknown>): Promise<void> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  for (let n = 0; !isDone || n < 2; n++)
    expect(await verify({ url: gateway.databaseUrl, repair: n % 2 === 1 })).toEqual([]);
  await done;
}

it('after hundreds of concurrent actions, derived data equals a recomputation and the log leads to the thread', async () => {
  const articles = new Map(seeded.map(({ id, article }) => [encodeId('Comment', id), encodeId('Article', article)]));
  const ids = [...articles.keys()];
  const before = await Promise.all(Array.from({ length: ARTICLES }, (_, n) => readThread(n + 1)));
  const done = new Map<string, number>();
  let actions = 0;

  async function walk(person: number): Promise<void> {
    const next = random(person);
    const sender = gateway.as({ name: `Walker ${person}`, role: person % 2 === 0 ? 'MODERATOR' : 'READER' });
    const own: string[] = [];
    while (actions++ < ACTIONS) {
      const [mutation, input] = step(next());
      if (mutation === 'moderateComments') input.comments = await asSeen(gateway.sql, input.comments as string[]);
      const { __typename, comment } = await run(sender, mutation, input);
      if (comment) {
        ids.push(comment.id);
        own.push(comment.id);
        articles.set(comment.id, input.articleId as string);
      }
      done.set(__typename, (done.get(__typename) ?? 0) + 1);
    }

    function step(action: number): [Mutation, Record<string, unknown>] {
      // Half of the actions concern recent comments, so that actions of several people conflict.
      const commentId = next() < 0.5 ? ids.at(-1 - Math.floor(next() * 30))! : pick(ids, next);
      const mine = own.length > 0 && next() < 0.7 ? pick(own, next) : commentId;
      const body = `Comment of ${person} at ${actions}`;
      if (action < 0.3) {
        const parentId = next() < 0.85 ? commentId : undefined;
        const articleId =
          (parentId && articles.get(parentId)) ?? encodeId('Article', 1 + Math.floor(next() * ARTICLES));
        return ['addComment', { articleId, body, parentId }];
      }
      if (action < 0.38) return ['editComment', { id: mine, body }];
      if (action < 0.46) return ['removeComment', { id: mine }];
      if (action < 0.56) return ['react', { commentId, kind: pick(['LIKE', 'SAD'], next), on: next() < 0.7 }];
      if (action < 0.64) return ['reportComment', { commentId, reason: 'Because' }];
      const decisions = ['APPROVE', 'APPROVE', 'REJECT', 'SPAM', 'REMOVE', 'RESTORE', 'RESTORE', 'PIN', 'UNPIN'];
      const some = Array.from({ length: 1 + Math.floor(next() * 4) }, () => pick(ids, next));
      return ['moderateComments', { comments: [commentId, ...some], action: pick(decisions, next) }];
    }
  }

  await verifyBeside(Promise.all(Array.from({ length: PEOPLE }, (_, person) => walk(person))));

  for (const success of Object.values(MUTATIONS))
    expect(done.get(`${success}Success`) ?? 0, `${success}Success`).toBeGreaterThan(ACTIONS / 200);
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  for (let article = 1; article <= ARTICLES; article++) {
    const now = await readThread(article);
    expect(now.size).toBeGreaterThan(0);
    expect(await applyLog(article, before[article - 1]!)).toEqual(now);
  }
}, 600_000); // Milliseconds; a walk of ten thousand actions takes a minute or two.

it('verify reports corrupted rows, and with repair corrects them', async () => {
  const { sql, databaseUrl: url } = gateway;
  await sql.query(
    `UPDATE comment SET descendant_count = descendant_count + 1, reaction_counts = '{9,9,9,9,9}' WHERE id = (SELECT min(id) FROM comment)`,
  );
  await sql.query('UPDATE article SET comment_count = 0 WHERE id = 1');
  await sql.query('UPDATE author SET article_count = 7 WHERE id = 1');
  await sql.query(`UPDATE comment SET status = 'REJECTED' WHERE id = (
    SELECT min(id) FROM comment WHERE status = 'VISIBLE' AND visible)`);
  const found = await verify({ url, repair: false });
  expect(found.map(({ description }) => description)).toEqual(
    expect.arrayContaining([
      'comments with wrong reaction counts',
      'comments with a wrong place or wrong counters',
      'articles with wrong discussion counters',
      'authors with a wrong article count',
    ]),
  );
  await verify({ url, repair: true });
  expect(await verify({ url, repair: false })).toEqual([]);
});
