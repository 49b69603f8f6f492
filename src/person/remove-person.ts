import pg from 'pg';
import { REMOVED_KEY, removedLogin } from '../../schema/content/author/removed-author.ts';
import { repairThreads, restartLogs, restartModerationLog } from '../database/index.ts';
import { actorsOf } from './export-person.ts';
import { type FoundAuthor, findPerson } from './find-person.ts';
import { collectWords, forgetWords } from './search-words.ts';

interface RemovalOptions {
  url: string;
  /** An e-mail address, slug, id or subject. */
  person: string;
  /** Of a person who has written articles: whose they become, as a slug; or `keep` for a byline without a name. */
  articles?: string | undefined;
  /** Removes, reports and rolls back. @default false */
  dryRun?: boolean;
  /** Called after the commit with the articles whose logs begin a new epoch. */
  wakeReaders?: (articleIds: readonly number[]) => Promise<void>;
}

/** What was removed, as numbers of rows. */
export interface RemovalReport {
  dryRun: boolean;
  /** Slugs of the authors that were the person. */
  authors: string[];
  removed: Record<string, number>;
}

/** Times that a removal is tried again because the person wrote meanwhile. */
const MAX_TRIES = 5;

/**
 * Removes what the database has of a person, in one transaction. Their comments become removed ones without words, so that threads keep
 * their shape; the author's row stays without anything that tells who it was, because comments and decisions refer to it. Followers of
 * the discussions receive ResyncRequired.
 * @throws Error when nobody is meant, or when it is not said what becomes of their articles
 */
export async function removePerson({ url, wakeReaders, ...wish }: RemovalOptions): Promise<RemovalReport> {
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet person' });
  await client.connect();
  client.on('error', () => {});
  try {
    for (let tries = 1; ; tries++) {
      await client.query('BEGIN');
      await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
      const removal = await new Removal(client, wish).run();
      await client.query(removal && !wish.dryRun ? 'COMMIT' : 'ROLLBACK');
      if (removal) {
        if (!wish.dryRun) await wakeReaders?.(removal.articleIds);
        return removal.report;
      }
      if (tries === MAX_TRIES) throw new Error('The person keeps writing. End their access first, then try again.');
    }
  } finally {
    // Closing the connection rolls back a transaction that is still open.
    await client.end();
  }
}

/** The articles that show something of the authors, or whose comments they have reacted to, reported or edited. */
const CONCERNED_ARTICLES = `
  SELECT id FROM article WHERE author_id = ANY ($1)
  UNION SELECT article_id FROM comment WHERE author_id = ANY ($1)
  UNION SELECT c.article_id FROM reaction r JOIN comment c ON c.id = r.comment_id WHERE r.author_id = ANY ($1)
  UNION SELECT c.article_id FROM comment_report r JOIN comment c ON c.id = r.comment_id WHERE r.author_id = ANY ($1)`;

/** Whether moderators have a comment of the authors before them, or one that the authors have reported. */
const IS_IN_QUEUE = `SELECT FROM comment WHERE (waiting OR reported)
  AND (author_id = ANY ($1) OR id IN (SELECT comment_id FROM comment_report WHERE author_id = ANY ($1) AND NOT settled)) LIMIT 1`;

const OF_THEIR_COMMENTS = 'comment_id IN (SELECT id FROM comment WHERE author_id = ANY ($1))';

/** What is deleted or emptied, by what the report calls it. $1: ids of the authors. */
const STEPS: readonly (readonly [name: string, sql: string])[] = [
  ['former versions of comments', `DELETE FROM comment_version WHERE ${OF_THEIR_COMMENTS}`],
  ['edits that waited', `DELETE FROM comment_held_edit WHERE ${OF_THEIR_COMMENTS}`],
  ['reports', `DELETE FROM comment_report WHERE author_id = ANY ($1) OR ${OF_THEIR_COMMENTS}`],
  [
    'reasons of decisions',
    `UPDATE moderation_entry SET reason = NULL WHERE reason IS NOT NULL AND (author_id = ANY ($1) OR ${OF_THEIR_COMMENTS})`,
  ],
  [
    'comments',
    `UPDATE comment SET status = 'REMOVED', body_source = '', body_format = 'MARKDOWN', body_html = '', body_text = '', edited_at = NULL,
       pinned = false, hold_reasons = '{}', restore_status = NULL, withdrawn = true, version = version + 1, shown_version = version + 1
     WHERE author_id = ANY ($1)`,
  ],
  ['search documents', `DELETE FROM search_comment WHERE ${OF_THEIR_COMMENTS}`],
  [
    'origins of imported content',
    // What an import wrote is remembered by digests, which would tell whether a text was the one.
    `UPDATE provenance SET digest = '', written = NULL, external_id = CASE
         WHEN kind = 'author' AND NOT starts_with(external_id, '${REMOVED_KEY}') THEN ${removedLogin('external_id')} ELSE external_id END
     WHERE kind = 'author' AND entity_id = ANY ($1)
        OR kind = 'comment' AND entity_id IN (SELECT id FROM comment WHERE author_id = ANY ($1))`,
  ],
  ['former addresses', 'DELETE FROM author_address WHERE author_id = ANY ($1)'],
  ['name skeletons', 'DELETE FROM name_skeleton WHERE author_id = ANY ($1)'],
  ['notices', 'DELETE FROM author_notice WHERE author_id = ANY ($1)'],
  [
    'authors',
    `UPDATE author SET slug = 'removed-' || left(replace(gen_random_uuid()::text, '-', ''), 16), name = 'Removed', kind = 'GUEST',
       bio_source = NULL, bio_format = 'MARKDOWN', bio_html = NULL, bio_text = NULL, avatar_url = NULL, avatar_chosen = false, url = NULL,
       email = NULL, subject = NULL, token_issued_at = NULL, guest_key = '${REMOVED_KEY}' || id, created_at = 'epoch', updated_at = now()
     WHERE id = ANY ($1)`,
  ],
];

