import type pg from 'pg';

/** Tables that a backup holds: all but the record of migrations, which the copied definitions do not need. */
const TABLES = `SELECT format('%I', tablename) AS name FROM pg_tables
  WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`;

/** Keeps a copy of all rows and of the positions of all sequences, replacing the one before. */
export async function takeBackup(sql: pg.Client): Promise<void> {
  const tables = await names(sql, TABLES);
  await sql.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await sql.query('DROP SCHEMA IF EXISTS walk_backup CASCADE; CREATE SCHEMA walk_backup');
  for (const table of tables) await sql.query(`CREATE TABLE walk_backup.${table} AS TABLE public.${table}`);
  await sql.query(`CREATE TABLE walk_backup.positions AS
    SELECT format('public.%I', sequencename) AS name, last_value FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL`);
  await sql.query('COMMIT');
}

/**
 * Replaces all rows by those of the backup, in one transaction, while gateways run.
 * @param restartLogs gives each log a new epoch, so that all cursors from before are refused
 */
export async function restoreBackup(sql: pg.Client, { restartLogs }: { restartLogs: boolean }): Promise<void> {
  const tables = await inOrderOfReferences(sql);
  await sql.query('BEGIN');
  try {
    // Waits for the changes in progress; readers go on.
    await sql.query(`LOCK TABLE ${tables.join(', ')} IN SHARE ROW EXCLUSIVE MODE`);
    for (const table of tables) await sql.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    for (const table of tables.toReversed()) await sql.query(`DELETE FROM ${table}`);
    for (const table of tables) await sql.query(`INSERT INTO ${table} TABLE walk_backup.${table}`);
    for (const table of tables) await sql.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    await sql.query('SELECT setval(name::regclass, last_value) FROM walk_backup.positions');
    if (restartLogs) await sql.query('UPDATE article SET event_epoch = event_epoch % 2147483647 + 1');
    await sql.query(`UPDATE walk.generation SET number = number + 1`);
    await sql.query(`INSERT INTO walk.ledger (generation, article_id, epoch, sequence, kind, comment_id, restored)
      SELECT number, article_id, a.event_epoch, sequence, kind, comment_id, true
      FROM walk.generation g JOIN walk.ledger l ON l.generation = g.number - 1
      JOIN article a ON a.id = l.article_id AND l.sequence <= a.event_sequence ORDER BY n`);
    await sql.query('COMMIT');
  } catch (error) {
    await sql.query('ROLLBACK');
    throw error;
  }
}

/** The tables of the backup, each after those that its rows refer to. */
async function inOrderOfReferences(sql: pg.Client): Promise<string[]> {
  const rest = new Set(await names(sql, TABLES));
  const { rows: references } = await sql.query<{ from: string; to: string }>(
    `SELECT conrelid::regclass::text AS from, confrelid::regclass::text AS to FROM pg_constraint
     WHERE contype = 'f' AND conrelid <> confrelid`,
  );
  const ordered: string[] = [];
  while (rest.size > 0) {
    const next = [...rest].filter((table) => !references.some(({ from, to }) => from === table && rest.has(to)));
    for (const table of next) rest.delete(table);
    ordered.push(...next);
  }
  return ordered;
}

async function names(sql: pg.Client, text: string): Promise<string[]> {
  return (await sql.query<{ name: string }>(text)).rows.map(({ name }) => name);
}
