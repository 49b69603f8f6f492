import type pg from 'pg';
import { guestKey, guestSlug } from '../../schema/content/comment/guest.ts';
import { excerptOf, readingMinutes } from '../../schema/content/text/excerpt.ts';
import { RENDERING_VERSION, renderText } from '../../schema/content/text/render.ts';
import { rebuildThreads } from '../database/index.ts';
import { articles } from './articles.ts';
import { discussions } from './discussions.ts';
import { guests, members, staff } from './people.ts';
import { COVER } from './pictures/svg.ts';
import { SAMPLE_PICTURES_PATH } from './pictures.ts';
import type { SampleArticle, SampleComment, SamplePerson } from './sample-types.ts';
import { topics } from './topics.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Days: staff, members and guests joined before the first article was published. */
const JOINED_DAYS_AGO = 400;

/** Ids by slug, or by name for guests. */
type Ids = ReadonlyMap<string, number>;

/**
 * Loads the sample content into an empty database in one transaction: authors, topics, articles and discussions, with
 * dates relative to now.
 *
 * @throws Error when the database already has authors; then nothing is changed
 */
export async function loadSample(client: pg.ClientBase): Promise<void> {
  const now = Date.now();
  await client.query('BEGIN');
  try {
    await assertEmpty(client);
    const authors = await insertAuthors(client, new Date(now - JOINED_DAYS_AGO * DAY_MS));
    const articleIds = await insertArticles(client, { authors, topics: await insertTopics(client), now });
    for (const { article, comments } of discussions) {
      const publishedAt = now - articles.find(({ slug }) => slug === article)!.daysAgo! * DAY_MS;
      const thread = { client, articleId: idOf(articleIds, article), authors, publishedAt };
      for (const comment of comments) await insertComment(thread, comment, null);
    }
    await rebuildThreads(client);
    await logVisibleComments(client);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
  // Until ANALYZE has run, the planner has no statistics about rows that were loaded in bulk.
  await client.query('ANALYZE');
}

async function assertEmpty(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ count: number }>('SELECT count(*)::int FROM author');
  const { count } = rows[0]!;
  if (count > 0) throw new Error(`The sample content needs an empty database; this one has ${count} authors.`);
}

async function insertAuthors(client: pg.ClientBase, joined: Date): Promise<Ids> {
  const ids = new Map<string, number>();
  for (const person of [...staff, ...members]) ids.set(person.slug, await insertPerson(client, person, joined));
  for (const { name, email, url = null } of guests) {
    const key = guestKey({ name, email, url });
    const inserted = await client.query<{ id: number }>(
      `INSERT INTO author (slug, name, kind, email, url, guest_key, created_at, updated_at)
       VALUES ($1, $2, 'GUEST', $3, $4, $5, $6, $6) RETURNING id`,
      [guestSlug(key), name, email, url, key, joined],
    );
    ids.set(name, inserted.rows[0]!.id);
  }
  return ids;
}

async function insertPerson(client: pg.ClientBase, person: SamplePerson, joined: Date): Promise<number> {
  const { slug, name, kind, bio = null, avatar, url = null } = person;
  const rendered = bio === null ? null : renderText(bio, 'MARKDOWN', 'bio');
  const inserted = await client.query<{ id: number }>(
    `INSERT INTO author (slug, name, kind, bio_source, bio_html, bio_text, bio_rendering, avatar_url, url, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, ${RENDERING_VERSION}, $7, $8, $9, $9) RETURNING id`,
    [
      ...[slug, name, kind, bio, rendered?.html, rendered?.text],
      ...[avatar === undefined ? null : SAMPLE_PICTURES_PATH + avatar, url, joined],
    ],
  );
  return inserted.rows[0]!.id;
}

async function insertTopics(client: pg.ClientBase): Promise<Ids> {
  const ids = new Map<string, number>();
  for (const { slug, name, description } of topics) {
    const inserted = await client.query<{ id: number }>(
      'INSERT INTO topic (slug, name, description) VALUES ($1, $2, $3) RETURNING id',
      [slug, name, description],
    );
    ids.set(slug, inserted.rows[0]!.id);
  }
  return ids;
}

