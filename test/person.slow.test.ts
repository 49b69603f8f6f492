import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import { importWordPress } from '../src/import/wordpress/import-wordpress.ts';
import { asSeen } from './as-seen.ts';
import type { Client } from './client.ts';
import { exportOf } from './fixtures/wordpress/export.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { runCommand } from './program.ts';
import { write } from './seed.ts';

/** Words that only one person has brought here, each by another way. */
const MARKS = {
  guestName: 'qzxguestname',
  guestPage: 'qzxguestpage',
  email: 'qzxemail',
  guestText: 'qzxguesttext',
  guestFirstText: 'qzxfirsttext',
  key: 'qzxrequestkey',
  memberName: 'qzxmembername',
  memberText: 'qzxmembertext',
  memberFirstText: 'qzxearliertext',
  heldText: 'qzxheldtext',
  bio: 'qzxbiography',
  page: 'qzxprofilepage',
  avatar: 'qzxavatar',
  reportByThem: 'qzxreportbythem',
  reportOnThem: 'qzxreportonthem',
  decision: 'qzxdecision',
  formerAddress: 'qzxaddress',
  login: 'qzxlogin',
  staffName: 'qzxstaffname',
  importedText: 'qzximportedtext',
  importedGuest: 'qzximportedguest',
  waitingText: 'qzxwaitingtext',
};

const EMAIL = `${MARKS.email}@person.example`;
const PAGE = `{ article(slug: "article-1") { commentCount comments(orderBy: OLDEST) { nodes { id depth status body { text } author { name url }
  replies { nodes { body { text } author { name } reactions: __typename } } reactions { kind count } } } }
  author(slug: "${MARKS.login}") { name bio { text } } search(query: "${MARKS.memberText}") { totalCount } }`;

const SITE = exportOf({
  authors: [{ id: 5, login: MARKS.login, name: `Jo ${MARKS.staffName}`, email: EMAIL.toUpperCase() }],
  posts: [
    {
      id: 1,
      slug: 'imported',
      creator: MARKS.login,
      comments: [
        { id: 1, author: MARKS.importedGuest, email: EMAIL, text: `${MARKS.importedText} by a guest` },
        { id: 2, parent: 1, author: 'Other', email: 'other@person.example', text: 'A reply of somebody else' },
        { id: 3, parent: 2, userId: 5, author: 'Jo', email: EMAIL, text: `${MARKS.importedText} by staff` },
      ],
    },
  ],
});

let gateway: TestGateway;
let folder: string;
let receipt: string;
let ids: { member: string; guest: string };
let shape: unknown[];
/** The person's data before the removal. */
let data: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet person '));
  await writeFile(join(folder, 'site.xml'), SITE);
  gateway = await startGateway(
    async (sql) => {
      await write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2, policy: 'MODERATED' }] });
      // Times are read in whatever form the database is set to write them.
      await sql.query(
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET DateStyle = German', current_database()); END $$`,
      );
    },
    { CACHE_SIZE: '1000000', PUBLIC_URL: 'https://site.example/', HOLD_LINKS: '2' },
  );
  await importSite();
  await writeMarks();
  await jobsHaveRun();
  shape = await readShape();
});

afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true });
});

function importSite(overwrite = false): Promise<unknown> {
  const out = new Writable({ write: (_chunk, _encoding, done) => done() });
  return importWordPress({ file: join(folder, 'site.xml'), url: gateway.databaseUrl, out, overwrite });
}

