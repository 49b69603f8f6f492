import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { guestKey, guestSlug } from '../schema/content/comment/guest.ts';
import { checkThreads } from '../src/database/derived/thread-check.ts';
import { END, exportOf, itemOf, type PostSpec, type SiteSpec, startOf } from './fixtures/wordpress/export.ts';
import { countsOf, notesOf, openTrial, type Trial } from './fixtures/wordpress/trial.ts';

let trial: Trial;

beforeEach(async () => {
  trial = await openTrial();
});

afterEach(() => trial.close());

const jo = { id: 7, login: 'jo', name: 'Jo Writer' };

function site(posts: PostSpec[], more: SiteSpec = {}): string {
  return exportOf({ authors: [jo], posts, ...more });
}

async function article(slug: string): Promise<Record<string, unknown>> {
  const rows = await trial.rows<Record<string, unknown>>('SELECT * FROM article WHERE slug = $1', [slug]);
  if (!rows[0]) throw new Error(`There is no article ${slug}.`);
  return rows[0];
}

/** The comments in reading order, by the text of their body, with the text of their parent. */
async function discussion(): Promise<
  { text: string; parent: string | null; status: string; name: string; kind: string }[]
> {
  return trial.rows(`
    SELECT c.body_text AS text, p.body_text AS parent, c.status::text, a.name, a.kind::text
      FROM comment c LEFT JOIN comment p ON p.id = c.parent_id JOIN author a ON a.id = c.author_id
     ORDER BY c.article_id, c.path`);
}

