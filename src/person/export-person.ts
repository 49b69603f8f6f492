import { createHash } from 'node:crypto';
import pg from 'pg';
import { findPerson } from './find-person.ts';

/** What the database has of a person: for each heading, SQL of its rows. $1: ids of their authors, $2: actors of requests. */
const SECTIONS = {
  accounts: `SELECT a.slug, a.name, a.kind, a.email, a.url, a.avatar_url, a.bio_source AS bio, a.subject, a.created_at, a.updated_at,
      (SELECT array_agg(path ORDER BY path) FROM author_address d WHERE d.author_id = a.id) AS former_addresses
    FROM author a WHERE id = ANY ($1) ORDER BY id`,
  comments: `SELECT c.id, article.slug AS article, article.title AS article_title, c.parent_id, c.status, c.body_source AS body,
      c.body_format AS format, c.created_at, c.edited_at, c.hold_reasons,
      (SELECT json_agg(json_build_object('body', v.body_source, 'format', v.body_format, 'written_at', v.written_at) ORDER BY v.id)
        FROM comment_version v WHERE v.comment_id = c.id) AS former_versions,
      (SELECT json_build_object('body', h.body_source, 'written_at', h.written_at) FROM comment_held_edit h
        WHERE h.comment_id = c.id) AS waiting_edit,
      (SELECT json_agg(json_build_object('action', m.action, 'status', m.status, 'reason', m.reason, 'at', m.created_at) ORDER BY m.id)
        FROM moderation_entry m WHERE m.comment_id = c.id) AS decisions,
      (SELECT json_agg(json_build_object('reason', r.reason, 'at', r.created_at) ORDER BY r.created_at)
        FROM comment_report r WHERE r.comment_id = c.id) AS reports
    FROM comment c JOIN article ON article.id = c.article_id WHERE c.author_id = ANY ($1) ORDER BY c.created_at, c.id`,
  reactions:
    'SELECT comment_id, kind, created_at FROM reaction WHERE author_id = ANY ($1) ORDER BY created_at, comment_id, kind',
  reports: `SELECT comment_id, reason, settled, created_at FROM comment_report WHERE author_id = ANY ($1) ORDER BY created_at, comment_id`,
  decisions: `SELECT comment_id, action, status, reason, created_at FROM moderation_entry WHERE author_id = ANY ($1) ORDER BY id`,
  articles: `SELECT slug, title, excerpt, body_source AS body, body_format AS format, status, published_at, created_at, updated_at
    FROM article WHERE author_id = ANY ($1) ORDER BY id`,
  revisions: `SELECT a.slug AS article, r.version, r.at, r.title, r.excerpt, r.body_source AS body, r.body_format AS format
    FROM article_revision r JOIN article a ON a.id = r.article_id WHERE r.editor_id = ANY ($1) ORDER BY r.article_id, r.version`,
  repeatable_requests: `SELECT key, comment_id, created_at FROM idempotency_key WHERE actor = ANY ($2) ORDER BY created_at, key`,
  imported_from: `SELECT source, kind, external_id, imported_at FROM provenance
    WHERE kind = 'author' AND entity_id = ANY ($1)
       OR kind = 'comment' AND entity_id IN (SELECT id FROM comment WHERE author_id = ANY ($1))
    ORDER BY source, kind, external_id`,
};

type PersonData = { person: string; exported_at: string } & Record<keyof typeof SECTIONS, unknown[]>;

/** Everything that the database has of a person, as it is at one moment. @throws Error for nobody */
export async function exportPerson({ url, person }: { url: string; person: string }): Promise<PersonData> {
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet person' });
  await client.connect();
  client.on('error', () => {});
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'`);
    const ids = (await findPerson(client, person)).map(({ id }) => id);
    const actors = await actorsOf(client, ids);
    const sections: Partial<Record<keyof typeof SECTIONS, unknown[]>> = {};
    for (const [name, sql] of Object.entries(SECTIONS)) {
      const values = sql.includes('$2') ? [ids, actors] : [ids];
      const text = sql.includes('$2') ? `${sql.replace('WHERE actor', 'WHERE $1::int[] IS NOT NULL AND actor')}` : sql;
      sections[name as keyof typeof SECTIONS] = (await client.query(text, values)).rows;
    }
    return { person, exported_at: new Date().toISOString(), ...(sections as Record<keyof typeof SECTIONS, unknown[]>) };
  } finally {
    await client.end();
  }
}

/** The names under which requests of these authors with an idempotency key are stored. */
export async function actorsOf(client: pg.ClientBase, ids: readonly number[]): Promise<string[]> {
  const { rows } = await client.query<{ email: string }>(
    'SELECT DISTINCT lower(email) AS email FROM author WHERE id = ANY ($1) AND email IS NOT NULL',
    [ids],
  );
  const guests = rows.map(({ email }) => `guest:${createHash('sha256').update(email).digest('hex')}`);
  return [...ids.map((id) => `author:${id}`), ...guests];
}
