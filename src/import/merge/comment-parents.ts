import { countReason, type MergeContext } from './merge-context.ts';

/**
 * Finds the parents of the new comments: a parent is a comment of the same article, in this file or imported before.
 * A comment whose parent is not found becomes a top-level comment.
 */
export async function resolveParents({ client, source, report }: MergeContext): Promise<void> {
  await client.query(
    `
    UPDATE merge_comment m
       SET parent_id = coalesce(
             (SELECT p.id FROM merge_comment p
               WHERE p.external_id = s.parent_external_id AND p.article_id = m.article_id),
             (SELECT c.id FROM provenance v JOIN comment c ON c.id = v.entity_id
               WHERE v.source = $1 AND v.kind = 'comment' AND v.external_id = s.parent_external_id
                 AND c.article_id = m.article_id))
      FROM staged_comment s
     WHERE s.file_position = m.file_position AND m.outcome = 'created' AND s.parent_external_id IS NOT NULL`,
    [source],
  );
  await client.query('CREATE INDEX ON merge_comment (parent_id); ANALYZE merge_comment');
  const withoutParent = `
    SELECT s.external_id AS id, s.name AS title, s.line FROM staged_comment s JOIN merge_comment m USING (file_position)
     WHERE m.outcome = 'created' AND s.parent_external_id IS NOT NULL AND m.parent_id IS NULL`;
  report.addNoteReason(
    await countReason(client, 'reply to a comment that is not imported became a top-level comment', withoutParent),
  );
  await breakReplyCycles({ client, report });
}

/** Makes the earliest comment of each cycle top-level. A comment that no top-level comment leads to is in or below a cycle. */
async function breakReplyCycles({ client, report }: Pick<MergeContext, 'client' | 'report'>): Promise<void> {
  const unreachable = await client.query<{ id: number; parent_id: number }>(`
    WITH RECURSIVE reached AS (
      SELECT id FROM merge_comment m WHERE outcome <> 'created' OR parent_id IS NULL
         OR NOT EXISTS (SELECT FROM merge_comment p WHERE p.id = m.parent_id)
      UNION ALL
      SELECT reply.id FROM reached CROSS JOIN LATERAL (
        SELECT id FROM merge_comment m WHERE m.parent_id = reached.id AND outcome = 'created' OFFSET 0
      ) reply
    )
    SELECT id, parent_id FROM merge_comment m WHERE NOT EXISTS (SELECT FROM reached r WHERE r.id = m.id) ORDER BY id`);
  const earliest = findEarliestOfEachCycle(new Map(unreachable.rows.map(({ id, parent_id }) => [id, parent_id])));
  if (earliest.length === 0) return;
  await client.query('UPDATE merge_comment SET parent_id = NULL WHERE id = ANY ($1)', [earliest]);
  const ids = earliest.join(',');
  const cycles = `
    SELECT s.external_id AS id, s.name AS title, s.line FROM staged_comment s JOIN merge_comment m USING (file_position)
     WHERE m.id IN (${ids})`;
  report.addNoteReason(
    await countReason(client, 'comment that would be its own ancestor became a top-level comment', cycles),
  );
}

/** The lowest id of each cycle. Ids are in the order of the comments' dates. */
function findEarliestOfEachCycle(parents: Map<number, number>): number[] {
  const earliest: number[] = [];
  const done = new Set<number>();
  for (const start of parents.keys()) {
    const walk = new Set<number>();
    let id: number | undefined = start;
    while (id !== undefined && !done.has(id) && !walk.has(id)) {
      walk.add(id);
      id = parents.get(id);
    }
    if (id !== undefined && walk.has(id)) {
      const visited = [...walk];
      earliest.push(visited.slice(visited.indexOf(id)).reduce((lowest, member) => Math.min(lowest, member)));
    }
    for (const visited of walk) done.add(visited);
  }
  return earliest;
}
