import { countOutcomes, countReason, type MergeContext } from './merge-context.ts';

/** Picks one image per attachment id: the first in the file. */
export async function matchCovers({ client }: MergeContext): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE merge_image AS
    SELECT DISTINCT ON (external_id) * FROM staged_image ORDER BY external_id, file_position`);
  await client.query('CREATE UNIQUE INDEX ON merge_image (external_id); ANALYZE merge_image');
}

/** Reports the attachments as created, updated or unchanged with the article that they are the cover of. */
export async function reportCovers({ client, report }: MergeContext): Promise<void> {
  const covers = `
    (SELECT i.file_position, min(m.outcome) FILTER (WHERE m.outcome = 'created') AS created, max(m.outcome) AS other
       FROM merge_article m JOIN staged_article s USING (item) JOIN merge_image i ON i.external_id = s.thumbnail_id
      GROUP BY 1)`;
  report.addOutcomes(
    'attachments',
    await countOutcomes(client, `(SELECT coalesce(created, other) AS outcome FROM ${covers} c) o`),
  );
  const unused = `
    SELECT external_id AS id, title, line FROM staged_image s
     WHERE NOT EXISTS (SELECT FROM ${covers} c WHERE c.file_position = s.file_position)`;
  report.addSkippedReason(
    'attachments',
    await countReason(
      client,
      'is no cover of an imported article; pictures and files in texts need no attachment',
      unused,
    ),
  );
  const missing = `
    SELECT s.external_id AS id, s.title, s.line FROM staged_article s JOIN merge_article m USING (item)
     WHERE s.thumbnail_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM merge_image i WHERE i.external_id = s.thumbnail_id)`;
  report.addNoteReason(await countReason(client, 'has a cover that is not in the file and was not imported', missing));
}
