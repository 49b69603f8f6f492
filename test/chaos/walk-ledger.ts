import type pg from 'pg';

/** An entry of an article's log, as it was written. */
export interface LedgerEntry {
  epoch: number;
  sequence: number;
  kind: string;
  commentId: number | null;
}

/**
 * Copies every entry of the logs at the moment when it is written, so that it is known when the log is pruned or a backup
 * is restored. Each restored backup begins another generation, which starts with the entries that the backup had.
 */
export async function createLedger(sql: pg.Client): Promise<void> {
  await sql.query(`
    CREATE SCHEMA walk;
    CREATE TABLE walk.generation (number int NOT NULL);
    INSERT INTO walk.generation VALUES (0);
    CREATE TABLE walk.ledger (
      n bigserial PRIMARY KEY, generation int NOT NULL, article_id int NOT NULL, epoch int NOT NULL, sequence int NOT NULL,
      kind text NOT NULL, comment_id int, restored boolean NOT NULL DEFAULT false
    );
    CREATE FUNCTION walk.copy_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO walk.ledger (generation, article_id, epoch, sequence, kind, comment_id)
      SELECT number, NEW.article_id, event_epoch, NEW.sequence, NEW.kind, NEW.comment_id
      FROM walk.generation, article WHERE article.id = NEW.article_id;
      RETURN NEW;
    END $$;
    CREATE TRIGGER walk_copy_entry AFTER INSERT ON comment_event FOR EACH ROW EXECUTE FUNCTION walk.copy_entry();`);
}

/** Milliseconds for which a count serves all who wait for events: it reads the whole ledger. */
const COUNT_LIFETIME = 50;

/** @returns counts the events that were written to the logs */
export function eventCounter(sql: pg.Client): () => Promise<number> {
  let latest = { at: Number.NEGATIVE_INFINITY, count: Promise.resolve(0) };
  async function count(): Promise<number> {
    const { rows } = await sql.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM walk.ledger WHERE NOT restored',
    );
    return rows[0]!.count;
  }
  return () => {
    if (performance.now() - latest.at > COUNT_LIFETIME) latest = { at: performance.now(), count: count() };
    return latest.count;
  };
}

/** What was written to one log, by generation, the oldest first. A generation may have no entries. */
export async function ledgerOf(sql: pg.Client, articleId: number): Promise<Map<number, LedgerEntry[]>> {
  const { rows } = await sql.query<LedgerEntry & { generation: number }>(
    `SELECT g AS generation, l.epoch, l.sequence, l.kind, l.comment_id AS "commentId"
     FROM (SELECT generate_series(0, number) AS g FROM walk.generation) g
     LEFT JOIN walk.ledger l ON l.generation = g AND l.article_id = $1 ORDER BY g, l.n`,
    [articleId],
  );
  const generations = new Map<number, LedgerEntry[]>();
  for (const { generation, ...entry } of rows) {
    const entries = generations.get(generation) ?? [];
    if (entry.kind !== null) entries.push(entry);
    generations.set(generation, entries);
  }
  return generations;
}
