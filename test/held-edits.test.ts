import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import type { Answer, Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

const LINKS = 'https://a.example https://b.example https://c.example';
const LINKED = 'https://d.example https://e.example https://f.example';
const GUEST = { name: 'Gus', email: 'gus@example.com' };

let gateway: TestGateway;
let ann: Client;
let otto: Client;
let moderator: Client;
let second: Client;
let written = 0;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2, policy: 'MODERATED' }, { id: 3 }] }),
    { REPORT_LIMIT: '1' },
  );
  ann = gateway.as({ name: 'Ann' });
  otto = gateway.as({ name: 'Otto' });
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  second = gateway.as({ name: 'Ma', role: 'MODERATOR' });
});

afterAll(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  await gateway.stop();
});

interface Seen {
  id: string;
  status: string;
  version: number;
  body: { text: string } | null;
  pendingBody: { text: string; html: string; markdown: string } | null;
  editedAt: string | null;
  replyCount: number;
  viewer: { reasons: string[]; canEdit: boolean };
}

interface Result {
  __typename: string;
  code?: string;
  held?: boolean;
  receipt?: string;
  comment?: Seen;
  comments?: Seen[];
}

const SEEN =
  'id status version body { text } pendingBody { text html markdown } editedAt replyCount viewer { reasons canEdit }';
const SHAPES: Record<string, string> = {
  addComment: `receipt held comment { ${SEEN} }`,
  editComment: `held comment { ${SEEN} }`,
  moderateComments: `comments { ${SEEN} }`,
};

