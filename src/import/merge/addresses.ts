import { countReason, type MergeContext } from './merge-context.ts';

/** Keeps the paths under which the imported site served its articles. A path stays with the article that has it. */
export async function writeAddresses({ client, report }: MergeContext): Promise<void> {
  await client.query(`
    INSERT INTO article_address (path, article_id)
    SELECT DISTINCT ON (s.path) s.path, m.id FROM staged_address s JOIN merge_article m USING (item)
     ORDER BY s.path, s.file_position
    ON CONFLICT (path) DO NOTHING`);
  const conflicts = `
    SELECT s.path AS id, a.title, a.line
      FROM staged_address s JOIN staged_article a USING (item) JOIN merge_article m USING (item)
     WHERE NOT EXISTS (SELECT FROM article_address d WHERE d.path = s.path AND d.article_id = m.id)`;
  report.addNoteReason(await countReason(client, 'address was not kept: it belongs to another article', conflicts));
}