async function mutate<Result>(
  client: Client,
  name: string,
  input: Record<string, unknown>,
  select = '',
): Promise<Result> {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const { data: result, errors } = await client.ask<Record<string, Result & { message?: string }>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on Error { message } ${select} } }`,
    { input },
  );
  expect([errors, result?.[name]?.message]).toEqual([undefined, undefined]);
  return result[name]!;
}

interface Added {
  comment: { id: string };
  receipt: string;
}

const add = (client: Client, input: Record<string, unknown>): Promise<Added> =>
  mutate<Added>(
    client,
    'addComment',
    { articleId: encodeId('Article', 1), ...input },
    '... on AddCommentSuccess { receipt comment { id } }',
  );

async function writeMarks(): Promise<void> {
  const member = gateway.as({ name: `Ann ${MARKS.memberName}` });
  const other = gateway.as({ name: 'Other' });
  const moderator = gateway.as({ name: 'Mona', role: 'MODERATOR' });
  const guest = { name: `Gus ${MARKS.guestName}`, email: EMAIL, url: `https://${MARKS.guestPage}.example/` };

  const first = await add(member, { body: MARKS.memberFirstText });
  await mutate(member, 'editComment', { id: first.comment.id, body: `Some ${MARKS.memberText}` });
  await mutate(member, 'editComment', {
    id: first.comment.id,
    body: `${MARKS.heldText} https://a.example https://b.example`,
  });
  const reply = await add(other, { body: 'A reply that stays', parentId: first.comment.id });
  const nested = await add(gateway, {
    body: MARKS.guestFirstText,
    parentId: reply.comment.id,
    guest,
    idempotencyKey: MARKS.key,
  });
  await mutate(gateway, 'editComment', { id: nested.comment.id, body: MARKS.guestText, receipt: nested.receipt });
  await add(other, { body: 'The deepest', parentId: nested.comment.id });
  await add(member, { body: MARKS.waitingText, articleId: encodeId('Article', 2) });
  await mutate(member, 'updateProfile', {
    bio: `Loves ${MARKS.bio}`,
    url: `https://${MARKS.page}.example/`,
    avatarUrl: `https://cdn.example/${MARKS.avatar}.png`,
  });
  await mutate(member, 'react', { commentId: reply.comment.id, kind: 'LIKE' });
  await mutate(other, 'react', { commentId: reply.comment.id, kind: 'LIKE' });
  await mutate(member, 'reportComment', { commentId: reply.comment.id, reason: MARKS.reportByThem });
  await mutate(other, 'reportComment', { commentId: first.comment.id, reason: MARKS.reportOnThem });
  await mutate(moderator, 'moderateComments', {
    action: 'PIN',
    comments: await asSeen(gateway.sql, [first.comment.id]),
    reason: MARKS.decision,
  });
  await gateway.sql.query(`UPDATE author SET email = $1 WHERE name LIKE '%${MARKS.memberName}'`, [EMAIL]);
  await gateway.sql.query(
    `INSERT INTO author_address (path, author_id) SELECT '/people/${MARKS.formerAddress}', id FROM author WHERE slug = '${MARKS.login}'`,
  );
  receipt = nested.receipt;
  ids = { member: first.comment.id, guest: nested.comment.id };
}

/** Reactions and changed profiles have their events, which would change the tables during a later test. */
function jobsHaveRun(): Promise<void> {
  return until('no event is owed', async () => {
    const { rowCount } = await gateway.sql.query(
      'SELECT comment_id FROM comment_reaction_notice UNION ALL SELECT author_id FROM author_notice',
    );
    return rowCount === 0;
  });
}

/** The discussions as trees. */
async function readShape(): Promise<unknown[]> {
  const { rows } = await gateway.sql.query(
    'SELECT id, article_id, parent_id, path, depth, visible, reply_count, descendant_count, created_at FROM comment ORDER BY id',
  );
  return rows;
}

