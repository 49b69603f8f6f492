import type { Queryable } from '../context.ts';

/** Whether a topic is another one or below it. Call it under the lock of slugs, which all changes of parents hold. */
export async function isBelowOrSame(
  tx: Queryable,
  { topic, above }: { topic: number; above: number },
): Promise<boolean> {
  const found = await tx.query({
    name: 'topic-above',
    // UNION ends at a circle, which an import by hand may have left.
    text: `WITH RECURSIVE line AS (
        SELECT $1::int AS id UNION SELECT t.parent_id FROM topic t JOIN line USING (id) WHERE t.parent_id IS NOT NULL
      ) SELECT FROM line WHERE id = $2`,
    values: [topic, above],
  });
  return found.length > 0;
}
