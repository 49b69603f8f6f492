import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkThreads } from '../src/database/derived/thread-check.ts';
import { exportOf, type PostSpec, type SiteSpec } from './fixtures/wordpress/export.ts';
import { countsOf, notesOf, openTrial, type Trial } from './fixtures/wordpress/trial.ts';

let trial: Trial;

beforeEach(async () => {
  trial = await openTrial();
});

afterEach(() => trial.close());

const post: PostSpec = {
  id: 1,
  slug: 'tea',
  title: 'Tea',
  body: 'Words in dispute.',
  categories: [['category', 'food', 'Food']],
  comments: [
    { id: 1, text: 'A libel' },
    { id: 2, parent: 1, text: 'An answer' },
  ],
};

function site(changes: Partial<PostSpec> = {}, more: SiteSpec = {}): string {
  const categories = [
    { slug: 'food', name: 'Food', description: 'Eating' },
    { slug: 'drink', name: 'Drink' },
  ];
  const authors = [{ id: 7, login: 'jo', name: 'Jo Writer' }];
  return exportOf({ authors, categories, posts: [{ ...post, ...changes }], ...more });
}

/** What a later export has of the same site: everything in it has changed. */
const later = site(
  {
    title: 'Green tea',
    slug: 'green-tea',
    body: 'Words in dispute!',
    excerpt: 'Other words.',
    commentStatus: 'closed',
    categories: [['category', 'drink', 'Drink']],
    comments: [
      { id: 1, text: 'A libel.' },
      { id: 2, parent: 1, text: 'An answer', approved: 'spam' },
    ],
  },
  {
    authors: [{ id: 7, login: 'jo', name: 'Jo W.' }],
    categories: [
      { slug: 'food', name: 'Good food', description: 'Eating well', parent: 'drink' },
      { slug: 'drink', name: 'Drink' },
    ],
  },
);

const RECORDS: Record<string, string> = {
  article: `SELECT slug, title, excerpt, body_source, status::text, comment_policy::text, language, cover_url, author_id,
    (SELECT array_agg(slug::text) FROM article_topic JOIN topic ON topic.id = topic_id WHERE article_id = a.id) AS topics FROM article a`,
  comment: 'SELECT status::text, body_source FROM comment ORDER BY id LIMIT 1',
  topic: `SELECT name, description, parent_id IS NULL AS top FROM topic WHERE slug = 'food'`,
  author: `SELECT name, email FROM author WHERE kind = 'STAFF' ORDER BY id LIMIT 1`,
};

const records = async (kind: string) => (await trial.rows(RECORDS[kind]!))[0]!;

test('a pinned comment that a later file has in the trash is not pinned any more', async () => {
  await trial.import(site());
  await trial.rows('UPDATE comment SET pinned = true');
  const comments = [{ id: 1, text: 'A libel', approved: 'trash' }, post.comments![1]!];
  await trial.import(site({ comments }));
  expect(await trial.rows('SELECT status::text, pinned FROM comment ORDER BY id')).toEqual([
    { status: 'REMOVED', pinned: false },
    { status: 'VISIBLE', pinned: true },
  ]);
});