describe('an article', () => {
  test('has the title, body, excerpt, author, dates, comment policy and topics of its post', async () => {
    const post = {
      id: 3,
      title: 'Tea &amp; biscuits',
      slug: 'tea',
      date: '2021-05-06 07:08:09',
      modified: '2021-06-01 00:00:00',
      body: 'First.\n\nSecond <em>one</em>.',
      excerpt: 'In <b>short</b>.',
      commentStatus: 'closed',
      categories: [
        ['category', 'food', 'Food'],
        ['post_tag', 'tea', 'Tea'],
        ['post_tag', 'food', 'food'],
        ['post_format', 'post-format-aside', 'Aside'],
      ] as [string, string, string][],
    };
    const report = await trial.import(
      site([post], {
        categories: [{ slug: 'food', name: 'Food', description: 'Eating' }],
        tags: [{ slug: 'tea', name: 'Tea' }],
      }),
    );
    expect(await article('tea')).toMatchObject({
      title: 'Tea & biscuits',
      excerpt: 'In short.',
      body_format: 'HTML',
      body_source: '<p>First.</p>\n<p>Second <em>one</em>.</p>',
      body_text: 'First.\n\nSecond one.',
      status: 'PUBLISHED',
      published_at: new Date('2021-05-06T07:08:09Z'),
      updated_at: new Date('2021-06-01T00:00:00Z'),
      comment_policy: 'CLOSED',
      version: 1,
    });
    const topics = await trial.rows(`
      SELECT topic.slug, name, description, position, article_count
        FROM article_topic JOIN topic ON topic.id = topic_id ORDER BY position`);
    expect(topics).toEqual([
      { slug: 'food', name: 'Food', description: 'Eating', position: 0, article_count: 1 },
      { slug: 'tea', name: 'Tea', description: null, position: 1, article_count: 1 },
    ]);
    expect(await trial.rows('SELECT slug, name, kind, email, article_count FROM author')).toEqual([
      { slug: 'jo', name: 'Jo Writer', kind: 'STAFF', email: 'jo@blog.example', article_count: 1 },
    ]);
    expect(notesOf(report)).toEqual({ 'taxonomy post_format was not imported': 1 });
  });

  test('is public only if its post was, and each skipped item is reported with its reason', async () => {
    const report = await trial.import(
      site([
        { id: 1, status: 'publish' },
        { id: 2, status: 'draft', date: '0000-00-00 00:00:00', pubDate: 'Mon, 30 Nov -0001 00:00:00 +0000' },
        { id: 3, status: 'pending' },
        { id: 4, status: 'private' },
        { id: 5, status: 'publish', password: 'secret' },
        { id: 6, status: 'future', date: '2099-01-01 00:00:00' },
        { id: 7, status: 'trash' },
        { id: 8, type: 'page' },
        { id: 9, type: 'revision', status: 'inherit' },
        { id: 10, type: 'product' },
        { id: 1, title: 'Once more' },
      ]),
    );
    expect(
      await trial.rows('SELECT slug, status::text, published_at IS NULL AS undated FROM article ORDER BY slug'),
    ).toEqual([
      { slug: 'post-1', status: 'PUBLISHED', undated: false },
      { slug: 'post-2', status: 'DRAFT', undated: true },
      { slug: 'post-3', status: 'DRAFT', undated: true },
      { slug: 'post-4', status: 'DRAFT', undated: true },
      { slug: 'post-5', status: 'DRAFT', undated: true },
      { slug: 'post-6', status: 'SCHEDULED', undated: false },
    ]);
    expect(countsOf(report, 'articles')).toEqual({
      read: 8,
      created: 6,
      updated: 0,
      unchanged: 0,
      skipped: { 'is in the trash': 1, 'has the wp:post_id of an earlier post': 1 },
    });
    expect(countsOf(report, 'other items').skipped).toEqual({
      'pages are imported only with --pages': 1,
      'post type revision is not imported': 1,
      'post type product is not imported': 1,
    });
    // A post that accepts comments has this site's own comment policy.
    expect(await trial.rows('SELECT FROM article WHERE comment_policy IS NOT NULL')).toEqual([]);
    expect(trial.printed()).toContain('is in the trash');
  });

  test('can be a page, with the option for pages', async () => {
    const report = await trial.import(site([{ id: 8, type: 'page', slug: 'about' }]), { pages: true });
    expect(countsOf(report, 'articles').created).toBe(1);
    expect(await article('about')).toMatchObject({ status: 'PUBLISHED' });
  });

  test('has its cover, even if the image is later in the file', async () => {
    const picture = {
      id: 50,
      type: 'attachment',
      status: 'inherit',
      title: 'Cup',
      excerpt: 'A cup',
      attachmentUrl: 'https://blog.example/cup.jpg',
      meta: [
        ['_wp_attachment_image_alt', 'Tea in a cup'],
        ['_wp_attachment_metadata', 'a:2:{s:5:"width";i:640;s:6:"height";i:480;s:5:"sizes";a:1:{s:5:"width";i:9;}}'],
      ] as [string, string][],
    };
    const report = await trial.import(
      site([
        { id: 1, meta: [['_thumbnail_id', '50']] },
        { id: 2, meta: [['_thumbnail_id', '51']] },
        picture,
        { ...picture, id: 52, title: 'Plate' },
      ]),
    );
    expect(await article('post-1')).toMatchObject({
      cover_url: 'https://blog.example/cup.jpg',
      cover_alt: 'Tea in a cup',
      cover_caption: 'A cup',
      cover_width: 640,
      cover_height: 480,
    });
    expect(await article('post-2')).toMatchObject({ cover_url: null });
    expect(countsOf(report, 'attachments')).toMatchObject({
      read: 2,
      created: 1,
      skipped: { 'is no cover of an imported article; pictures and files in texts need no attachment': 1 },
    });
    expect(notesOf(report)).toEqual({ 'has a cover that is not in the file and was not imported': 1 });
  });

  test('keeps as former slugs those it had before, and the one that WordPress served it under', async () => {
    await trial.import(site([{ id: 1, slug: '%e3%81%8a%e8%8c%b6', meta: [['_wp_old_slug', 'tea-old']] }]));
    const [row] = await trial.rows<{ slug: string }>('SELECT slug FROM article');
    expect(row?.slug).toMatch(/^[a-z0-9-]+$/);
    expect(await trial.rows('SELECT slug FROM former_slug ORDER BY slug')).toEqual([
      { slug: 'tea-old' },
      { slug: 'お茶' },
    ]);
  });

  test('gets a numbered slug if another article of the file or of the database has its slug', async () => {
    await trial.import(
      site(
        [
          { id: 1, slug: 'tea' },
          { id: 5, slug: 'milk' },
        ],
        { url: 'https://first.example' },
      ),
    );
    const report = await trial.import(
      site([
        { id: 1, slug: 'tea' },
        { id: 2, slug: 'tea' },
        { id: 3, slug: 'milk' },
      ]),
      { site: 'https://blog.example' },
    );
    expect(await trial.rows('SELECT slug FROM article ORDER BY slug')).toEqual(
      ['milk', 'milk-2', 'tea', 'tea-2', 'tea-3'].map((slug) => ({ slug })),
    );
    expect(notesOf(report)['slug was taken; a number was added']).toBe(3);
  });

  test('without a title is titled "Untitled" with its date', async () => {
    const report = await trial.import(site([{ id: 1, title: '', slug: '', status: 'draft' }]));
    expect(await article('post-1')).toMatchObject({ title: 'Untitled, 2020-01-02' });
    expect(notesOf(report)).toEqual({ 'has no title and was imported as "Untitled"': 1 });
  });
});

