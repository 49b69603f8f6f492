import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import { migrate } from '../src/database/migrate/migrate.ts';
import { readMigrations } from '../src/database/migrate/migration-files.ts';
import { projectRoot } from '../src/root.ts';
import { asSeen } from './as-seen.ts';
import type { Client } from './client.ts';
import { createEmptyDatabase } from './database.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
let moderator: Client;
let reader: Client;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      articles: [
        { id: 1, title: 'An article of the zoo', text: 'We are at the zoo, and they are not.' },
        { id: 2, title: 'Okapi', text: 'One okapi.' },
        { id: 3 },
        { id: 4 },
        { id: 5, title: 'Ein Artikel', text: 'Das ist ein Artikel, und er ist nicht lang.' },
      ],
    }),
  );
  moderator = gateway.as({ name: 'Mo', role: 'ADMIN' });
  reader = gateway.as({ name: 'Rea' });
});

afterAll(() => gateway.stop());

afterEach(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
});

interface Hit {
  cursor: string;
  headline: string;
  node: { kind: string; id: string; body?: { text: string } };
}

interface Found {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  edges: Hit[];
}

async function search(query: string, args: object = {}, client: Client = gateway): Promise<Found> {
  const { data, errors } = await client.ask<{ search: Found }>(
    `query ($query: String!, $first: Int, $after: String) { search(query: $query, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { cursor headline node { kind: __typename ... on Node { id } ... on Comment { body { text } author { name } article { slug } } } } } }`,
    { query, first: 100, ...args },
  );
  expect(errors).toBeUndefined();
  return data.search;
}

const found = async (query: string, client?: Client): Promise<string[]> =>
  (await search(query, {}, client)).edges.map(({ node }) => node.body?.text ?? node.kind);

async function run(client: Client, field: string, input: object, select = ''): Promise<Record<string, unknown>> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}`;
  const { data, errors } = await client.ask<Record<string, Record<string, unknown>>>(
    `mutation ($input: ${type}Input!) { ${field}(input: $input) { __typename ... on Error { code message } ${select} } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  expect(data[field]!.__typename).toMatch(/Success$/);
  return data[field]!;
}

async function add(
  body: string,
  { article = 1, parentId }: { article?: number; parentId?: string } = {},
): Promise<string> {
  const input = { articleId: encodeId('Article', article), body, ...(parentId && { parentId }) };
  const { comment } = await run(reader, 'addComment', input, '... on AddCommentSuccess { comment { id } }');
  return (comment as { id: string }).id;
}

async function moderate(ids: string[], action: string): Promise<void> {
  await run(moderator, 'moderateComments', { comments: await asSeen(gateway.sql, ids), action });
}

