import type { Client } from 'pg';
import type { SequencePosition } from './backup-format.ts';

/**
 * Ids that are skipped by a restore: as many may have been given between the backup and the loss of the database. Receipts, caches
 * and links outside still name them, and must not find what gets its id later.
 */
const SKIPPED = 1_000_000;

/** The part of a sequence's remaining values that one restore may skip. */
const SKIPPED_PART = 100;

/**
 * Moves the sequences beyond these positions. A rollback does not move them back, so they never go back from where they are.
 * @param positions of the backup, and of the tables that it has replaced
 */
export async function setSequences(
  client: Client,
  positions: readonly SequencePosition[],
  skipsIds: boolean,
): Promise<void> {
  const { rows } = await client.query<{ name: string; present: string | null; most: string }>(
    `SELECT sequencename AS name, last_value AS present, max_value AS most FROM pg_sequences WHERE schemaname = 'public'`,
  );
  for (const { name, present, most } of rows) {
    const others = positions.filter((position) => position.name === name).map(({ last }) => last ?? 0);
    const known = Math.max(Number(present ?? 0), ...others);
    const skipped = skipsIds ? Math.min(SKIPPED, Math.floor((Number(most) - known) / SKIPPED_PART)) : 0;
    if (known + skipped > 0)
      await client.query('SELECT setval(format($1, $2::text)::regclass, $3)', ['public.%I', name, known + skipped]);
  }
}
