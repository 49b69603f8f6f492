import { contextLoader } from '../context-loader.ts';

/**
 * The nearest comment above each that hides it: one that is held, rejected or spam. Null where none does. Readers see a
 * comment when its own status lets them, and none above hides it.
 */
export const hidingComments = contextLoader(async (ids: readonly number[], { db }) => {
  const rows = await db.query<[id: number, hiddenBy: number]>({
    name: 'comments-hidden-by',
    // Level by level through the primary key (LATERAL with OFFSET 0), and no further than the first that hides. UNION ends at a
    // circle of parents.
    text: `WITH RECURSIVE above AS (
        SELECT c.id AS start, c.parent_id, NULL::int AS hiding FROM comment c WHERE c.id = ANY($1)
        UNION
        SELECT above.start, p.parent_id, p.hiding FROM above CROSS JOIN LATERAL (
          SELECT parent_id, CASE WHEN status NOT IN ('VISIBLE', 'REMOVED') THEN id END AS hiding
          FROM comment WHERE id = above.parent_id OFFSET 0
        ) p WHERE above.hiding IS NULL
      )
      SELECT start, hiding FROM above WHERE hiding IS NOT NULL`,
    values: [ids],
  });
  const found = new Map(rows);
  return ids.map((id) => found.get(id) ?? null);
});
