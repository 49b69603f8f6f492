import type pg from 'pg';

/** SQL: whether a row of `m` with the id of an article is of the batch. */
export const IN_BATCH = 'm.id IN (SELECT id FROM merge_batch)';

/** SQL: the same for a row of `m` that belongs to an article. */
export const ARTICLE_IN_BATCH = 'm.article_id IN (SELECT id FROM merge_batch)';

/** Milliseconds that a batch should take: those who write to its articles wait as long. */
const WANTED_MS = 200;

/** Comments of the first batch. Each article counts as some, too. */
const FIRST_WEIGHT = 200;
const ARTICLE_WEIGHT = 10;
const MAX_WEIGHT = 20_000;

/** Chooses the articles that the next steps write. */
export async function chooseBatch(client: pg.ClientBase, articles: string): Promise<void> {
  await client.query('CREATE TEMP TABLE IF NOT EXISTS merge_batch (id int PRIMARY KEY)');
  await client.query('TRUNCATE merge_batch');
  await client.query(`INSERT INTO merge_batch ${articles}`);
  await client.query('ANALYZE merge_batch');
}

/**
 * Batches of the articles that were here before and change, by their ids, of a size that adapts to the time they take. Discussions
 * are computed as a whole, so one with many comments is a batch of its own.
 */
export class Batches {
  readonly #client: pg.ClientBase;
  #weight = FIRST_WEIGHT;
  #done = 0;

  constructor(client: pg.ClientBase) {
    this.#client = client;
  }

  /** Lists the articles. @returns how many there are */
  async list(): Promise<number> {
    const { rowCount } = await this.#client.query(`
      CREATE TEMP TABLE merge_existing AS
      SELECT id, sum(${ARTICLE_WEIGHT} + comment_count + added) OVER (ORDER BY id) AS weight FROM (
        SELECT a.id, a.comment_count, (SELECT count(*) FROM merge_comment c WHERE c.article_id = a.id AND c.outcome = 'created') AS added
          FROM article a
         WHERE a.id IN (
           SELECT id FROM merge_article WHERE outcome = 'updated'
           UNION SELECT article_id FROM merge_comment WHERE outcome IN ('created', 'updated')
           UNION SELECT id FROM merge_changed_discussion)
           AND a.id NOT IN (SELECT id FROM merge_article WHERE outcome = 'created')
      ) found`);
    await this.#client.query('CREATE INDEX ON merge_existing (weight)');
    return rowCount ?? 0;
  }

  /** Chooses the next batch. @returns the number of its articles, 0 at the end */
  async next(): Promise<number> {
    await chooseBatch(
      this.#client,
      `SELECT id FROM merge_existing WHERE weight > ${this.#done} AND weight <= greatest(${this.#done + this.#weight},
         (SELECT min(weight) FROM merge_existing WHERE weight > ${this.#done}))`,
    );
    const { rows } = await this.#client.query<{ count: number; last: string | null }>(
      'SELECT count(*)::int, max(weight) AS last FROM merge_existing WHERE id IN (SELECT id FROM merge_batch)',
    );
    const { count, last } = rows[0]!;
    this.#done = Number(last ?? this.#done);
    return count;
  }

  /** Adapts the size to the milliseconds that a batch has taken. */
  adapt(took: number): void {
    const factor = Math.min(2, Math.max(0.25, WANTED_MS / Math.max(1, took)));
    this.#weight = Math.min(MAX_WEIGHT, Math.max(1, Math.floor(this.#weight * factor)));
  }
}