describe('a local decision', () => {
  test.each([
    ['article', 'publication', `UPDATE article SET status = 'DRAFT', published_at = NULL`, ['status']],
    ['article', 'title', `UPDATE article SET title = 'Ours'`, ['title']],
    ['article', 'slug', `UPDATE article SET slug = 'ours'`, ['slug']],
    ['article', 'body', `UPDATE article SET body_source = 'Ours', body_format = 'MARKDOWN'`, ['body_source']],
    ['article', 'excerpt', `UPDATE article SET excerpt = 'Ours'`, ['excerpt']],
    ['article', 'cover', `UPDATE article SET cover_url = 'https://a.example/x', cover_alt = ''`, ['cover_url']],
    ['article', 'comment policy', `UPDATE article SET comment_policy = 'MODERATED'`, ['comment_policy']],
    ['article', 'language', `UPDATE article SET language = 'fr'`, ['language']],
    ['article', 'topics', 'DELETE FROM article_topic', ['topics']],
    [
      'article',
      'author',
      `INSERT INTO author (slug, name, kind) VALUES ('o', 'O', 'STAFF'); UPDATE article SET author_id = (SELECT id FROM author WHERE slug = 'o')`,
      ['author_id'],
    ],
    ['comment', 'status', `UPDATE comment SET status = 'REJECTED' WHERE parent_id IS NULL`, ['status']],
    ['comment', 'body', `UPDATE comment SET body_source = 'Ours' WHERE parent_id IS NULL`, ['body_source']],
    ['topic', 'name', `UPDATE topic SET name = 'Ours' WHERE slug = 'food'`, ['name']],
    ['topic', 'description', `UPDATE topic SET description = NULL WHERE slug = 'food'`, ['description']],
    ['author', 'name', `UPDATE author SET name = 'Ours' WHERE slug = 'jo'`, ['name']],
    ['author', 'email', `UPDATE author SET email = NULL WHERE slug = 'jo'`, ['email']],
  ])(
    'about the %s (%s) survives later exports and is listed; --overwrite undoes it',
    async (kind, field, sql, columns) => {
      await trial.import(later);
      const wanted = await records(kind);
      await trial.client.query(
        'TRUNCATE author, topic, article, comment, provenance, search_document RESTART IDENTITY CASCADE',
      );
      await trial.import(site());
      await trial.client.query(sql);
      const decided = await records(kind);
      const report = await trial.import(later);
      const reason = `${kind}: ${field} was changed here and kept`;
      expect(notesOf(report)).toEqual({ [reason]: 1 });
      expect(trial.printed()).toContain(reason);
      const after = await records(kind);
      const local = Object.fromEntries(columns.map((column) => [column, decided[column]]));
      // Everything else is the file's.
      expect(after).toEqual({ ...wanted, ...local });

      // It stays decided, and importing the same file changes nothing.
      const settled = await trial.everything();
      await trial.import(later);
      expect(await trial.everything()).toEqual(settled);

      const overwritten = await trial.import(later, { overwrite: true });
      expect(notesOf(overwritten)).toEqual({});
      expect(await records(kind)).toEqual(wanted);
      await trial.client.query('BEGIN');
      expect(await checkThreads(trial.client)).toMatchObject({ comments: 0, articles: 0, authors: 0, unreachable: 0 });
      await trial.client.query('ROLLBACK');
    },
  );

  test('that the file agrees with is not listed', async () => {
    await trial.import(site());
    await trial.client.query(`UPDATE article SET title = 'Green tea'`);
    expect(notesOf(await trial.import(later))).toEqual({});
  });

  test('of before the import remembered what it wrote is kept, too', async () => {
    await trial.import(site());
    await trial.client.query(
      `UPDATE provenance SET written = NULL; UPDATE comment SET status = 'REJECTED' WHERE parent_id IS NULL`,
    );
    const report = await trial.import(later);
    expect(notesOf(report)).toHaveProperty('comment: status was changed here and kept');
    expect(await records('comment')).toMatchObject({ status: 'REJECTED' });
  });
});

test('a topic that the site had before is kept when a later export describes it otherwise', async () => {
  await trial.client.query(`INSERT INTO topic (slug, name) VALUES ('food', 'Our food')`);
  await trial.import(site());
  await trial.import(later);
  expect(await records('topic')).toMatchObject({ name: 'Our food' });
});

test('a later export of which everything was kept leaves the article as it is', async () => {
  await trial.import(site());
  await trial.client.query(`UPDATE article SET title = 'Ours'`);
  const report = await trial.import(site({ title: 'Theirs' }));
  expect(countsOf(report, 'articles')).toMatchObject({ updated: 0, unchanged: 1 });
  expect(await trial.rows('SELECT title, version FROM article')).toEqual([{ title: 'Ours', version: 1 }]);
});