describe('topics', () => {
  test('have their parents, wherever in the file these are, and form no cycle', async () => {
    const report = await trial.import(
      site([], {
        categories: [
          { slug: 'green', name: 'Green', parent: 'tea' },
          { slug: 'tea', name: 'Tea' },
          { slug: 'a', name: 'A', parent: 'b' },
          { slug: 'b', name: 'B', parent: 'a' },
          { slug: 'lone', name: 'Lone', parent: 'nowhere' },
        ],
      }),
    );
    const rows = await trial.rows(
      'SELECT t.slug, p.slug AS parent FROM topic t LEFT JOIN topic p ON p.id = t.parent_id ORDER BY 1',
    );
    expect(rows).toEqual([
      { slug: 'a', parent: 'b' },
      { slug: 'b', parent: null },
      { slug: 'green', parent: 'tea' },
      { slug: 'lone', parent: null },
      { slug: 'tea', parent: null },
    ]);
    expect(notesOf(report)).toEqual({
      'topic without its parent in the file became a top-level topic': 1,
      'topic that would be its own ancestor became a top-level topic': 1,
    });
  });

  test('that exist already are used unchanged', async () => {
    await trial.client.query(`INSERT INTO topic (slug, name) VALUES ('tea', 'Our tea')`);
    await trial.import(
      site([{ id: 1, categories: [['category', 'tea', 'Tea']] }], { categories: [{ slug: 'tea', name: 'Tea' }] }),
    );
    expect(await trial.rows('SELECT slug, name, article_count FROM topic')).toEqual([
      { slug: 'tea', name: 'Our tea', article_count: 1 },
    ]);
  });
});

describe('comments', () => {
  test('keep their nesting, statuses and authors', async () => {
    await trial.import(
      site([
        {
          id: 1,
          comments: [
            { id: 12, parent: 11, text: 'reply', date: '2020-02-02 00:00:00', userId: 7, author: 'jo' },
            { id: 11, text: 'first\nline\n\nsecond', author: 'Ann', url: 'http://ann.example' },
            { id: 13, text: 'held', approved: '0', author: '' },
            { id: 14, text: 'spam', approved: 'spam' },
            { id: 15, text: 'gone', approved: 'trash' },
            { id: 16, parent: 15, text: 'answer to it' },
          ],
        },
      ]),
    );
    const guest = { kind: 'GUEST', name: 'Ann', parent: null };
    expect(await discussion()).toEqual([
      { ...guest, text: 'first\nline\n\nsecond', status: 'VISIBLE' },
      { text: 'reply', parent: 'first\nline\n\nsecond', status: 'VISIBLE', name: 'Jo Writer', kind: 'STAFF' },
      { ...guest, text: 'held', status: 'PENDING', name: 'Anonymous' },
      { ...guest, text: 'spam', status: 'SPAM' },
      { ...guest, text: 'gone', status: 'REMOVED' },
      { ...guest, text: 'answer to it', parent: 'gone', status: 'VISIBLE' },
    ]);
    expect(await article('post-1')).toMatchObject({ comment_count: 3 });
    const key = guestKey({ name: 'Ann', email: 'ann@guest.example', url: 'http://ann.example' });
    expect(await trial.rows('SELECT slug, guest_key, email, comment_count FROM author WHERE url IS NOT NULL')).toEqual([
      { slug: guestSlug(key), guest_key: key, email: 'ann@guest.example', comment_count: 1 },
    ]);
    await trial.client.query('BEGIN');
    expect(await checkThreads(trial.client)).toMatchObject({ comments: 0, articles: 0, authors: 0, unreachable: 0 });
    await trial.client.query('ROLLBACK');
  });

  test('of other types, of skipped posts and with a repeated id are skipped and reported', async () => {
    const report = await trial.import(
      site([
        {
          id: 1,
          comments: [{ id: 1 }, { id: 2, type: 'pingback' }, { id: 3, type: 'webmention' }, { id: 1, text: 'again' }],
        },
        { id: 2, status: 'trash', comments: [{ id: 5 }] },
      ]),
    );
    expect(countsOf(report, 'comments')).toEqual({
      read: 5,
      created: 1,
      updated: 0,
      unchanged: 0,
      skipped: {
        'comment type pingback is not imported': 1,
        'comment type webmention is not imported': 1,
        'belongs to a post that is not imported': 1,
        'has the wp:comment_id of an earlier comment': 1,
      },
    });
    expect(await trial.rows(`SELECT count(*)::int FROM author WHERE kind = 'GUEST'`)).toEqual([{ count: 1 }]);
  });

  test('without their parent are top-level comments, and so is the earliest comment of a cycle', async () => {
    const report = await trial.import(
      site([
        {
          id: 1,
          comments: [
            { id: 1, parent: 99, text: 'orphan' },
            { id: 2, parent: 20, text: 'stranger' },
          ],
        },
        {
          id: 2,
          comments: [
            { id: 20, parent: 22, text: 'a', date: '2020-03-01 00:00:00' },
            { id: 21, parent: 20, text: 'b', date: '2020-03-02 00:00:00' },
            { id: 22, parent: 21, text: 'c', date: '2020-03-03 00:00:00' },
            { id: 23, parent: 22, text: 'd', date: '2020-03-04 00:00:00' },
            { id: 24, parent: 24, text: 'self', date: '2020-03-05 00:00:00' },
          ],
        },
      ]),
    );
    expect((await discussion()).map(({ text, parent }) => [text, parent])).toEqual([
      ['orphan', null],
      ['stranger', null],
      ['a', null],
      ['b', 'a'],
      ['c', 'b'],
      ['d', 'c'],
      ['self', null],
    ]);
    expect(notesOf(report)).toEqual({
      'reply to a comment that is not imported became a top-level comment': 2,
      'comment that would be its own ancestor became a top-level comment': 2,
    });
  });

  test('on one line of the file are imported as separate comments', async () => {
    const content = site([{ id: 1, comments: [{ id: 1 }, { id: 2 }, { id: 3, parent: 2 }] }]).replaceAll('\n', ' ');
    const report = await trial.import(content);
    expect(countsOf(report, 'comments')).toMatchObject({ read: 3, created: 3, skipped: {} });
  });
});

