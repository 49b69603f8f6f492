import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import type { Answer, Client } from './client.ts';
import { NO_COST_LIMIT, startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

const COMMENTS = 40;
/** A document is compiled after some executions: the last of these are answered by compiled code. */
const EXECUTIONS = 6;

let gateway: TestGateway;
let moderator: Client;

beforeAll(async () => {
  gateway = await startGateway(async (sql) => {
    await write(sql, {
      authors: [
        { id: 1, bio: 'Some lines' },
        { id: 2, kind: 'MEMBER', bio: 'Other lines' },
        { id: 3, kind: 'GUEST' },
      ],
      topics: Array.from({ length: 40 }, (_, i) => ({ id: i + 1, ...(i > 0 && { parent: Math.ceil(i / 3) }) })),
      articles: Array.from({ length: COMMENTS }, (_, i) => ({ id: i + 1, status: 'DRAFT' })),
      comments: Array.from({ length: COMMENTS }, (_, i) => ({
        id: i + 1,
        article: 1,
        author: 1 + (i % 3),
        status: 'PENDING',
      })),
    });
    await sql.query(`INSERT INTO comment_report (comment_id, author_id, reason)
      SELECT comment, author, 'Reason ' || author FROM generate_series(1, ${COMMENTS}) comment, generate_series(1, 3) author`);
    await sql.query(`INSERT INTO moderation_entry (comment_id, author_id, action, status, reason)
      SELECT comment, nullif(author, 3), CASE author WHEN 1 THEN 'REJECT'::"ModerationAction" END, 'PENDING', 'Reason ' || author
      FROM generate_series(1, ${COMMENTS}) comment, generate_series(1, 3) author ORDER BY comment, author`);
    await sql.query(`INSERT INTO comment_version (comment_id, body_source, body_format, body_html, body_text, written_at, replaced_by_id)
      SELECT comment, 'Text *' || n || '*', 'MARKDOWN', '<p>' || n || '</p>', 'Text ' || n, now(), 1
      FROM generate_series(1, ${COMMENTS}) comment, generate_series(1, 2) n ORDER BY comment, n`);
    await sql.query(`INSERT INTO article_revision (article_id, version, editor_id, title, slug, excerpt, body_source)
      SELECT article, version, CASE WHEN version > 2 THEN 1 END, 'Title ' || version, 'slug-' || version, 'Excerpt', 'Text ' || version
      FROM generate_series(1, ${COMMENTS}) article, generate_series(2, 9) version`);
  }, NO_COST_LIMIT);
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  // The first request of a person writes their author row.
  await moderator.ask('{ viewer { role } }');
});

afterAll(() => gateway.stop());

const sentByPrisma = ({ statements }: Answer<unknown>) => statements.filter((text) => text.includes('"public".'));

/** Answers of the same document executed repeatedly, the last of them by compiled code. */
async function answersOf<Data>(as: Client, query: string, variables: object): Promise<Answer<Data>[]> {
  const answers = [];
  for (let i = 0; i < EXECUTIONS; i++) answers.push(await as.ask<Data>(query, { ...variables }));
  for (const { data, errors } of answers) expect({ data, errors }).toEqual({ data: answers[0]!.data });
  return answers;
}

const author = 'author { name bio { html } articleCount }';
const MODERATION: Record<string, { fields: string; tables: string[] }> = {
  reports: { fields: `reports { ${author} reason settled at }`, tables: ['comment_report', 'author'] },
  history: {
    fields: 'history { by { name bio { text } } action status reason at }',
    tables: ['moderation_entry', 'author'],
  },
  versions: {
    fields: 'versions { body { html text markdown } writtenAt replacedAt replacedBy { name slug kind } }',
    tables: ['comment_version', 'author'],
  },
  author: { fields: author, tables: ['author'] },
  guestEmail: { fields: 'guestEmail', tables: ['author'] },
  body: { fields: 'body { html text markdown }', tables: [] },
  holdReasons: { fields: 'holdReasons', tables: [] },
};
const ALL = Object.values(MODERATION)
  .map(({ fields }) => fields)
  .join(' ');

interface Queue {
  moderationQueue: { nodes: { id: string; moderation: Record<string, unknown> }[] };
}

const queue = (fields: string) =>
  `query ($first: Int!) { moderationQueue(first: $first) { nodes { id moderation { ${fields} } } } }`;

describe('Comment.moderation', () => {
  it.each(Object.entries(MODERATION))(
    'reads %s of one comment or 40 by one statement of Prisma, also when the document is compiled',
    async (_, { fields, tables }) => {
      for (const first of [1, COMMENTS])
        for (const answer of await answersOf<Queue>(moderator, queue(fields), { first })) {
          expect(answer.data.moderationQueue.nodes).toHaveLength(first);
          const [statement, ...others] = sentByPrisma(answer);
          expect(others).toEqual([]);
          for (const table of ['comment', ...tables]) expect(statement).toContain(`"public"."${table}"`);
          // The comments of the queue, and what Prisma reads of them.
          expect(answer.statements).toHaveLength(2);
        }
    },
  );

  it('reads all of its fields together by one statement, and only the selected columns', async () => {
    const all = await moderator.ask<Queue>(queue(ALL), { first: COMMENTS });
    expect(sentByPrisma(all)).toHaveLength(1);
    const [reasons] = sentByPrisma(await moderator.ask<Queue>(queue('holdReasons'), { first: COMMENTS }));
    expect(reasons).toContain('hold_reasons');
    expect(reasons).not.toMatch(/body_html|comment_report|comment_version|moderation_entry|author/);
  });

  it('reads what several aliases select by one statement', async () => {
    const aliases = (count: number) =>
      Array.from({ length: count }, (_, i) => {
        const { fields } = Object.values(MODERATION)[i % 7]!;
        return `a${i}: comment(id: $id) { moderation { ${fields} } } b${i}: moderationQueue(first: ${i + 1}) { nodes { moderation { ${fields} } } }`;
      }).join('\n');
    const ask = (count: number) =>
      moderator.ask(`query ($id: ID!) { ${aliases(count)} }`, { id: encodeId('Comment', 1) });
    const [few, many] = [await ask(1), await ask(21)];
    expect(many.errors).toBeUndefined();
    expect(sentByPrisma(many)).toHaveLength(1);
    expect(many.statements.length).toBe(few.statements.length);
  });

  it('shows reports, decisions and texts in their order, with the people', async () => {
    const { data } = await moderator.ask<Queue>(queue(ALL), { first: 3 });
    const [ofStaff, , ofGuest] = data.moderationQueue.nodes.map(({ moderation }) => moderation);
    expect(ofStaff).toEqual({
      holdReasons: [],
      guestEmail: null,
      author: { name: 'Author 1', bio: { html: '<p>Some lines</p>' }, articleCount: 0 },
      body: {
        html: '<p>Comment <em>1</em></p>',
        text: 'Comment 1',
        markdown: 'Comment *1*',
      },
      reports: [
        ['Author 1', '<p>Some lines</p>'],
        ['Author 2', '<p>Other lines</p>'],
        ['Author 3', null],
      ].map(([name, bio], i) => ({
        author: { name, bio: bio && { html: bio }, articleCount: 0 },
        reason: `Reason ${i + 1}`,
        settled: false,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      })),
      history: [
        { by: { name: 'Author 1', bio: { text: 'Some lines' } }, action: 'REJECT' },
        { by: { name: 'Author 2', bio: { text: 'Other lines' } }, action: null },
        { by: null, action: null },
      ].map((entry, i) => ({ ...entry, status: 'PENDING', reason: `Reason ${i + 1}`, at: expect.any(String) })),
      versions: [1, 2].map((n) => ({
        body: { html: `<p>${n}</p>`, text: `Text ${n}`, markdown: `Text *${n}*` },
        writtenAt: expect.any(String),
        replacedAt: expect.any(String),
        replacedBy: { name: 'Author 1', slug: 'author-1', kind: 'STAFF' },
      })),
    });
    expect(ofGuest).toMatchObject({ guestEmail: 'author-3@example.com', author: { bio: null } });
  });

  it('is null for everyone else, without a statement for it', async () => {
    await gateway.sql.query("UPDATE article SET status = 'PUBLISHED' WHERE id = 1");
    await gateway.sql.query("UPDATE comment SET status = 'VISIBLE', visible = true WHERE id = 40");
    const query = `query ($id: ID!) { comment(id: $id) { moderation { ${ALL} } } }`;
    for (const as of [gateway, gateway.as({ name: 'Rita' }), gateway.as({ name: 'Wanda', role: 'WRITER' })]) {
      await as.ask('{ viewer { role } }');
      const answer = await as.ask(query, { id: encodeId('Comment', 40) });
      expect(answer.data).toEqual({ comment: { moderation: null } });
      expect(answer.statements).toHaveLength(1);
    }
  });
});

describe('Article.revisions', () => {
  interface Articles {
    articles: { nodes: { revisions: { totalCount: number; nodes: Record<string, unknown>[] } }[] };
  }
  const drafts = (revisions: string) =>
    `query ($first: Int!) { articles(first: $first, where: { status: DRAFT }) { nodes { ${revisions} } } }`;
  const page = 'nodes { version at title slug excerpt markdown editor { name bio { html } } } edges { cursor }';

  it('reads revisions and their editors of one article or 39 by one statement of Prisma, also when compiled', async () => {
    for (const first of [1, COMMENTS - 1])
      for (const answer of await answersOf<Articles>(moderator, drafts(`revisions(first: 3) { ${page} }`), { first })) {
        expect(answer.data.articles.nodes).toHaveLength(first);
        expect(sentByPrisma(answer)).toEqual([
          expect.stringMatching(/"public"."article_revision".*"public"."author"/s),
        ]);
        // Articles, the keys of their revisions, and what Prisma reads of them.
        expect(answer.statements).toHaveLength(3);
      }
  });

  it('cuts pages in SQL: no more revisions are read than are shown', async () => {
    const query = drafts(`a: revisions(first: 2) { ${page} } b: revisions(first: 1) { nodes { title } }`);
    const answer = await moderator.ask<{
      articles: { nodes: { a: { nodes: unknown[]; edges: { cursor: string }[] }; b: { nodes: unknown[] } }[] };
    }>(query, { first: 1 });
    const [article] = answer.data.articles.nodes;
    expect(article!.a.nodes).toMatchObject([
      { version: 9, title: 'Title 9', markdown: 'Text 9', editor: { name: 'Author 1' } },
      { version: 8 },
    ]);
    expect(article!.b.nodes).toEqual([{ title: 'Title 9' }]);
    const [statement, ...others] = sentByPrisma(answer);
    expect(others).toEqual([]);
    expect(statement).toMatch(/"version" IN \(\$\d+,\$\d+\)/);
    const after = article!.a.edges[1]!.cursor;
    const next = await moderator.ask<Articles>(
      `query ($after: String) { articles(first: 1, where: { status: DRAFT }) { nodes { revisions(first: 2, after: $after) { nodes { version editor { name } } } } } }`,
      { after },
    );
    expect(next.data.articles.nodes[0]!.revisions.nodes.map(({ version }) => version)).toEqual([7, 6]);
  });

  it('takes no statement of Prisma for versions and their number', async () => {
    const answer = await moderator.ask<Articles>(drafts('revisions { totalCount nodes { version } }'), { first: 5 });
    expect(answer.data.articles.nodes[0]!.revisions.totalCount).toBe(8);
    expect(sentByPrisma(answer)).toEqual([]);
  });
});

it('reads rows below rows that Prisma read by one statement, too, for each level', async () => {
  const query = `query ($first: Int!) { moderationQueue(first: $first) { nodes { moderation { author {
    articles(first: 1) { nodes { revisions(first: 2) { nodes { title editor { name } } } comments(first: 1) { nodes { moderation { reports { reason } } } } } }
  } } } } }`;
  for (const first of [1, COMMENTS])
    for (const answer of await answersOf(moderator, query, { first })) {
      // Comments of the queue, then revisions and comments of the articles by their authors.
      const tables = sentByPrisma(answer).map((text) => /FROM "public"."(\w+)" AS "t0"/.exec(text)![1]);
      expect(tables.sort()).toEqual(['article_revision', 'comment', 'comment']);
    }
});

describe('Topic.parent', () => {
  it('reads the parents of one topic or 40 by one statement of Prisma, also when the document is compiled', async () => {
    const query = 'query ($first: Int!) { topics(first: $first) { nodes { name parent { name articleCount } } } }';
    for (const first of [2, 40])
      for (const answer of await answersOf(moderator, query, { first })) {
        expect(sentByPrisma(answer)).toEqual([expect.stringContaining('"public"."topic"')]);
        expect(answer.statements).toHaveLength(2);
      }
  });

  it('reads each topic once, however deep a document nests parents', async () => {
    const nested = (levels: number) =>
      moderator.ask(`{ topics(first: 40) { nodes { ${'parent { '.repeat(levels)} name ${'}'.repeat(levels)} } } }`);
    for (const levels of [5, 190]) {
      const answer = await nested(levels);
      expect(answer.errors).toBeUndefined();
      // The first level reads every topic that is a parent; the levels above find them read.
      expect(sentByPrisma(answer)).toHaveLength(1);
    }
  });

  it('is null for a topic at the top, without a statement for it', async () => {
    const answer = await moderator.ask('{ topic(slug: "topic-1") { parent { name } } }');
    expect(answer.data).toEqual({ topic: { parent: null } });
    expect(sentByPrisma(answer)).toEqual([]);
  });
});

it('shares the fewest connections with queries that hold one for their snapshot', async () => {
  const small = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }],
        topics: [{ id: 1 }, { id: 2, parent: 1 }],
        articles: [{ id: 1, topics: [2] }],
      }),
    { DATABASE_CONNECTIONS: '2', CONNECT_TIMEOUT: '30000' },
  );
  const query = '{ article(slug: "article-1") { liveCursor topics { parent { name } } } }';
  const answers = await Promise.all(Array.from({ length: 8 }, () => small.ask(query)));
  for (const { data } of answers)
    expect(data).toMatchObject({ article: { topics: [{ parent: { name: 'Topic 1' } }] } });
  await small.stop();
});