async function run(who: Client, mutation: string, input: Record<string, unknown>): Promise<Result> {
  const name = mutation[0]!.toUpperCase() + mutation.slice(1);
  const { data, errors } = await who.ask<Record<string, Result>>(
    `mutation ($input: ${name}Input!) { ${mutation}(input: $input) {
      __typename ... on Error { code } ... on ${name}Success { ${SHAPES[mutation] ?? `comment { ${SEEN} }`} } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[mutation]!;
}

async function add(who: Client, article = 1, input: Record<string, unknown> = {}): Promise<Result> {
  return run(who, 'addComment', { articleId: encodeId('Article', article), body: `Words ${written++}`, ...input });
}

const edit = (who: Client, id: string, body: string, receipt?: string) =>
  run(who, 'editComment', { id, body, ...(receipt && { receipt }) });

const decide = (action: string, id: string, version: number, who = moderator, reason?: string) =>
  run(who, 'moderateComments', { action, comments: [{ id, version }], ...(reason && { reason }) });

async function seen(who: Client, id: string): Promise<Seen> {
  return (await who.ask<{ node: Seen }>(`query ($id: ID!) { node(id: $id) { ... on Comment { ${SEEN} } } }`, { id }))
    .data.node;
}

interface Moderation {
  holdReasons: string[];
  versions: { body: { text: string }; discarded: boolean; replacedBy: { name: string } }[];
  history: { action: string | null; status: string; by: { name: string } | null }[];
}

async function moderationOf(id: string): Promise<Moderation> {
  const { data } = await moderator.ask<{ comment: { moderation: Moderation } }>(
    `query ($id: ID!) { comment(id: $id) { moderation { holdReasons versions { body { text } discarded replacedBy { name } }
      history { action status by { name } } } } }`,
    { id },
  );
  return data.comment.moderation;
}

async function queued(articleId?: string): Promise<Seen[]> {
  const { data } = await moderator.ask<{ moderationQueue: { nodes: Seen[] } }>(
    `query ($articleId: ID) { moderationQueue(first: 100, articleId: $articleId) { nodes { ${SEEN} } } }`,
    { articleId },
  );
  return data.moderationQueue.nodes;
}

/** What readers get of the discussion: its events, and its counts. */
async function publicState(article = 1): Promise<unknown> {
  const { rows } = await gateway.sql.query(
    `SELECT (SELECT array_agg(kind || ' ' || comment_id ORDER BY sequence) FROM comment_event WHERE article_id = a.id) AS events,
      comment_count, discussed_at FROM article a WHERE id = $1`,
    [article],
  );
  return rows[0];
}

const idOf = (id: string) => Number(Buffer.from(id, 'base64url').toString().split(':')[1]);

/** A visible comment of Ann with an edit that waits. */
async function heldEdit(): Promise<string> {
  const { comment } = await add(ann);
  expect(await edit(ann, comment!.id, LINKS)).toMatchObject({ held: true });
  return comment!.id;
}

describe('a held edit', () => {
  it('leaves the approved text and all replies visible, and shows the new text to its author and to moderators', async () => {
    const { comment } = await add(ann);
    const { id } = comment!;
    const reply = (await add(otto, 1, { parentId: id })).comment!;
    const [before, asRead] = [await publicState(), await seen(gateway, id)];
    const edited = await edit(ann, id, LINKS);
    const pendingBody = { text: LINKS, html: expect.stringContaining('<a href'), markdown: LINKS };
    expect(edited).toMatchObject({ held: true, comment: { status: 'VISIBLE', body: comment!.body, pendingBody } });
    expect(await publicState()).toEqual(before);
    for (const who of [gateway, otto, gateway.as({ name: 'Wren', role: 'WRITER' })])
      expect(await seen(who, id)).toEqual(asRead);
    expect(await seen(gateway, reply.id)).toMatchObject({ status: 'VISIBLE' });
    const reasons = [expect.stringContaining('3 links')];
    expect(await seen(ann, id)).toMatchObject({ version: 1, pendingBody, viewer: { reasons, canEdit: true } });
    const own = await ann.ask<{ viewer: { comments: { nodes: Seen[] } } }>(
      `{ viewer { comments(first: 1, status: VISIBLE) { nodes { ${SEEN} } } } }`,
    );
    expect(own.data.viewer.comments.nodes).toEqual([await seen(ann, id)]);
    expect((await queued()).find((one) => one.id === id)).toMatchObject({
      version: 2,
      body: comment!.body,
      pendingBody,
    });
    expect(await moderationOf(id)).toMatchObject({
      ...{ holdReasons: reasons, versions: [], history: [{ action: null, by: null, status: 'VISIBLE' }] },
    });
  });

  it('is published by APPROVE of the version that has it, with one event, and the former text becomes a version', async () => {
    const { comment } = await add(ann);
    const { id, body } = comment!;
    await edit(ann, id, LINKS);
    const { events: before } = (await publicState()) as { events: string[] };
    expect(await decide('APPROVE', id, 1)).toMatchObject({ code: 'CONFLICT' });
    expect((await seen(gateway, id)).body).toEqual(body);
    const [approved] = (await decide('APPROVE', id, 2)).comments!;
    expect(approved).toMatchObject({ status: 'VISIBLE', body: { text: LINKS }, pendingBody: null });
    const { events } = (await publicState()) as { events: string[] };
    expect(events.slice(before.length)).toEqual([`CHANGED ${idOf(id)}`]);
    const read = await seen(gateway, id);
    expect(read).toMatchObject({ body: { text: LINKS }, editedAt: expect.any(String), version: approved!.version });
    expect((await moderationOf(id)).versions).toEqual([{ body, discarded: false, replacedBy: { name: 'Ann' } }]);
    expect((await queued()).map((one) => one.id)).not.toContain(id);
    expect((await seen(ann, id)).viewer.reasons).toEqual([]);
  });

  it('is discarded by REJECT, which says why to its author, and leaves the comment as it was', async () => {
    const { comment } = await add(ann);
    const { id, body } = comment!;
    await edit(ann, id, LINKS);
    const [state, read] = [await publicState(), await seen(gateway, id)];
    const [rejected] = (await decide('REJECT', id, 2, moderator, 'Advertising')).comments!;
    expect(rejected).toMatchObject({ status: 'VISIBLE', body, pendingBody: null });
    expect(await publicState()).toEqual(state);
    expect(await seen(gateway, id)).toEqual(read);
    expect((await seen(ann, id)).viewer.reasons).toEqual(['Advertising']);
    const { versions, history } = await moderationOf(id);
    expect(versions).toEqual([{ body: { text: LINKS }, discarded: true, replacedBy: { name: 'Mo' } }]);
    expect(history.at(-1)).toEqual({ action: 'REJECT', status: 'VISIBLE', by: { name: 'Mo' } });
    // Whoever has seen the edit does not decide about the text that stayed.
    expect(await decide('REJECT', id, 2)).toMatchObject({ code: 'CONFLICT' });
    expect(await edit(ann, id, 'Better words')).toMatchObject({ held: false, comment: { viewer: { reasons: [] } } });
  });

  it('is decided by one of two moderators who decide at once', async () => {
    for (const [one, other] of [
      ['APPROVE', 'REJECT'],
      ['REJECT', 'APPROVE'],
      ['SPAM', 'APPROVE'],
      ['APPROVE', 'REMOVE'],
    ] as const) {
      const id = await heldEdit();
      const results = await Promise.all([decide(one, id, 2), decide(other, id, 2, second)]);
      expect(results.map(({ __typename }) => __typename).sort()).toEqual(['ConflictError', 'ModerateCommentsSuccess']);
      const won = results[0]!.comments ? one : other;
      expect((await queued()).map((one) => one.id)).not.toContain(id);
      const { rows } = await gateway.sql.query('SELECT status, body_text FROM comment WHERE id = $1', [idOf(id)]);
      const status = { APPROVE: 'VISIBLE', REJECT: 'VISIBLE', SPAM: 'SPAM', REMOVE: 'REMOVED' }[won];
      expect(rows[0].status).toBe(status);
      expect(rows[0].body_text === LINKS).toBe(won === 'APPROVE');
    }
  });

  it('can be edited again, and waits then whatever it says; every text is in the history', async () => {
    const { comment } = await add(ann);
    const { id, body } = comment!;
    await edit(ann, id, LINKS);
    expect(await edit(ann, id, LINKS)).toMatchObject({ held: true });
    expect((await seen(moderator, id)).version).toBe(2);
    expect(await edit(ann, id, LINKED)).toMatchObject({ held: true });
    expect(await edit(ann, id, 'Harmless')).toMatchObject({ held: true, comment: { body } });
    expect((await moderationOf(id)).holdReasons).toEqual([expect.stringContaining('3 links')]);
    for (const version of [1, 2, 3]) expect(await decide('APPROVE', id, version)).toMatchObject({ code: 'CONFLICT' });
    expect(await seen(moderator, id)).toMatchObject({ version: 4, body, pendingBody: { text: 'Harmless' } });
    await decide('APPROVE', id, 4);
    expect((await moderationOf(id)).versions.map((one) => [one.body.text, one.discarded])).toEqual([
      [body!.text, false],
      [LINKS, true],
      [LINKED, true],
    ]);
    expect((await seen(gateway, id)).body).toEqual({ text: 'Harmless' });
  });

  it('is withdrawn by its author with the approved text, or with the comment; not by an unchanged save of a moderator', async () => {
    const { comment } = await add(ann);
    const { id, body } = comment!;
    await edit(ann, id, LINKS);
    expect(await edit(moderator, id, body!.text)).toMatchObject({ held: true });
    expect(await edit(ann, id, body!.text)).toMatchObject({ held: false, comment: { body, pendingBody: null } });
    expect((await queued()).map((one) => one.id)).not.toContain(id);
    expect(await decide('APPROVE', id, 2)).toMatchObject({ code: 'CONFLICT' });
    await edit(ann, id, LINKS);
    expect((await run(ann, 'removeComment', { id })).comment).toMatchObject({ status: 'REMOVED', pendingBody: null });
    expect((await queued()).map((one) => one.id)).not.toContain(id);
    expect(await seen(gateway, id)).toBeNull();
  });

  it('gives way to the edit of a moderator', async () => {
    const id = await heldEdit();
    expect(await edit(moderator, id, 'By a moderator')).toMatchObject({
      ...{ held: false, comment: { body: { text: 'By a moderator' }, pendingBody: null } },
    });
    expect(await seen(gateway, id)).toMatchObject({ body: { text: 'By a moderator' } });
    expect((await moderationOf(id)).versions).toHaveLength(2);
  });

  it('is hidden by SPAM and REMOVE with the comment; RESTORE brings back the approved text, and the edit waits again', async () => {
    for (const action of ['SPAM', 'REMOVE']) {
      const { comment } = await add(ann);
      const { id, body } = comment!;
      await edit(ann, id, LINKS);
      await decide(action, id, 2);
      expect(await seen(gateway, id)).toBeNull();
      expect((await queued()).map((one) => one.id)).not.toContain(id);
      expect(await seen(ann, id)).toMatchObject({ version: 1, pendingBody: null });
      const [restored] = (await decide('RESTORE', id, 3)).comments!;
      expect(restored).toMatchObject({ status: 'VISIBLE', version: 4, body, pendingBody: { text: LINKS } });
      expect(await seen(gateway, id)).toMatchObject({ body, pendingBody: null });
      expect((await queued()).map((one) => one.id)).toContain(id);
      // Another moderator has seen the comment without its edit.
      expect(await decide('APPROVE', id, 3, second)).toMatchObject({ code: 'CONFLICT' });
      await decide('APPROVE', id, 4);
      expect(await seen(gateway, id)).toMatchObject({ body: { text: LINKS } });
    }
  });

  it('that was hidden is not published by APPROVE, as moderators do not see it: it waits again beside the approved text', async () => {
    const { comment } = await add(ann);
    const { id, body } = comment!;
    await edit(ann, id, LINKS);
    await decide('SPAM', id, 2);
    const { data } = await moderator.ask<{ moderationQueue: { nodes: Seen[] } }>(
      `{ moderationQueue(status: SPAM, first: 100) { nodes { ${SEEN} } } }`,
    );
    expect(data.moderationQueue.nodes.find((one) => one.id === id)).toMatchObject({ version: 3, pendingBody: null });
    const [approved] = (await decide('APPROVE', id, 3)).comments!;
    expect(approved).toMatchObject({ status: 'VISIBLE', body, pendingBody: { text: LINKS } });
    expect(await seen(gateway, id)).toMatchObject({ body, pendingBody: null });
    expect((await queued()).map((one) => one.id)).toContain(id);
    expect(await decide('APPROVE', id, 3, second)).toMatchObject({ code: 'CONFLICT' });
    await decide('APPROVE', id, 4);
    expect(await seen(gateway, id)).toMatchObject({ body: { text: LINKS } });
  });

  it('goes on waiting when reports hide the comment, and is published with it', async () => {
    const id = await heldEdit();
    await run(otto, 'reportComment', { commentId: id, reason: 'Rude' });
    expect(await seen(gateway, id)).toBeNull();
    expect((await queued()).filter((one) => one.id === id)).toMatchObject([
      { status: 'PENDING', pendingBody: { text: LINKS } },
    ]);
    expect((await seen(ann, id)).viewer.reasons).toEqual([
      expect.stringContaining('3 links'),
      expect.stringContaining('Reported by 1'),
    ]);
    await decide('APPROVE', id, 2);
    expect(await seen(gateway, id)).toMatchObject({ body: { text: LINKS } });
  });

  it('has one reason for reports, those since the last decision', async () => {
    const id = await heldEdit();
    for (const [version, name] of [
      [2, 'Otto'],
      [3, 'Olga'],
    ] as const) {
      await run(gateway.as({ name }), 'reportComment', { commentId: id, reason: 'Rude' });
      expect((await seen(ann, id)).viewer.reasons).toEqual([
        expect.stringContaining('3 links'),
        'Reported by 1 readers.',
      ]);
      await decide('SPAM', id, version);
      await decide('RESTORE', id, version + 1);
    }
  });

  it('of a discussion that is closed since can be decided, and its author cannot change it', async () => {
    const { comment } = await add(ann, 3);
    const { id, body } = comment!;
    await edit(ann, id, LINKS);
    await gateway.sql.query(`UPDATE article SET comment_policy = 'CLOSED' WHERE id = 3`);
    for (const text of [LINKED, body!.text])
      expect(await edit(ann, id, text)).toMatchObject({ code: 'COMMENTS_CLOSED' });
    expect(await seen(ann, id)).toMatchObject({ body, pendingBody: { text: LINKS } });
    await decide('APPROVE', id, 2);
    expect(await seen(gateway, id)).toMatchObject({ body: { text: LINKS } });
  });

  it('of a moderated article waits, for a guest too, whose comment stays; a comment never approved is edited as before', async () => {
    const { receipt, comment } = await add(gateway, 2, { guest: GUEST });
    const { id } = comment!;
    const inPlace = await edit(gateway, id, 'Other words', receipt);
    expect(inPlace).toMatchObject({ held: true, comment: { status: 'PENDING', body: { text: 'Other words' } } });
    await decide('APPROVE', id, 2);
    const edited = await edit(gateway, id, 'Third words', receipt);
    expect(edited).toMatchObject({ held: true, comment: { status: 'VISIBLE', body: { text: 'Other words' } } });
    expect(await seen(gateway, id)).toMatchObject({ body: { text: 'Other words' }, pendingBody: null, version: 2 });
    await decide('APPROVE', id, 3);
    expect(await seen(gateway, id)).toMatchObject({ body: { text: 'Third words' } });
  });

  it('waits below a hidden comment, too', async () => {
    const parent = (await add(ann)).comment!.id;
    const { id, body } = (await add(ann, 1, { parentId: parent })).comment!;
    await decide('REJECT', parent, 1);
    const state = await publicState();
    expect(await edit(ann, id, LINKS)).toMatchObject({ held: true, comment: { body } });
    await decide('APPROVE', id, 2);
    expect(await publicState()).toEqual(state);
    await decide('APPROVE', parent, 1);
    expect(await seen(gateway, id)).toMatchObject({ body: { text: LINKS } });
  });
});

describe('the moderation queue', () => {
  interface Queue {
    moderationQueue: { nodes: Seen[]; pageInfo: { hasNextPage: boolean; endCursor: string }; totalCount: number };
  }
  const QUEUE = `query ($first: Int, $after: String, $articleId: ID) {
    moderationQueue(first: $first, after: $after, articleId: $articleId) {
      nodes { ${SEEN} } pageInfo { hasNextPage endCursor } totalCount } }`;

  it('has held edits between pending comments in order of time, each once, whatever the size of a page', async () => {
    const articleId = encodeId('Article', 2);
    const waiting: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { comment } = await add(ann, 2);
      await decide('APPROVE', comment!.id, 1);
      await edit(ann, comment!.id, `Changed ${n}`);
      waiting.push(comment!.id, (await add(ann, 2)).comment!.id);
    }
    const found: string[] = [];
    for (let after: string | null = null; ; ) {
      const answer: Answer<Queue> = await moderator.ask<Queue>(QUEUE, { first: 2, after, articleId });
      const { nodes, pageInfo, totalCount } = answer.data.moderationQueue;
      found.push(...nodes.map(({ id }) => id));
      expect(totalCount).toBe(waiting.length);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(found).toEqual(waiting);
    const [one, many] = [
      await moderator.ask(QUEUE, { first: 1, articleId }),
      await moderator.ask(QUEUE, { first: 6, articleId }),
    ];
    expect(many.statements).toHaveLength(one.statements.length);
  });

  it('is read by its indexes, in their order', async () => {
    await gateway.sql.query(`BEGIN;
      INSERT INTO comment (article_id, author_id, path, depth, status, visible, body_source, body_html, body_text, created_at)
        SELECT 1, 1, ARRAY[100000 + n], 0, CASE WHEN n % 10 = 0 THEN 'PENDING' ELSE 'VISIBLE' END::"CommentStatus", n % 10 > 0, '', '', '',
          now() - n * interval '1 minute' FROM generate_series(1, 5000) n;
      INSERT INTO comment_held_edit SELECT id, '', '', '', now() FROM comment WHERE status = 'VISIBLE' AND path[1] > 100000 AND id % 10 = 5;
      ANALYZE comment`);
    try {
      const { statements } = await gateway
        .statementsDuring(() => Promise.resolve())
        .then(() => moderator.ask(QUEUE, { first: 5 }));
      const statement = statements.find((text) => text.includes('c.waiting'))!;
      const { rows } = await gateway.sql.query(`EXPLAIN (COSTS off) ${statement}`, [[0], [6]]);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain('comment_waiting_created_at_id_idx');
      expect(plan).not.toMatch(/Sort|Seq Scan on comment/);
    } finally {
      await gateway.sql.query('ROLLBACK');
    }
  });
});