describe('importing again', () => {
  const posts: PostSpec[] = [
    {
      id: 1,
      slug: 'tea',
      categories: [['category', 'food', 'Food']],
      meta: [
        ['_thumbnail_id', '50'],
        ['_wp_old_slug', 'old-tea'],
      ],
      comments: [{ id: 1 }, { id: 2, parent: 1 }, { id: 3, userId: 7 }],
    },
    { id: 2, slug: 'tea' },
    { id: 50, type: 'attachment', attachmentUrl: 'https://blog.example/cup.jpg' },
  ];
  const before = site(posts, { categories: [{ slug: 'food', name: 'Food' }] });

  test('the same file writes no row', async () => {
    await trial.import(before);
    const first = await trial.everything();
    const report = await trial.import(before);
    expect(await trial.everything()).toEqual(first);
    for (const { kind, created, updated } of report.kinds)
      expect({ kind, created, updated }).toEqual({ kind, created: 0, updated: 0 });
    expect(countsOf(report, 'comments').unchanged).toBe(3);
    expect(countsOf(report, 'guests').unchanged).toBe(1);
  });

  test('a later file updates changed content, adds new content and keeps content that it lacks', async () => {
    await trial.import(before);
    const [kept] = await trial.rows<{ id: number }>(`SELECT id FROM comment WHERE body_text = 'Comment 2.'`);
    const after = site(
      [
        {
          ...posts[0]!,
          slug: 'green-tea',
          title: 'Green tea',
          modified: '2099-01-01 00:00:00',
          categories: [['category', 'drink', 'Drink']],
          comments: [
            { id: 1, text: 'Edited.' },
            { id: 2, parent: 1, approved: 'spam' },
            { id: 4, parent: 3 },
          ],
        },
        posts[2]!,
      ],
      { categories: [{ slug: 'food', name: 'Good food' }], authors: [{ ...jo, name: 'Jo W.' }] },
    );
    const report = await trial.import(after);
    expect(countsOf(report, 'articles')).toMatchObject({ created: 0, updated: 1, unchanged: 0 });
    expect(countsOf(report, 'comments')).toMatchObject({ created: 1, updated: 2, unchanged: 0 });
    expect(await article('green-tea')).toMatchObject({ title: 'Green tea', version: 2, comment_count: 3 });
    expect(await article('tea-2')).toMatchObject({ version: 1 });
    expect(await trial.rows('SELECT slug FROM former_slug ORDER BY 1')).toEqual([{ slug: 'old-tea' }, { slug: 'tea' }]);
    expect(await trial.rows('SELECT slug, name, article_count FROM topic ORDER BY 1')).toEqual([
      { slug: 'drink', name: 'Drink', article_count: 1 },
      { slug: 'food', name: 'Good food', article_count: 0 },
    ]);
    expect(await trial.rows(`SELECT name FROM author WHERE kind = 'STAFF'`)).toEqual([{ name: 'Jo W.' }]);
    expect((await discussion()).map(({ text, parent, status }) => [text, parent, status])).toEqual([
      ['Edited.', null, 'VISIBLE'],
      ['Comment 2.', 'Edited.', 'SPAM'],
      ['Comment 3.', null, 'VISIBLE'],
      ['Comment 4.', 'Comment 3.', 'VISIBLE'],
    ]);
    expect(await trial.rows(`SELECT id FROM comment WHERE body_text = 'Comment 2.'`)).toEqual([kept]);
    const settled = await trial.everything();
    await trial.import(after);
    expect(await trial.everything()).toEqual(settled);
  });

  test('an edit that waits for a moderator goes on waiting, unless its comment is hidden', async () => {
    await trial.import(before);
    await trial.client.query(
      `INSERT INTO comment_held_edit SELECT id, 'New words', '<p>New words</p>', 'New words', now() FROM comment`,
    );
    const comments = [{ id: 1, text: 'Edited.' }, { id: 2, parent: 1, approved: 'spam' }, { id: 3 }];
    await trial.import(site([{ ...posts[0]!, modified: '2099-01-01 00:00:00', comments }, posts[2]!]));
    expect(
      await trial.rows(`SELECT body_text AS text, status, waiting, version, shown_version,
        EXISTS (SELECT FROM comment_held_edit WHERE comment_id = id) AS held FROM comment ORDER BY id`),
    ).toEqual([
      { text: 'Edited.', status: 'VISIBLE', waiting: true, version: 2, shown_version: 2, held: true },
      { text: 'Comment 2.', status: 'SPAM', waiting: false, version: 1, shown_version: 1, held: true },
      { text: 'Comment 3.', status: 'VISIBLE', waiting: true, version: 1, shown_version: 1, held: true },
    ]);
  });
});