describe('a search for comments', () => {
  it('finds them by their words, with a headline, and after an article that has them as well', async () => {
    await add('The **okapis** were tired.', { article: 1 });
    const { edges, totalCount } = await search('okapi');
    expect(totalCount).toBe(2);
    expect(edges.map(({ node }) => node.kind)).toEqual(['Article', 'Comment']);
    expect(edges[1]!.headline).toBe('The <mark>okapis</mark> were tired.');
    expect(edges[1]!.node).toMatchObject({ author: { name: 'Rea' }, article: { slug: 'article-1' } });
  });

  it('follows an edit', async () => {
    const id = await add('A quagga of before.');
    await run(reader, 'editComment', { id, body: 'A zebra of now.' });
    expect(await found('quagga')).toEqual([]);
    expect(await found('zebras')).toEqual(['A zebra of now.']);
  });

  it.each(['PENDING', 'REJECTED', 'SPAM', 'REMOVED'])(
    'never finds a comment that is %s, for nobody',
    async (status) => {
      const id = await add(`Secretword${status} here.`);
      const replies = [await add(`Replyword${status} one.`, { parentId: id })];
      replies.push(await add(`Replyword${status} two.`, { parentId: replies[0]! }));
      expect(await found(`Secretword${status}`)).toHaveLength(1);
      expect(await found(`Replyword${status}`)).toHaveLength(2);
      const action = { PENDING: 'RESTORE', REJECTED: 'REJECT', SPAM: 'SPAM', REMOVED: 'REMOVE' }[status]!;
      if (status === 'PENDING') {
        // Held from the beginning, so what is restored is pending again.
        await gateway.sql.query(`UPDATE comment SET status = 'PENDING' WHERE body_text LIKE $1`, [
          `Secretword${status}%`,
        ]);
        await verify({ url: gateway.databaseUrl, repair: true });
      } else await moderate([id], action);
      for (const client of [gateway, reader, moderator]) {
        expect(await found(`Secretword${status}`, client)).toEqual([]);
        // A removed comment keeps its place, and its replies stay.
        expect(await found(`Replyword${status}`, client)).toHaveLength(status === 'REMOVED' ? 2 : 0);
      }
      await moderate([id], status === 'PENDING' ? 'APPROVE' : 'RESTORE');
      expect(await found(`Secretword${status}`)).toHaveLength(1);
      expect(await found(`Replyword${status}`)).toHaveLength(2);
    },
  );

  it('finds none of an article that is unpublished, and them again after it is published, without writing them', async () => {
    await add('Numbat on three.', { article: 3 });
    const before = await gateway.sql.query(`SELECT ctid FROM search_comment ORDER BY comment_id`);
    await run(moderator, 'unpublishArticle', { id: encodeId('Article', 3) });
    for (const client of [gateway, reader, moderator]) expect((await search('numbat', {}, client)).totalCount).toBe(0);
    await run(moderator, 'publishArticle', { id: encodeId('Article', 3) });
    expect(await found('numbats')).toEqual(['Numbat on three.']);
    const after = await gateway.sql.query(`SELECT ctid FROM search_comment ORDER BY comment_id`);
    expect(after.rows).toEqual(before.rows);
  });

  it('finds none of an article that is deleted, and nothing of it stays in the index', async () => {
    await add('Kakapo on four.', { article: 4 });
    expect(await found('kakapo')).toHaveLength(1);
    await run(moderator, 'unpublishArticle', { id: encodeId('Article', 4) });
    await run(moderator, 'deleteArticle', { id: encodeId('Article', 4), expectedVersion: 1 });
    expect(await found('kakapo')).toEqual([]);
    const left = await gateway.sql.query('SELECT FROM search_comment WHERE article_id = 4');
    expect(left.rowCount).toBe(0);
  });

  it("stems them by their article's language, or by their own where that is clear", async () => {
    await add('Schönhäuser brannten.', { article: 5 });
    await add('They were not in the littlehouses, because they had gone with them.', { article: 5 });
    expect(await found('schonhaus')).toEqual(['Schönhäuser brannten.']);
    expect(await found('littlehouse')).toHaveLength(1);
    // The job computes them anew after the article's language has changed.
    await run(moderator, 'updateArticle', { id: encodeId('Article', 5), expectedVersion: 1, language: 'pl' });
    await until('the job has run', async () => (await gateway.sql.query('SELECT FROM search_rebuild')).rowCount === 0);
    const { rows } = await gateway.sql.query(`SELECT language FROM search_comment
      WHERE article_id = 5 ORDER BY comment_id`);
    expect(rows).toEqual([{ language: 'und' }, { language: 'en' }]);
  });

  it('takes one statement, two for a page that reaches comments, whatever its size, and four when nothing is found', async () => {
    const count = async (query: string, first: number) =>
      (
        await gateway.ask(
          `{ search(query: "${query}", first: ${first}) { edges { headline node { __typename ... on Comment { body { html } author { name } } } } } }`,
        )
      ).statements.length;
    expect(await count('okapi OR the OR of', 1)).toBe(1);
    expect(await count('okapi OR the OR of', 50)).toBe(2);
    expect(await count('okapi OR the OR of', 100)).toBe(2);
    expect(await count('qqqqqq', 100)).toBe(4);
  });
});

