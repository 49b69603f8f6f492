import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guestKey, guestSlug } from '../schema/content/comment/guest.ts';
import { storageFault } from '../schema/content/text/text-rules.ts';
import { checkThreads } from '../src/database/derived/thread-check.ts';
import { loadSample } from '../src/sample/load.ts';
import { samplePictures } from '../src/sample/pictures.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await loadSample(client);
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

async function rows<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await client.query<Row>(sql, values)).rows;
}

const count = async (from: string): Promise<number> =>
  (await rows<{ count: number }>(`SELECT count(*)::int FROM ${from}`))[0]!.count;

describe('the sample content', () => {
  it('has ten published articles by four authors in five topics, a draft and a scheduled article', async () => {
    expect(await rows('SELECT status, count(*)::int FROM article GROUP BY 1 ORDER BY 1')).toEqual([
      { status: 'DRAFT', count: 1 },
      { status: 'SCHEDULED', count: 1 },
      { status: 'PUBLISHED', count: 10 },
    ]);
    expect(await count(`author WHERE kind = 'STAFF' AND article_count > 0 AND bio_html IS NOT NULL`)).toBe(4);
    expect(await count('topic WHERE article_count > 0')).toBe(5);
    expect(await count(`article WHERE status = 'PUBLISHED' AND published_at > now()`)).toBe(0);
    expect(await count(`article WHERE status = 'SCHEDULED' AND published_at > now()`)).toBe(1);
    expect(await count(`article WHERE status = 'DRAFT' AND published_at IS NULL`)).toBe(1);
    expect(await count('article WHERE comment_count = 0 AND status = $$PUBLISHED$$')).toBe(0);
    expect(await count(`article WHERE comment_policy = 'MODERATED'`)).toBe(1);
    expect(await count(`article WHERE comment_policy = 'CLOSED'`)).toBe(1);
    expect(await count('former_slug')).toBe(1);
  });

  it('has correct article counts of authors and topics', async () => {
    expect(
      await rows(`
        SELECT slug FROM author a WHERE article_count <>
               (SELECT count(*) FROM article WHERE author_id = a.id AND status = 'PUBLISHED')
        UNION ALL
        SELECT slug FROM topic t WHERE article_count <>
               (SELECT count(*) FROM article_topic JOIN article ON article.id = article_id
                 WHERE topic_id = t.id AND status = 'PUBLISHED')`),
    ).toEqual([]);
  });

  it('has derived columns that agree with a recomputation', async () => {
    await client.query('BEGIN');
    const found = await checkThreads(client);
    await client.query('COMMIT');
    expect(found).toEqual({ comments: 0, articles: 0, authors: 0, unreachable: 0, examples: [] });
  });

  it('has one long discussion, six levels deep, with every kind of comment', async () => {
    const [thread] = await rows<Record<string, number>>(`
      SELECT article.comment_count, max(depth) AS deepest,
             count(*) FILTER (WHERE pinned)::int AS pinned,
             count(*) FILTER (WHERE comment.status = 'REMOVED' AND visible AND descendant_count > 0)::int AS removed,
             count(*) FILTER (WHERE comment.status = 'PENDING')::int AS pending,
             count(*) FILTER (WHERE comment.status = 'SPAM')::int AS spam,
             count(*) FILTER (WHERE edited_at IS NOT NULL)::int AS edited,
             count(*) FILTER (WHERE comment.author_id = article.author_id AND parent_id IS NOT NULL)::int AS answers,
             count(DISTINCT comment.author_id) FILTER (WHERE author.kind = 'GUEST')::int AS guests,
             count(DISTINCT comment.author_id) FILTER (WHERE author.kind = 'MEMBER')::int AS members
        FROM article JOIN comment ON article_id = article.id JOIN author ON author.id = comment.author_id
       WHERE article.slug = 'let-the-grass-grow-late' GROUP BY article.id`);
    expect(thread!.comment_count).toBeGreaterThanOrEqual(40);
    expect(thread!.deepest).toBeGreaterThanOrEqual(6);
    expect(thread!.answers).toBeGreaterThanOrEqual(5);
    expect(thread!.guests).toBeGreaterThanOrEqual(5);
    expect(thread!.members).toBeGreaterThanOrEqual(4);
    expect(thread).toMatchObject({ pinned: 1, removed: 1, pending: 1, spam: 1, edited: 1 });
  });

  it('has comments dated after their article, replies after their parent, and none in the future', async () => {
    expect(
      await rows(`
        SELECT c.body_source FROM comment c
          JOIN article ON article.id = c.article_id LEFT JOIN comment parent ON parent.id = c.parent_id
         WHERE c.created_at <= coalesce(parent.created_at, article.published_at) OR c.created_at > now()
            OR c.edited_at <= c.created_at OR c.edited_at > now()`),
    ).toEqual([]);
  });

  it('has a log of every visible comment in order of time, without gaps', async () => {
    expect(
      await rows(`
        SELECT article.slug FROM article
         WHERE event_sequence <> (SELECT count(*) FROM comment WHERE article_id = article.id AND visible)
            OR (SELECT array_agg(comment_id ORDER BY sequence) FROM comment_event WHERE article_id = article.id)
               IS DISTINCT FROM
               (SELECT array_agg(id ORDER BY created_at, id) FROM comment WHERE article_id = article.id AND visible)
            OR event_sequence <> coalesce((SELECT max(sequence) FROM comment_event WHERE article_id = article.id), 0)`),
    ).toEqual([]);
    expect(await count(`comment_event WHERE kind <> 'ADDED'`)).toBe(0);
  });

  it('stores guests under the key and slug that the gateway computes for them', async () => {
    const found = await rows<{ slug: string; name: string; email: string; url: string | null; guest_key: string }>(
      `SELECT slug, name, email, url, guest_key FROM author WHERE kind = 'GUEST'`,
    );
    expect(found.length).toBeGreaterThan(5);
    for (const guest of found) {
      expect(guest.guest_key).toBe(guestKey(guest));
      expect(guest.slug).toBe(guestSlug(guest.guest_key));
    }
  });

  it('refers to exactly the pictures that it contains', async () => {
    const named = await rows<{ url: string }>(`
      SELECT cover_url AS url FROM article WHERE cover_url IS NOT NULL
      UNION ALL SELECT avatar_url FROM author WHERE avatar_url IS NOT NULL
      UNION ALL SELECT (regexp_matches(body_html, '<img src="([^"]*)"', 'g'))[1] FROM article`);
    expect(named.length).toBeGreaterThanOrEqual(16);
    expect(named.map(({ url }) => url).sort()).toEqual([...samplePictures.keys()].sort());
    for (const draw of samplePictures.values()) {
      const { type, body } = await draw();
      expect(type).toBe('image/svg+xml');
      expect(body).toMatch(
        /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+" width="\d+" height="\d+">/,
      );
      expect(body).not.toMatch(/NaN|undefined|Infinity|<script|href/);
    }
  });

  it('has an alt text, a caption and a size for every cover', async () => {
    expect(
      await count(`article WHERE cover_url IS NOT NULL
      AND (cover_alt IS NULL OR cover_caption IS NULL OR cover_width <> 1200 OR cover_height <> 630)`),
    ).toBe(0);
  });

  it('renders to plain text without markup, and to HTML with headings and quotes', async () => {
    const articles = await rows<{
      slug: string;
      status: string;
      body_text: string;
      excerpt: string;
      body_html: string;
    }>('SELECT slug, status, body_text, excerpt, body_html FROM article');
    for (const { status, body_text, excerpt, body_html } of articles) {
      expect(storageFault(body_text)).toBeNull();
      expect(body_text).not.toMatch(/~~~|\*\*|<\w/);
      expect(excerpt.length).toBeGreaterThan(40);
      if (status !== 'PUBLISHED') continue;
      expect(body_text.split(/\s+/).length).toBeGreaterThan(300);
      expect(body_html).toMatch(/<h2 id="[^"]+">.*<blockquote>/s);
    }
  });

  it('refuses a database that is not empty, and changes nothing in it', async () => {
    const before = await count('comment');
    await expect(loadSample(client)).rejects.toThrow(/empty database; this one has \d+ authors/);
    expect(await count('comment')).toBe(before);
  });
});
