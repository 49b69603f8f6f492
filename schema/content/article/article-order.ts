import type { Keyset } from '../list/cursor.ts';
import type { ArticleRow } from '../row-types.ts';

export type ArticleOrder = 'NEWEST' | 'OLDEST' | 'MOST_DISCUSSED' | 'RECENTLY_DISCUSSED';

export const ORDERS = {
  NEWEST: { column: 'a.published_at', type: 'timestamptz', descending: true },
  OLDEST: { column: 'a.published_at', type: 'timestamptz', descending: false },
  MOST_DISCUSSED: { column: 'a.comment_count', type: 'int', descending: true },
  RECENTLY_DISCUSSED: { column: 'a.discussed_at', type: 'timestamptz', descending: true },
} as const;

// An unpublished article may have no date of publication: it is ordered by when it was created.
export const ORDERS_WITH_UNPUBLISHED = {
  ...ORDERS,
  NEWEST: { ...ORDERS.NEWEST, column: 'coalesce(a.published_at, a.created_at)' },
  OLDEST: { ...ORDERS.OLDEST, column: 'coalesce(a.published_at, a.created_at)' },
} as const;

/** A published article's place in an order. */
export function keysetOf(order: ArticleOrder): (row: ArticleRow) => Keyset {
  switch (order) {
    case 'NEWEST':
    case 'OLDEST':
      return ({ id, publishedAt }) => [publishedAt!.toISOString(), id];
    case 'MOST_DISCUSSED':
      return ({ id, commentCount }) => [commentCount, id];
    case 'RECENTLY_DISCUSSED':
      return ({ id, discussedAt }) => [discussedAt.toISOString(), id];
  }
}

/** The same for an article that may be unpublished; its row has `createdAt`. */
export function keysetWithUnpublishedOf(order: ArticleOrder): (row: ArticleRow) => Keyset {
  const keyset = keysetOf(order);
  return (row) => keyset({ ...row, publishedAt: row.publishedAt ?? row.createdAt! });
}
