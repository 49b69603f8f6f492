// Where a file's rows wait until all of it is read: temporary tables, so that memory does not grow with the file.
import type pg from 'pg';

export interface StagedAuthor {
  line: number;
  login: string;
  user_id: string | null;
  name: string;
  email: string | null;
  /** Listed by the file, not only named by a post. */
  listed: boolean;
  digest: string;
}

export interface StagedTopic {
  line: number;
  slug: string;
  name: string;
  description: string | null;
  parent_slug: string | null;
  /** Listed by the file, not only named by a post. */
  listed: boolean;
  digest: string;
}

export interface StagedArticle {
  line: number;
  item: number;
  external_id: string;
  title: string;
  slug: string;
  former_slugs: string[];
  excerpt: string;
  body_source: string;
  body_html: string;
  body_text: string;
  reading_minutes: number;
  status: 'DRAFT' | 'SCHEDULED' | 'PUBLISHED';
  published_at: string | null;
  created_at: string | null;
  modified_at: string | null;
  login: string;
  /** Null where WordPress takes comments: how they appear is for this site to say. */
  comment_policy: 'CLOSED' | null;
  thumbnail_id: string | null;
  topics: string[];
  digest: string;
}

export interface StagedImage {
  line: number;
  external_id: string;
  title: string;
  url: string;
  alt: string;
  caption: string | null;
  width: number | null;
  height: number | null;
}

export interface StagedComment {
  line: number;
  item: number;
  external_id: string;
  parent_external_id: string | null;
  user_id: string | null;
  guest_key: string;
  name: string;
  email: string | null;
  url: string | null;
  status: 'PENDING' | 'VISIBLE' | 'SPAM' | 'REMOVED';
  body_source: string;
  body_html: string;
  body_text: string;
  created_at: string | null;
  digest: string;
}

interface StagedRows {
  staged_author: StagedAuthor;
  staged_topic: StagedTopic;
  staged_article: StagedArticle;
  staged_image: StagedImage;
  staged_comment: StagedComment;
}

const TABLES: Record<keyof StagedRows, string> = {
  staged_author: 'place int, line int, login text, user_id text, name text, email text, listed boolean, digest text',
  staged_topic:
    'place int, line int, slug text, name text, description text, parent_slug text, listed boolean, digest text',
  staged_article: `
    place int, line int, item int, external_id text, title text, slug text, former_slugs text[], excerpt text, body_source text,
    body_html text, body_text text, reading_minutes int, status "ArticleStatus", published_at timestamptz,
    created_at timestamptz, modified_at timestamptz, login text, comment_policy "CommentPolicy", thumbnail_id text,
    topics text[], digest text`,
  staged_image:
    'place int, line int, external_id text, title text, url text, alt text, caption text, width int, height int',
  staged_comment: `
    place int, line int, item int, external_id text, parent_external_id text, user_id text, guest_key text, name text, email text,
    url text, status "CommentStatus", body_source text, body_html text, body_text text, created_at timestamptz,
    digest text`,
};

/** Characters of rows that wait in memory. */
const MAX_WAITING = 512 * 1024;

/** Collects rows and writes them in batches. Belongs to a transaction, whose end removes the tables. */
export class Staging {
  readonly #client: pg.ClientBase;
  readonly #waiting = new Map<keyof StagedRows, string[]>();
  #characters = 0;
  #places = 0;

  constructor(client: pg.ClientBase) {
    this.#client = client;
  }

  async open(): Promise<void> {
    for (const [table, columns] of Object.entries(TABLES)) {
      await this.#client.query(`CREATE TEMP TABLE ${table} (${columns}) ON COMMIT DROP`);
    }
  }

  add<Table extends keyof StagedRows>(table: Table, row: StagedRows[Table]): void {
    this.#places += 1;
    // Several may begin on one line: `place` tells rows apart, in the order of the file.
    const json = JSON.stringify({ ...row, place: this.#places });
    const rows = this.#waiting.get(table);
    if (rows) rows.push(json);
    else this.#waiting.set(table, [json]);
    this.#characters += json.length;
  }

  /** Writes what waits, if that is much. To be awaited before more is read. */
  async relieve(): Promise<void> {
    if (this.#characters >= MAX_WAITING) await this.#flush();
  }

  /** Writes the rest and lets PostgreSQL know what is there. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#client.query(
      'CREATE UNIQUE INDEX ON staged_article (item); CREATE UNIQUE INDEX ON staged_comment (place)',
    );
    for (const table of Object.keys(TABLES)) await this.#client.query(`ANALYZE ${table}`);
  }

  async #flush(): Promise<void> {
    for (const [table, rows] of this.#waiting) {
      await this.#client.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [
        `[${rows.join(',')}]`,
      ]);
    }
    this.#waiting.clear();
    this.#characters = 0;
  }
}
