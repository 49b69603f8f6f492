import type pg from 'pg';
import { rebuildThreads } from '../src/database/derived/thread-repair.ts';

/** Numbers from 0 to 1 that look random and are the same each time (mulberry32), so that a failure can be seen again. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of a list that is not empty. */
export function pick<Item>(from: readonly Item[], next: () => number): Item {
  return from[Math.floor(next() * from.length)]!;
}

/** An instant some minutes after 2026-01-01, as the database and the graph write it. */
export function minute(minutes: number): string {
  return new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString();
}

interface NewAuthor {
  id: number;
  name?: string;
  kind?: 'STAFF' | 'MEMBER' | 'GUEST';
  bio?: string;
}

interface NewTopic {
  id: number;
  name?: string;
  parent?: number;
  description?: string;
}

export interface NewArticle {
  id: number;
  author?: number;
  title?: string;
  text?: string;
  status?: 'DRAFT' | 'SCHEDULED' | 'PUBLISHED' | 'ARCHIVED';
  /** Minutes of publication; null for none. Scheduled ones are due a hundred years later. */
  at?: number | null;
  topics?: number[];
  formerSlugs?: string[];
  policy?: 'OPEN' | 'MODERATED' | 'CLOSED';
  cover?: boolean;
}

export interface NewComment {
  id: number;
  article: number;
  parent?: number;
  author?: number;
  status?: 'PENDING' | 'VISIBLE' | 'REJECTED' | 'SPAM' | 'REMOVED';
  /** Minutes of writing; those of `id` unless said. */
  at?: number;
  reactions?: [number, number, number, number, number];
}

export interface Content {
  authors?: NewAuthor[];
  topics?: NewTopic[];
  articles?: NewArticle[];
  comments?: NewComment[];
}

/**
 * Writes rows as an import does, and derives the rest as it does: slugs are `author-1`, `topic-1` and `article-1`.
 * Author 1 wrote what does not say who did.
 */
export async function write(
  sql: pg.Client,
  { authors = [], topics = [], articles = [], comments = [] }: Content,
): Promise<void> {
  const rows = (text: string, values: object[]) => sql.query(text, [JSON.stringify(values)]);
  await rows(
    `INSERT INTO author (id, slug, name, kind, bio_source, bio_html, bio_text, avatar_url, url, email)
     SELECT id, 'author-' || id, coalesce(name, 'Author ' || id), coalesce(kind, 'STAFF'), bio, '<p>' || bio || '</p>', bio,
       'https://example.com/' || id || '.png', 'https://example.com/' || id, 'author-' || id || '@example.com'
     FROM json_to_recordset($1) AS r(id int, name text, kind "AuthorKind", bio text)`,
    authors,
  );
  await rows(
    `INSERT INTO topic (id, slug, name, description, parent_id)
     SELECT id, 'topic-' || id, coalesce(name, 'Topic ' || id), description, parent
     FROM json_to_recordset($1) AS r(id int, name text, parent int, description text)`,
    topics,
  );
  await rows(
    `INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, reading_minutes, status,
       published_at, updated_at, author_id, comment_policy, cover_url, cover_alt, cover_caption, cover_width, cover_height)
     SELECT id, 'article-' || id, coalesce(title, 'Title ' || id), 'Excerpt ' || id, coalesce(text, 'Text ' || id),
       '<p>Text ' || id || '</p>', coalesce(text, 'Text ' || id), 1 + id % 9, coalesce(status, 'PUBLISHED'),
       timestamptz '2026-01-01Z' + make_interval(mins => at) + CASE WHEN status = 'SCHEDULED' THEN interval '100 years' ELSE '0' END,
       '2026-02-01Z', coalesce(author, 1), coalesce(policy, 'OPEN'),
       CASE WHEN cover THEN '/covers/' || id || '.jpg' END, 'Cover ' || id, 'Caption ' || id, 640, 480
     FROM json_to_recordset($1) AS r(id int, author int, title text, text text, status "ArticleStatus", at int,
       policy "CommentPolicy", cover boolean)`,
    articles.map((article) => ({ at: article.id, ...article })),
  );
  await rows(
    'INSERT INTO article_topic SELECT * FROM json_to_recordset($1) AS r(article_id int, topic_id int, position int)',
    articles.flatMap(({ id, topics: about = [] }) =>
      about.map((topic, position) => ({ article_id: id, topic_id: topic, position })),
    ),
  );
  await rows(
    'INSERT INTO former_slug (slug, article_id) SELECT * FROM json_to_recordset($1) AS r(slug text, article_id int)',
    articles.flatMap(({ id, formerSlugs = [] }) => formerSlugs.map((slug) => ({ slug, article_id: id }))),
  );
  await rows(
    `INSERT INTO comment (id, article_id, parent_id, author_id, path, depth, status, body_source, body_html, body_text,
       created_at, reaction_counts)
     SELECT id, article, parent, coalesce(author, 1), ARRAY[-id], 0, coalesce(status, 'VISIBLE'), 'Comment *' || id || '*',
       '<p>Comment <em>' || id || '</em></p>', 'Comment ' || id,
       timestamptz '2026-01-01Z' + make_interval(mins => coalesce(at, id)), coalesce(reactions, '{0,0,0,0,0}')
     FROM json_to_recordset($1)
       AS r(id int, article int, parent int, author int, status "CommentStatus", at int, reactions int[])`,
    comments,
  );
  await sql.query('BEGIN');
  await rebuildThreads(sql);
  await sql.query('COMMIT');
  for (const table of ['author', 'topic', 'article', 'comment'])
    await sql.query(`SELECT setval('${table}_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM ${table}))`);
}
