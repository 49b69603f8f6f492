import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { isSoak } from './chaos/size.ts';
import type { Client } from './client.ts';
import { articleId, Changes, FORBIDDEN_WORD, writeAs } from './copy/changes.ts';
import { Follower } from './copy/follower.ts';
import type { Copy } from './copy/guide-code.ts';
import { startGateway, type TestGateway, tokenOf, until } from './gateway.ts';
import { startProxy, type TestProxy } from './proxy.ts';
import { random, write } from './seed.ts';

const CHANGES = isSoak ? 20_000 : 300;
/** Changes after which a walk ends that has not made every kind of change. */
const MOST_CHANGES = 5 * CHANGES;
/** Changes after which copies are compared with the discussions. */
const BETWEEN_CHECKS = 100;
/** Changes before the log of the first article is restarted, as by a restored backup. */
const RESTART_AFTER = 200;
/** Changes that are made at once. */
const AT_ONCE = 5;
const SEED = Number(process.env.WALK_SEED ?? 1);
const ARTICLES = [1, 2];
/** Levels of a thread that is deeper than the paths of its comments. */
const DEEP = 520;

let gateway: TestGateway;
let proxy: TestProxy;
let followers: Follower[] = [];

const seeded = Array.from({ length: 20 }, (_, n) => ({
  id: n + 1,
  article: ARTICLES[n % 2]!,
  ...(n >= 6 && { parent: n + 1 - 2 * (1 + (n % 3)) }),
}));

beforeAll(async () => {
  gateway = await startGateway(
    async (sql) => {
      await write(sql, {
        authors: [{ id: 1 }],
        articles: [...ARTICLES, 3].map((id) => ({ id })),
        comments: [
          ...seeded,
          ...Array.from({ length: DEEP }, (_, n) => ({
            id: 1_001 + n,
            article: 3,
            ...(n > 0 && { parent: 1_000 + n }),
          })),
        ],
      });
      await sql.query('INSERT INTO forbidden_word (word) VALUES ($1)', [FORBIDDEN_WORD]);
    },
    {
      REPORT_LIMIT: '2',
      COMMENT_EDIT_WINDOW: '86400',
      HOLD_FREQUENT: '0',
      HOLD_BUSY_ARTICLE: '0',
    },
  );
  proxy = await startProxy(Number(new URL(gateway.url).port));
});

afterAll(async () => {
  await proxy.close();
  await gateway.stop();
});

afterEach(async () => {
  for (const follower of followers) await follower.close();
  followers = [];
});

