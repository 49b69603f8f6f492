// What was decided here since the last import wins over the file. Of each column the import remembers a digest of what it
// wrote last. A column with another value was changed here; so was, as far as anybody knows, one of which nothing is
// remembered.
import { countReason, type MergeContext } from './merge-context.ts';

/** A column, or columns that change together. The expressions are of the row `e` and of what the file has. */
interface MergedField {
  name: string;
  current: string;
  wanted: string;
  /** Imports of earlier versions have left it null, and remember nothing of it. @default false */
  wasNeverWritten?: boolean;
}

/** One expression per kind of record: its fields by name. */
export type MergedFields = readonly MergedField[];

/** SQL: names of the fields that the file would change. */
export function differingFields(fields: MergedFields): string {
  const names = fields.map(
    ({ name, current, wanted }) => `CASE WHEN ${current} IS DISTINCT FROM ${wanted} THEN '${name}' END`,
  );
  return `array_remove(ARRAY[${names.join(', ')}], NULL)`;
}

/** SQL: names of the fields that have another value than an import wrote last, by the digests in the column `written`. */
export function locallyChangedFields(fields: MergedFields, written: string): string {
  const names = fields.map(
    (field) =>
      `CASE WHEN ${digestOf(field.current)} IS DISTINCT FROM ${lastWritten(field, written)} THEN '${field.name}' END`,
  );
  return `array_remove(ARRAY[${names.join(', ')}], NULL)`;
}

/** SQL: names of the fields that are kept, by the columns `differing` and `changed`. $2 is whether the file wins. */
export const KEPT = `(SELECT coalesce(array_agg(field), '{}') FROM unnest(differing) field WHERE field = ANY (changed) AND NOT $2)`;

/** SQL: whether the file changes an existing row, by the columns `digest`, `old_digest`, `differing` and `kept`. */
export const IS_UPDATED = `(digest <> old_digest AND (kept = '{}' OR NOT differing <@ kept) OR $2 AND differing <> '{}')`;

/** SQL: the value of a column after the import. */
export function merged(field: string, current: string, wanted: string): string {
  return `CASE WHEN '${field}' = ANY (m.kept) THEN ${current} ELSE ${wanted} END`;
}

/** SQL: a digest of all fields of the row `e` as they are. */
export function seenDigest(fields: MergedFields): string {
  return `md5(ROW(${fields.map(({ current }) => current).join(', ')})::text)`;
}

/**
 * Leaves out the rows that were changed here after they were matched, and reports them. The next import compares them anew.
 *
 * @param which SQL: which rows of `m`, whose rows are locked
 */
export async function keepChanged(
  { client, report }: MergeContext,
  { kind, table, entity, fields }: MergedKind,
  which: string,
): Promise<void> {
  const changed = await client.query<{ id: string; title: string; line: number }>(`
    UPDATE ${table} m SET outcome = 'unchanged' FROM ${entity} e
     WHERE e.id = m.id AND m.outcome = 'updated' AND ${which} AND m.seen IS DISTINCT FROM ${seenDigest(fields)}
    RETURNING m.external_id AS id, m.title, m.line`);
  for (const location of changed.rows)
    report.addNote(`${kind} was changed here during the import and kept; import the files again`, location);
}

function digestOf(current: string): string {
  return `md5(coalesce((${current})::text, ''))`;
}

/** SQL: the digest of what an import wrote last into a field; null where nothing is remembered. */
function lastWritten({ name, wasNeverWritten = false }: MergedField, written: string): string {
  return wasNeverWritten ? `coalesce(${written}->>'${name}', ${digestOf('NULL')})` : `${written}->>'${name}'`;
}

interface MergedKind {
  kind: 'author' | 'topic' | 'article' | 'comment';
  /** The merge table, with the columns id, external_id, digest, outcome and kept. */
  table: string;
  /** The table of the written rows, as `e`. */
  entity: string;
  fields: MergedFields;
}

/**
 * Stores id, digest and what was written for rows of a merge table, so that the next import recognises them.
 *
 * @param which SQL: which rows of `m`
 */
export async function recordProvenance(
  { client, source }: MergeContext,
  kind: MergedKind,
  which = 'true',
): Promise<void> {
  const digests = kind.fields.map(
    (field) =>
      `CASE WHEN '${field.name}' = ANY (m.kept) THEN ${lastWritten(field, 'p.written')}
                                  WHEN m.outcome = 'unchanged' THEN coalesce(${lastWritten(field, 'p.written')}, ${digestOf(field.current)})
                                  ELSE ${digestOf(field.current)} END`,
  );
  const names = kind.fields.map(({ name }) => `'${name}'`);
  await client.query(
    `
    INSERT INTO provenance AS p (source, kind, external_id, guid, entity_id, digest, written)
    SELECT $1, $2, m.external_id, ${kind.kind === 'article' ? 'm.guid' : 'NULL'}, m.id, m.digest,
           jsonb_strip_nulls(jsonb_object(ARRAY[${names.join(', ')}]::text[], ARRAY[${digests.join(', ')}]::text[]))
      FROM ${kind.table} m JOIN ${kind.entity} e ON e.id = m.id
      LEFT JOIN provenance p ON p.source = $1 AND p.kind = $2 AND p.external_id = m.external_id
     WHERE m.outcome IS NOT NULL AND (${which})
    ON CONFLICT (source, kind, external_id) DO UPDATE
      SET guid = coalesce(EXCLUDED.guid, p.guid), entity_id = EXCLUDED.entity_id, digest = EXCLUDED.digest, written = EXCLUDED.written,
          imported_at = CURRENT_TIMESTAMP
    WHERE (p.guid, p.entity_id, p.digest, p.written) IS DISTINCT FROM
          (coalesce(EXCLUDED.guid, p.guid), EXCLUDED.entity_id, EXCLUDED.digest, EXCLUDED.written)`,
    [source, kind.kind],
  );
}

/** Reports the local changes that the file would have undone, by column. */
export async function reportKept({ client, report }: MergeContext, { kind, table, fields }: MergedKind): Promise<void> {
  for (const { name } of fields) {
    const kept = `SELECT external_id AS id, title, line FROM ${table} WHERE '${name}' = ANY (kept)`;
    report.addNoteReason(
      await countReason(client, `${kind}: ${name.replace('_', ' ')} was changed here and kept`, kept),
    );
  }
}
