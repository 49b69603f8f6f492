import { contextLoader } from '../context-loader.ts';

/** In the order of the column `reaction_counts`. */
export const REACTION_KINDS = ['LIKE', 'LOVE', 'INSIGHTFUL', 'FUNNY', 'SAD'] as const;
export type ReactionKind = (typeof REACTION_KINDS)[number];

export interface ReactionTally {
  kind: ReactionKind;
  count: number;
}

/** The kinds that somebody chose, with how many people did. */
export function reactionTallies(counts: readonly number[]): ReactionTally[] {
  return REACTION_KINDS.map((kind, i) => ({ kind, count: counts[i] ?? 0 })).filter(({ count }) => count > 0);
}

/** The viewer's own reactions to comments, by one statement for all comments of a batch. */
export const viewerReactions = contextLoader(async (ids: readonly number[], { db, viewer }) => {
  const rows = await db.query<[commentId: number, kinds: ReactionKind[]]>({
    name: 'viewer-reactions',
    text: `SELECT comment_id, array_agg(kind ORDER BY kind)::text[] FROM reaction
      WHERE comment_id = ANY($1) AND author_id = $2 GROUP BY comment_id`,
    values: [ids, viewer?.author.id],
  });
  const byComment = new Map(rows);
  return ids.map((id) => byComment.get(id) ?? []);
});