describe('all or nothing', () => {
  test('a dry run reports what the import would do and leaves nothing', async () => {
    const empty = await trial.everything();
    const content = site([{ id: 1, comments: [{ id: 1 }] }]);
    const dry = await trial.import(content, { dryRun: true });
    expect(await trial.everything()).toEqual(empty);
    expect(trial.printed()).toContain('Dry run');
    const real = await trial.import(content);
    expect(real.kinds).toEqual(dry.kinds);
  });

  test('a truncated file leaves nothing', async () => {
    const empty = await trial.everything();
    const many = Array.from({ length: 400 }, (_, index) => itemOf({ id: index + 1, body: 'Words. '.repeat(1_000) }));
    const content = startOf({ authors: [jo] }) + many.join('') + itemOf({ id: 500 }).slice(0, -20);
    await expect(trial.import(content)).rejects.toThrow(/^Line \d+: /);
    expect(await trial.everything()).toEqual(empty);
    await trial.import(startOf({ authors: [jo] }) + many.slice(0, 2).join('') + END);
    expect(await trial.rows('SELECT count(*)::int FROM article')).toEqual([{ count: 2 }]);
  });

  test('readers do not wait for a running import, and see nothing of it before its end', async () => {
    await trial.import(site([{ id: 1, comments: [{ id: 1 }] }]));
    const writer = new pg.Client({ connectionString: trial.url });
    await writer.connect();
    try {
      // The import writes articles before comments: when it waits for this lock, it has written its articles.
      await writer.query('BEGIN');
      await writer.query('SELECT FROM comment FOR NO KEY UPDATE');
      const running = trial.import(site([{ id: 1, title: 'New', comments: [{ id: 1, text: 'Edited.' }, { id: 2 }] }]));
      const waiting = `
        SELECT count(*)::int FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name = 'broadsheet import'`;
      const countWaiting = async () => (await trial.rows<{ count: number }>(waiting))[0]?.count;
      await expect.poll(countWaiting).toBe(1);
      const shown = 'SELECT title, comment_count FROM article';
      expect(await trial.rows(shown)).toEqual([{ title: 'Post 1', comment_count: 1 }]);
      await writer.query('COMMIT');
      await running;
      expect(await trial.rows(shown)).toEqual([{ title: 'New', comment_count: 2 }]);
    } finally {
      await writer.end();
    }
  });
});