describe('pages of articles and comments', () => {
  it('have no gap and nothing twice while others are written, hidden and removed', async () => {
    for (let n = 0; n < 40; n += 1)
      await add(`Walkword ${'walkword '.repeat(n % 3)}comment ${n}.`, { article: 1 + (n % 3) });
    await gateway.sql.query(`UPDATE article SET title = 'Walkword', body_text = 'Walkword' WHERE id IN (2, 5)`);
    const stable = (await search('walkword')).edges.map(({ node }) => node.id);
    expect(stable).toHaveLength(42);
    const hidden = stable[30]!;
    const seen: string[] = [];
    for (let after: string | null = null, page = 0; ; page += 1) {
      const { edges, pageInfo }: Found = await search('walkword', { first: 5, after });
      seen.push(...edges.map(({ node }) => node.id));
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
      await add('Walkword walkword that is new.');
      if (page === 2) await moderate([hidden], 'REJECT');
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => stable.includes(id))).toEqual(stable.filter((id) => id !== hidden));
  });
});

describe('verify', () => {
  it('finds documents of comments and words that are missing or wrong, and repairs them', async () => {
    await add('Wombatverify here.');
    await gateway.sql.query(`UPDATE search_comment SET visible = false WHERE comment_id = (SELECT max(id) FROM comment);
      DELETE FROM search_comment WHERE comment_id = (SELECT min(id) FROM comment);
      INSERT INTO search_document (kind, entity_id, visible, words) VALUES ('article', 999999, true, 'ghost');
      UPDATE search_document SET language = 'fr' WHERE kind = 'article' AND entity_id = 1;
      DELETE FROM search_word WHERE word = 'numbat'`);
    await gateway.sql.query('ALTER TABLE article DISABLE TRIGGER USER');
    await gateway.sql.query(`UPDATE article SET detected_language = 'it' WHERE id = 3`);
    await gateway.sql.query('ALTER TABLE article ENABLE TRIGGER USER');
    const findings = await verify({ url: gateway.databaseUrl, repair: true });
    expect(findings.map(({ description }) => description)).toEqual([
      'articles whose detected language is wrong',
      'search documents that differ from their article, author or topic',
      'search documents that differ from their comment',
      'words that the correction of typing mistakes does not know',
    ]);
    expect(findings.map(({ count }) => count)).toEqual([1, 2, 2, 1]);
    expect(await found('wombatverify')).toHaveLength(1);
    expect(await found('ghost')).toEqual([]);
  });
});

it('an existing database is upgraded, and filled in batches that a restart continues', async () => {
  const { url, drop } = await createEmptyDatabase();
  const former = await mkdtemp(join(tmpdir(), 'broadsheet-migrations-'));
  const directory = join(projectRoot, 'prisma', 'migrations');
  for (const { name } of await readMigrations(directory))
    if (name < '20261126155000') await cp(join(directory, name), join(former, name), { recursive: true });
  await migrate(url, { directory: former });
  const sql = new pg.Client({ connectionString: url });
  await sql.connect();
  try {
    await write(sql, {
      authors: [{ id: 1, name: 'Zoë' }],
      topics: [{ id: 1, name: 'Été' }],
      articles: [
        { id: 1, title: 'Die alten Häuser stehen nicht mehr', topics: [1] },
        { id: 2, title: 'Other' },
      ],
      comments: Array.from({ length: 700 }, (_, i) => ({ id: i + 1, article: 1, status: i % 7 ? 'VISIBLE' : 'SPAM' })),
    });
    await migrate(url);
    const documents = async () => (await sql.query('SELECT FROM search_comment')).rowCount;
    expect(await documents()).toBe(0);
    const step = async (size: number) =>
      (await sql.query<{ done: number }>('SELECT search_rebuild_some($1) AS done', [size])).rows[0]!.done;
    expect(await step(120)).toBe(120);
    // Of 100 comments, 15 are spam.
    expect(await documents()).toBe(85);
    // A comment that is written meanwhile is neither forgotten nor overwritten, and a locked article is passed.
    await sql.query(`UPDATE comment SET body_text = 'Edited' WHERE id = 700`);
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query('BEGIN; SELECT FROM article WHERE id = 1 FOR UPDATE');
    await step(1_000);
    expect(await documents()).toBe(86);
    await other.query('ROLLBACK');
    await other.end();
    while ((await step(300)) > 0);
    expect(await documents()).toBe(600);
    expect(await verify({ url, repair: false })).toEqual([]);
  } finally {
    await sql.end();
    await drop();
    await rm(former, { recursive: true });
  }
});