async function startFollower(id: string, role: 'READER' | 'MODERATOR'): Promise<Follower> {
  const person = { name: 'Fay', role } as const;
  const client: Client = role === 'READER' ? gateway : gateway.as(person);
  const follower = new Follower({
    name: `${role} of ${id}`,
    id,
    url: `ws://127.0.0.1:${proxy.port}/graphql`,
    authorization: role === 'READER' ? undefined : `Bearer ${await tokenOf(person)}`,
    async ask(query, variables) {
      const { data, errors } = await client.ask(query, variables as Record<string, unknown>);
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
  });
  followers.push(follower);
  return follower;
}

/** Waits until no event is due that a job emits. */
async function untilAllEmitted(): Promise<void> {
  await until('all events are emitted', async () => {
    const { rows } = await gateway.sql.query<{ due: number }>(
      'SELECT ((SELECT count(*) FROM comment_reaction_notice) + (SELECT count(*) FROM author_notice))::int AS due',
    );
    return rows[0]!.due === 0;
  });
}

/** Waits until each copy has every event, and compares it with the discussion. */
async function compare(when: string): Promise<void> {
  await untilAllEmitted();
  for (const follower of followers) {
    const fresh = await follower.readAgain();
    let copy: Copy | null = null;
    await until(`${follower.name} has every event, ${when}`, () => {
      copy = follower.copy;
      return copy?.cursor === fresh.cursor;
    });
    expect(copy, `${follower.name}, ${when}`).toEqual(fresh);
    expect(
      fresh.rows.filter(({ status }) => status === 'VISIBLE'),
      when,
    ).toHaveLength(fresh.article.commentCount);
  }
}

describe("the reducer of the clients' guide", () => {
  it('keeps a copy that equals the discussion, over a connection that is cut at random and a log that is restarted', async () => {
    const next = random(SEED);
    await writeAs(gateway);
    const ids = ARTICLES.map(articleId);
    for (const id of ids) await startFollower(id, 'READER');
    await startFollower(ids[0]!, 'MODERATOR');
    await compare('at the start');
    const changes = new Changes({ gateway, next, articleIds: ids });
    const isComplete = () => EVERY_CHANGE.every((change) => changes.done.has(change)) && followers.every(hasSeenAll);
    // Which changes a walk makes is random: it goes on until each was made, and each follower has seen each kind of event.
    for (let made = 0; made < CHANGES || (!isComplete() && made < MOST_CHANGES); ) {
      for (const end = made + BETWEEN_CHECKS; made < end; made += AT_ONCE) {
        const chosen = Array.from({ length: AT_ONCE }, () => changes.choose());
        await Promise.all(chosen.map((change) => change()));
        if (next() < 0.1) proxy.closeConnections();
      }
      if (made === RESTART_AFTER)
        await gateway.sql.query('UPDATE article SET event_epoch = event_epoch % 1000000 + 1 WHERE id = 1');
      await compare(`after ${made} changes, seed ${SEED}`);
    }
    expect([...changes.done.keys()]).toEqual(expect.arrayContaining(EVERY_CHANGE));
    for (const follower of followers) {
      if (follower.id === ids[0]) expect(follower.readings).toBeGreaterThan(1);
      else expect(follower.readings).toBe(1);
      expect([...follower.received.keys()]).toEqual(expect.arrayContaining(EVERY_EVENT));
      expect(hasSeenAll(follower)).toBe(true);
    }
  }, 1_800_000);

  it('counts in a thread that is deeper than the paths of its comments', async () => {
    const id = articleId(3);
    const moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
    await startFollower(id, 'READER');
    await compare('at the start');
    const deep = encodeId('Comment', 1_000 + DEEP - 2);
    for (const [action, comment] of [
      ['REMOVE', deep],
      ['REJECT', encodeId('Comment', 1_500)],
      ['RESTORE', encodeId('Comment', 1_500)],
      ['RESTORE', deep],
    ]) {
      await moderator.ask(
        'mutation ($input: ModerateCommentsInput!) { moderateComments(input: $input) { __typename } }',
        {
          input: { action, comments: [{ id: comment, version: 1 }] },
        },
      );
      await moderator.ask('mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename } }', {
        input: { articleId: id, parentId: encodeId('Comment', 1_499), body: `After ${action} of ${comment}` },
      });
      await compare(`after ${action}`);
    }
  });
});

const EVERY_EVENT = ['CommentAdded', 'CommentChanged', 'CommentRemoved', 'DiscussionChanged', 'CaughtUp'];

/** Every kind of event, and the cuts of some connections. */
function hasSeenAll({ received }: Follower): boolean {
  return EVERY_EVENT.every((type) => received.has(type)) && received.get('CaughtUp')! > CHANGES / AT_ONCE / 50;
}

/** The changes that a walk must have made. */
const EVERY_CHANGE = [
  'addComment AddCommentSuccess',
  'editComment EditCommentSuccess',
  'removeComment RemoveCommentSuccess',
  'react ReactSuccess',
  'reportComment ReportCommentSuccess',
  ...['APPROVE', 'REJECT', 'SPAM', 'REMOVE', 'RESTORE', 'PIN', 'UNPIN'].map(
    (action) => `moderateComments ${action} ModerateCommentsSuccess`,
  ),
  'updateArticle ArticleSuccess',
  'updateProfile ProfileSuccess',
  'name',
];
