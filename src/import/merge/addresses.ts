import { countReason, type MergeContext } from './merge-context.ts';

/** The staged addresses of one kind of page: path, id of what was served there, and where the file has it. */
const KINDS = [
  {
    table: 'article_address',
    column: 'article_id',
    found: `SELECT s.path, m.id, a.title, a.line, s.file_position
      FROM staged_address s JOIN staged_article a USING (item) JOIN merge_article m USING (item)`,
    conflict: 'address was not kept: it belongs to another article',
  },
  {
    table: 'author_address',
    column: 'author_id',
    found: `SELECT s.path, m.id, m.name AS title, m.line, s.file_position
      FROM staged_author_address s JOIN merge_author m ON m.external_id = s.login AND m.outcome IS NOT NULL`,
    conflict: 'address was not kept: it belongs to another author',
  },
  {
    table: 'topic_address',
    column: 'topic_id',
    found: `SELECT s.path, m.id, m.name AS title, m.line, s.file_position
      FROM staged_topic_address s JOIN merge_topic m USING (external_id)`,
    conflict: 'address was not kept: it belongs to another topic',
  },
] as const;

/** Keeps the paths under which the imported site served its pages. A path stays with what has it. */
export async function writeAddresses({ client, report }: MergeContext): Promise<void> {
  for (const { table, column, found, conflict } of KINDS) {
    await client.query(`
      INSERT INTO ${table} (path, ${column})
      SELECT DISTINCT ON (path) path, id FROM (${found}) found WHERE id IS NOT NULL ORDER BY path, file_position
      ON CONFLICT (path) DO NOTHING`);
    const conflicts = `
      SELECT f.path AS id, f.title, f.line FROM (${found}) f
       WHERE NOT EXISTS (SELECT FROM ${table} d WHERE d.path = f.path AND d.${column} = f.id)`;
    report.addNoteReason(await countReason(client, conflict, conflicts));
  }
}