class Removal {
  readonly #client: pg.Client;
  readonly #wish: Omit<RemovalOptions, 'url' | 'wakeReaders'>;
  readonly #removed: Record<string, number> = {};

  constructor(client: pg.Client, wish: Omit<RemovalOptions, 'url' | 'wakeReaders'>) {
    this.#client = client;
    this.#wish = wish;
  }

  /** Null if the person wrote elsewhere before they were locked. */
  async run(): Promise<{ report: RemovalReport; articleIds: number[] } | null> {
    const authors = await findPerson(this.#client, this.#wish.person);
    const ids = authors.map(({ id }) => id);
    const articleIds = await this.#lock(ids);
    if (!articleIds) return null;
    const isInQueue = (await this.#client.query(IS_IN_QUEUE, [ids])).rowCount !== 0;
    await this.#giveArticles(authors);
    await this.#deleteRequests(ids);
    await collectWords(this.#client, ids);
    await this.#deleteReactions(ids);
    for (const [name, sql] of STEPS) await this.#count(name, sql, [ids]);
    // The name of a guest has no skeletons.
    await this.#client.query('DELETE FROM stale_name WHERE author_id = ANY ($1)', [ids]);
    await repairThreads(this.#client, articleIds);
    this.#removed['words of the search'] = await forgetWords(this.#client);
    await restartLogs(this.#client, articleIds);
    // A sequence that a dry run skips would stay skipped.
    if (isInQueue && !this.#wish.dryRun) await restartModerationLog(this.#client);
    const report = {
      dryRun: this.#wish.dryRun ?? false,
      authors: authors.map(({ slug }) => slug),
      removed: Object.fromEntries(Object.entries(this.#removed).filter(([, count]) => count > 0)),
    };
    return { report, articleIds };
  }

  /** Locks articles, then authors, each by id, as every change does. @returns the articles */
  async #lock(ids: readonly number[]): Promise<number[] | null> {
    const concerned = async (): Promise<number[]> => {
      const { rows } = await this.#client.query<{ id: number }>(CONCERNED_ARTICLES, [ids]);
      return rows.map(({ id }) => id).sort((a, b) => a - b);
    };
    const articleIds = await concerned();
    await this.#client.query('SELECT FROM article WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE', [articleIds]);
    await this.#client.query('SELECT FROM author WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE', [ids]);
    const known = new Set(articleIds);
    return (await concerned()).every((id) => known.has(id)) ? articleIds : null;
  }

  async #giveArticles(authors: readonly FoundAuthor[]): Promise<void> {
    const { articles } = this.#wish;
    const ids = authors.map(({ id }) => id);
    const { rows } = await this.#client.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM article WHERE author_id = ANY ($1)',
      [ids],
    );
    const count = rows[0]!.count;
    if (count === 0) return;
    if (articles === undefined)
      throw new Error(
        `The person has written ${count} articles. Say what becomes of them: --articles keep shows them without a name, ` +
          '--articles <slug> gives them to another author. Or delete them first.',
      );
    if (articles === 'keep') return;
    const heirs = await this.#client.query<{ id: number }>(
      'SELECT id FROM author WHERE slug = $1 AND NOT id = ANY ($2)',
      [articles, ids],
    );
    const heir = heirs.rows[0];
    if (!heir) throw new Error(`No other author has the slug "${articles}".`);
    await this.#count(
      'bylines',
      'UPDATE article SET author_id = $2, version = version + 1 WHERE author_id = ANY ($1)',
      [ids, heir.id],
    );
  }

  async #deleteRequests(ids: readonly number[]): Promise<void> {
    const actors = await actorsOf(this.#client, ids);
    await this.#count(
      'idempotency keys',
      `DELETE FROM idempotency_key WHERE actor = ANY ($2) OR ${OF_THEIR_COMMENTS}`,
      [ids, actors],
    );
    const senders = ids.map((id) => `^[a-z]+:([0-9]+:)?author:${id}$`);
    await this.#count('counters of rate limits', 'DELETE FROM rate_limit WHERE key ~ ANY ($1)', [senders]);
  }

  async #deleteReactions(ids: readonly number[]): Promise<void> {
    const { rows } = await this.#client.query<{ comment: number }>(
      'DELETE FROM reaction WHERE author_id = ANY ($1) RETURNING comment_id AS comment',
      [ids],
    );
    this.#removed.reactions = rows.length;
    await this.#client.query(
      `UPDATE comment c SET reaction_counts = ARRAY(
         SELECT c.brought_reactions[kind.place] + (SELECT count(*)::int FROM reaction r WHERE r.comment_id = c.id AND r.kind = kind.name)
         FROM unnest(enum_range(NULL::"ReactionKind")) WITH ORDINALITY kind (name, place) ORDER BY kind.place)
       WHERE id = ANY ($1)`,
      [[...new Set(rows.map(({ comment }) => comment))]],
    );
  }

  async #count(name: string, sql: string, values: readonly unknown[]): Promise<void> {
    this.#removed[name] = (this.#removed[name] ?? 0) + ((await this.#client.query(sql, [...values])).rowCount ?? 0);
  }
}