/** Every row of every table as text, in small letters. */
async function dump(): Promise<string> {
  const tables = await gateway.sql.query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = current_schema()`,
  );
  expect(tables.rows.length).toBeGreaterThan(30);
  let text = '';
  for (const { name } of tables.rows)
    for (const { row } of (await gateway.sql.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)).rows)
      text += `${name} ${row}\n`;
  return text.toLowerCase();
}

const found = (text: string): string[] => Object.values(MARKS).filter((mark) => text.toLowerCase().includes(mark));

const run = (...options: string[]) =>
  runCommand(options, { environment: { DATABASE_URL: gateway.databaseUrl, PUBLIC_URL: 'https://site.example/' } });

const feeds = async (): Promise<string> => {
  const { origin } = new URL(gateway.url);
  const paths = [
    'feed.xml',
    'feed.json',
    'comments/feed.xml',
    'comments/feed.json',
    'articles/article-1/comments/feed.xml',
    'sitemap.xml',
  ];
  return (
    await Promise.all(
      [...paths, `authors/${MARKS.login}/feed.xml`].map(async (path) => (await fetch(`${origin}/${path}`)).text()),
    )
  ).join('\n');
};

const page = async (): Promise<string> => JSON.stringify((await gateway.ask(PAGE)).data);

describe('person', () => {
  it('export writes all that there is of a person, whichever name of theirs is given', async () => {
    const file = join(folder, 'a person.json');
    expect(await run('person', 'export', EMAIL, file)).toMatchObject({ code: 0 });
    data = await readFile(file, 'utf8');
    expect(found(data)).toEqual(Object.values(MARKS));
    expect(data).not.toContain('A reply that stays');
    const person = JSON.parse(data) as Record<string, unknown[]>;
    const bySlug = await run('person', 'export', MARKS.login);
    expect(JSON.parse(bySlug.output).comments).toEqual(person.comments);
    expect(person.accounts).toHaveLength(4);
    expect(person.comments).toHaveLength(5);
    for (const { created_at } of person.comments as { created_at: unknown }[])
      expect(created_at).toBe(new Date(created_at as string).toISOString());
  });

  it('has times in the pages of staff', async () => {
    const { article } = await mutate<{ article: { revisions: { nodes: { at: string }[] } } }>(
      gateway.as({ name: 'Wren', role: 'WRITER' }),
      'createArticle',
      { title: 'Times', markdown: 'Some' },
      '... on ArticleSuccess { article { revisions { nodes { at } } } }',
    );
    expect(article.revisions.nodes).toEqual([{ at: expect.stringMatching(/^\d{4}-.*Z$/) }]);
  });

  it.each([['nobody@person.example'], [''], ['%'], ["' OR true --"]])(
    'refuses "%s", which means nobody',
    async (name) => {
      const before = await dump();
      const { code, errors } = await run('person', 'remove', name, '--articles', 'keep');
      expect([code, errors]).toEqual([1, expect.stringContaining('Nobody has')]);
      expect(await dump()).toBe(before);
    },
  );

  it('remove changes nothing until it is said what becomes of articles, nor in a dry run', async () => {
    expect(found(await dump())).toEqual(Object.values(MARKS));
    const before = await dump();
    const undecided = await run('person', 'remove', EMAIL);
    expect([undecided.code, undecided.errors]).toEqual([1, expect.stringContaining('--articles keep')]);
    const toNobody = await run('person', 'remove', EMAIL, '--articles', MARKS.login);
    expect([toNobody.code, toNobody.errors]).toEqual([1, expect.stringContaining('No other author')]);
    const dry = await run('person', 'remove', EMAIL, '--articles', 'keep', '--dry-run');
    expect([dry.code, dry.output]).toEqual([0, expect.stringContaining('Dry run, nothing was changed')]);
    expect(await dump()).toBe(before);
  });

  it('remove leaves none of their marks in the database, responses, feeds and exports, and threads as they were', async () => {
    // Kept by the cache.
    expect(found(await page())).not.toEqual([]);
    expect(await page()).toBe(await page());
    expect(found(await feeds())).not.toEqual([]);
    const watching = gateway.subscribe<{ commentEvents: { __typename: string } }>(
      `subscription { commentEvents(articleId: "${encodeId('Article', 1)}") { __typename } }`,
    );
    await watching.arrived(1);
    const moderator = gateway.as({ name: 'Mona', role: 'MODERATOR' });

    const { code, output } = await run('person', 'remove', EMAIL, '--articles', 'author-1', '--json');
    expect(code).toBe(0);
    const { removed } = JSON.parse(output);
    expect(removed).toMatchObject({
      authors: 4,
      comments: 5,
      bylines: 1,
      reactions: 1,
      reports: 2,
      'idempotency keys': 1,
    });

    expect(found(await dump())).toEqual([]);
    expect(found(await page())).toEqual([]);
    expect(found(await feeds())).toEqual([]);
    const queue = '{ moderationQueue(status: REMOVED) { nodes { id body { text } author { name } } } }';
    expect(found(JSON.stringify((await moderator.ask(queue)).data))).toEqual([]);
    const { data: own } = await gateway.ask(
      `{ commentByReceipt(receipt: "${receipt}") { id status body { text } author { name } } }`,
    );
    expect(found(JSON.stringify(own))).toEqual([]);
    expect((await run('export', join(folder, 'archive.ndjson'))).code).toBe(0);
    expect(found(await readFile(join(folder, 'archive.ndjson'), 'utf8'))).toEqual([]);
    expect(await run('person', 'export', EMAIL)).toMatchObject({ code: 1, output: '' });
    await expectEvent(watching, 'ResyncRequired');
    await watching.stop();

    const after = (await readShape()) as { id: number; parent_id: number | null; path: number[]; depth: number }[];
    const structure = (rows: unknown[]) =>
      (rows as typeof after).map(({ id, parent_id, path, depth }) => ({ id, parent_id, path, depth }));
    expect(structure(after)).toEqual(structure(shape));
    const { data: shown } = await gateway.ask<{ comment: unknown; reply: { reactions: unknown } }>(
      `{ comment(id: "${ids.member}") { status body { text } author { name } descendantCount replies { nodes { body { text } reactions { kind count } } } } }`,
    );
    expect(shown.comment).toEqual({
      status: 'REMOVED',
      body: null,
      author: null,
      descendantCount: 2,
      replies: { nodes: [{ body: { text: 'A reply that stays' }, reactions: [{ kind: 'LIKE', count: 1 }] }] },
    });
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  });

  it('remove takes what was written in the meantime for an author who is removed already', async () => {
    const { rows } = await gateway.sql.query<{ slug: string }>(
      `UPDATE comment SET status = 'VISIBLE', body_text = '${MARKS.memberText}', body_source = '${MARKS.memberText}'
       FROM author a WHERE a.id = author_id AND starts_with(a.guest_key, 'removed:') AND comment.id = 4 RETURNING a.slug`,
    );
    expect(found(await dump())).toEqual([MARKS.memberText]);
    expect((await run('person', 'remove', rows[0]!.slug)).code).toBe(0);
    expect(found(await dump())).toEqual([]);
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  });

  it('a later import of the same export brings nothing back, not even with --overwrite', async () => {
    const ofTheirs = `SELECT p.external_id, p.digest, p.written FROM provenance p JOIN comment c ON c.id = p.entity_id AND p.kind = 'comment'
      WHERE c.withdrawn ORDER BY 1`;
    const before = (await gateway.sql.query(ofTheirs)).rows;
    expect(before).toContainEqual({ external_id: '1', digest: '', written: null });
    await importSite();
    await importSite(true);
    expect(found(await dump())).toEqual([]);
    // A digest of a text tells whether a text is the one.
    expect((await gateway.sql.query(ofTheirs)).rows).toEqual(before);
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  });

  it('nor does one after an imported article was deleted', async () => {
    const { rows } = await gateway.sql.query<{ id: number; version: number }>(
      `UPDATE article SET status = 'ARCHIVED' WHERE slug = 'imported' RETURNING id, version`,
    );
    const { id, version } = rows[0]!;
    const admin = gateway.as({ name: 'Ada', role: 'ADMIN' });
    await mutate(admin, 'deleteArticle', { id: encodeId('Article', id), expectedVersion: version });
    await importSite();
    const imported = await gateway.sql.query<{ text: string }>(
      `SELECT c.body_text AS text FROM comment c JOIN article a ON a.id = article_id WHERE a.slug = 'imported'`,
    );
    expect(imported.rows).toEqual([{ text: 'A reply of somebody else' }]);
    expect(found(await dump())).toEqual([]);
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  });
});

/** Waits until a followed discussion has an event of this type. */
async function expectEvent(
  subscription: { received: { commentEvents: { __typename: string } }[]; arrived(count: number): Promise<unknown> },
  type: string,
): Promise<void> {
  for (let count = 1; ; count++) {
    await subscription.arrived(count);
    if (subscription.received[count - 1]!.commentEvents.__typename === type) return;
  }
}