async function insertArticles(
  client: pg.ClientBase,
  { authors, topics, now }: { authors: Ids; topics: Ids; now: number },
): Promise<Ids> {
  const ids = new Map<string, number>();
  // Oldest first, so that ids are in the order of publication.
  for (const article of articles.toReversed()) {
    const id = await insertArticle(client, article, { authorId: idOf(authors, article.author), now });
    for (const [position, topic] of article.topics.entries())
      await client.query('INSERT INTO article_topic (article_id, topic_id, position) VALUES ($1, $2, $3)', [
        ...[id, idOf(topics, topic), position],
      ]);
    if (article.formerSlug !== undefined)
      await client.query('INSERT INTO former_slug (slug, article_id) VALUES ($1, $2)', [article.formerSlug, id]);
    ids.set(article.slug, id);
  }
  return ids;
}

async function insertArticle(
  client: pg.ClientBase,
  article: SampleArticle,
  { authorId, now }: { authorId: number; now: number },
): Promise<number> {
  const { slug, title, markdown, cover, status = 'PUBLISHED', daysAgo, commentPolicy = null } = article;
  const { html, text } = renderText(markdown, 'MARKDOWN', 'article');
  const publishedAt = daysAgo === undefined ? null : new Date(now - daysAgo * DAY_MS);
  const writtenAt = new Date(Math.min(now, publishedAt?.getTime() ?? now) - DAY_MS);
  const inserted = await client.query<{ id: number }>(
    `INSERT INTO article (slug, title, excerpt, body_source, body_html, body_text, rendering, reading_minutes, cover_url, cover_alt,
                          cover_caption, cover_width, cover_height, status, published_at, created_at, updated_at,
                          author_id, comment_policy)
     VALUES ($1, $2, $3, $4, $5, $6, ${RENDERING_VERSION}, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING id`,
    [
      ...[slug, title, article.excerpt ?? excerptOf(text), markdown, html, text, readingMinutes(text)],
      ...[cover ? SAMPLE_PICTURES_PATH + cover.picture : null, cover?.alt, cover?.caption],
      ...[cover ? COVER.width : null, cover ? COVER.height : null, status, publishedAt, writtenAt],
      ...[status === 'PUBLISHED' ? publishedAt : writtenAt, authorId, commentPolicy],
    ],
  );
  return inserted.rows[0]!.id;
}

interface Thread {
  client: pg.ClientBase;
  articleId: number;
  authors: Ids;
  /** Milliseconds since 1970. */
  publishedAt: number;
}

/** Inserts a comment and all its replies without a place in the thread, which `rebuildThreads` computes. */
async function insertComment(thread: Thread, comment: SampleComment, parentId: number | null): Promise<void> {
  const { client, articleId, authors, publishedAt } = thread;
  const { html, text } = renderText(comment.markdown, 'MARKDOWN', 'comment');
  const inserted = await client.query<{ id: number }>(
    `INSERT INTO comment (id, article_id, parent_id, author_id, path, depth, status, body_source, body_html, body_text,
                          rendering, created_at, edited_at, pinned, reaction_counts, hold_reasons)
     SELECT id, $1, $2, $3, ARRAY[-id], 0, $4, $5, $6, $7, ${RENDERING_VERSION}, $8, $9, $10, $11, $12
       FROM (SELECT nextval(pg_get_serial_sequence('comment', 'id'))::int AS id) new
     RETURNING id`,
    [
      ...[
        articleId,
        parentId,
        idOf(authors, comment.author),
        comment.status ?? 'VISIBLE',
        comment.markdown,
        html,
        text,
      ],
      new Date(publishedAt + comment.hoursAfter * HOUR_MS),
      comment.editedHoursAfter === undefined ? null : new Date(publishedAt + comment.editedHoursAfter * HOUR_MS),
      ...[comment.pinned ?? false, comment.reactions ?? [0, 0, 0, 0, 0], comment.holdReasons ?? []],
    ],
  );
  for (const reply of comment.replies ?? []) await insertComment(thread, reply, inserted.rows[0]!.id);
}

/** Writes the log of each article as if its visible comments had been added one by one. */
async function logVisibleComments(client: pg.ClientBase): Promise<void> {
  await client.query(`
    INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
    SELECT article_id, row_number() OVER log, 'ADDED', id, created_at, lag(created_at) OVER log
      FROM comment WHERE visible WINDOW log AS (PARTITION BY article_id ORDER BY created_at, id)`);
  await client.query(`
    UPDATE article SET event_sequence = newest.sequence, last_event_at = newest.at
      FROM (SELECT article_id, max(sequence) AS sequence, max(at) AS at FROM comment_event GROUP BY 1) newest
     WHERE newest.article_id = article.id`);
}

function idOf(ids: Ids, name: string): number {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`The sample content refers to ${name}, but does not contain it.`);
  return id;
}
