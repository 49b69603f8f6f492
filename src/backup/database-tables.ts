import type { Client } from 'pg';
import type { SequencePosition } from './backup-format.ts';

/** A table with its columns, both as SQL writes them. */
export interface DatabaseTable {
  name: string;
  columns: string[];
}

/**
 * Tables that no backup has: the record of migrations, which is in the header, and what names transactions of one server: caches of
 * gateways that run on it compare their numbers.
 */
const LEFT_OUT = ['_prisma_migrations', 'content_change', 'content_change_horizon'];

/** All other tables, each after those that its rows refer to. */
export async function readTables(client: Client): Promise<DatabaseTable[]> {
  const { rows: tables } = await client.query<DatabaseTable>(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL ($1)
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
     GROUP BY c.oid ORDER BY c.relname`,
    [LEFT_OUT],
  );
  const { rows: references } = await client.query<{ from: string; to: string }>(
    `SELECT f.relname AS from, t.relname AS to FROM pg_constraint
     JOIN pg_class f ON f.oid = conrelid JOIN pg_class t ON t.oid = confrelid
     WHERE contype = 'f' AND conrelid <> confrelid AND f.relnamespace = 'public'::regnamespace`,
  );
  return inOrderOfReferences(tables, references);
}

function inOrderOfReferences(tables: DatabaseTable[], references: { from: string; to: string }[]): DatabaseTable[] {
  const ordered: DatabaseTable[] = [];
  for (let rest = tables; rest.length > 0; ) {
    const names = new Set(rest.map(({ name }) => name));
    const next = rest.filter(({ name }) => !references.some(({ from, to }) => from === name && names.has(to)));
    if (next.length === 0) throw new Error(`The tables ${[...names].join(', ')} refer to each other in a circle.`);
    ordered.push(...next);
    rest = rest.filter((table) => !next.includes(table));
  }
  return ordered;
}

export async function readSequences(client: Client): Promise<SequencePosition[]> {
  const { rows } = await client.query<{ name: string; last: string | null }>(
    `SELECT sequencename AS name, last_value AS last FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1`,
  );
  return rows.map(({ name, last }) => ({ name, last: last === null ? null : Number(last) }));
}

/** Opens a connection for a copy of everything: its transaction takes as long as it takes, and ends with this process. */
export const COPY_SETTINGS = `SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
  SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO';
  SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'`;
