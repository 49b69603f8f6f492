import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { decodeIdOf, encodeId } from '../../../schema/content/ids.ts';
import { startEmbedded } from '../../../src/database/embedded/embedded.ts';
import { migrate } from '../../../src/database/migrate/migrate.ts';
import { projectRoot } from '../../../src/root.ts';
import type { Opening } from '../opening.ts';

/** A database of articles that nobody has commented on yet. */
export interface Discussions {
  url: string;
  client: pg.Client;
  /** Publishes an article. @returns its public id */
  open(): Promise<string>;
  /** Public ids of the comments that were added last to an article, in the order of its log. */
  log(article: string, latest: number): Promise<string[]>;
}

/**
 * Makes a database that lasts as long as the measuring: here is written, and the pages' database must stay as it was
 * filled. It is on the server of BENCH_DATABASE_URL, or on one of our own under .data/bench.
 */
export async function openDiscussions(opening: Opening, log: (line: string) => void): Promise<Discussions> {
  const serverUrl =
    process.env.BENCH_DATABASE_URL ??
    (
      await opening(
        startEmbedded({ dataDir: join(projectRoot, '.data', 'bench', 'live'), log: { info: log, error: log } }),
      )
    ).url;
  const server = await opening(connect(serverUrl));
  const name = `bench_${randomBytes(4).toString('hex')}`;
  await server.client.query(`CREATE DATABASE ${name}`);
  await opening({
    stop: async () => {
      await server.client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  });
  const url = new URL(serverUrl);
  url.pathname = name;
  await migrate(url.href);
  const { client } = await opening(connect(url.href));
  await client.query(`INSERT INTO author (id, slug, name, kind) VALUES (0, 'author', 'The Author', 'STAFF')`);

  return {
    url: url.href,
    client,
    async open() {
      const { rows } = await client.query<{ id: number }>(
        `INSERT INTO article (slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
          VALUES ($1, 'An article', 'Short.', 'Short.', '<p>Short.</p>', 'Short.', 'PUBLISHED', now(), 0) RETURNING id`,
        [`article-${randomBytes(8).toString('hex')}`],
      );
      return encodeId('Article', rows[0]!.id);
    },
    async log(article, latest) {
      const { rows } = await client.query<{ id: number }>(
        `SELECT comment_id AS id FROM comment_event
          WHERE article_id = $1 AND kind = 'ADDED' ORDER BY sequence DESC LIMIT $2`,
        [decodeIdOf('Article', article), latest],
      );
      return rows.map(({ id }) => encodeId('Comment', id)).reverse();
    },
  };
}

async function connect(url: string): Promise<{ client: pg.Client; stop(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return { client, stop: () => client.end() };
}
