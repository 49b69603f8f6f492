import type { Queryable } from '../context.ts';

/** Counts a new visible comment on its ancestors, its article and its author. The article's row is locked. */
export async function countAddedComment(tx: Queryable, id: number, parentId: number | null): Promise<void> {
  if (parentId !== null) await countOnAncestors(tx, parentId);
  await tx.query({
    name: 'count-article',
    text: `WITH added AS (SELECT article_id, author_id, created_at FROM comment WHERE id = $1),
      counted AS (
        UPDATE author SET comment_count = comment_count + 1 FROM added WHERE author.id = added.author_id
      )
      UPDATE article SET comment_count = comment_count + 1, discussed_at = greatest(discussed_at, added.created_at)
      FROM added WHERE article.id = added.article_id`,
    values: [id],
  });
}

async function countOnAncestors(tx: Queryable, parentId: number): Promise<void> {
  await tx.query({
    name: 'count-above',
    text: `WITH RECURSIVE above AS (
        SELECT $1::int AS id UNION ALL
        SELECT c.parent_id FROM above JOIN comment c ON c.id = above.id WHERE c.parent_id IS NOT NULL
      )
      UPDATE comment c SET descendant_count = descendant_count + 1,
        reply_count = reply_count + (c.id = $1)::int, score = score + (c.id = $1)::int
      FROM above WHERE c.id = above.id`,
    values: [parentId],
  });
}
