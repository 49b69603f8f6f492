import type { CommentStatus } from '../../../prisma/client/enums.ts';

// What stands in public is decided here alone: values in, a verdict out.

/** A comment, as far as what stands around it depends on it. */
export interface ThreadComment {
  id: number;
  articleId: number;
  parentId: number | null;
  authorId: number;
  status: CommentStatus;
  visible: boolean;
  descendantCount: number;
  createdAt: Date;
}

/** How a comment stands after a change; counts of replies are differences. */
export interface RecomputedComment {
  comment: ThreadComment;
  status: CommentStatus;
  visible: boolean;
  /** Visible direct replies, more or fewer. */
  replies: number;
  /** Visible comments below, more or fewer. */
  descendants: number;
}

/** 1 for a comment that can be read from now on, -1 for one that no longer can. */
export interface VisibilityChange {
  comment: ThreadComment;
  count: 1 | -1;
}

export interface VisibilityUpdate {
  /** Comments of which anything changed. */
  comments: RecomputedComment[];
  /** Comments whose words appeared or went. */
  changes: VisibilityChange[];
  /** What to tell: parents appear before their replies, and go after them. */
  events: { comment: ThreadComment; kind: 'ADDED' | 'REMOVED' }[];
}

interface Node extends RecomputedComment {
  above: Node | undefined;
  /** Something above is rejected, spam or pending. */
  isHiddenByParent: boolean;
  wasReadable: boolean;
  isReadable: boolean;
}

/**
 * What new statuses mean for the comments themselves, for all below and for all above them. A comment can be read when
 * it is VISIBLE and nothing above it is rejected, spam or pending; a REMOVED one keeps its place while something below
 * it can be read.
 * @param comments the comments that change, all below and all above them, parents before replies
 * @param statuses the new statuses by id
 */
export function recomputeVisibility(
  comments: readonly ThreadComment[],
  statuses: ReadonlyMap<number, CommentStatus>,
): VisibilityUpdate {
  const nodes = new Map<number, Node>();
  for (const comment of comments) {
    const above = comment.parentId === null ? undefined : nodes.get(comment.parentId);
    const status = statuses.get(comment.id) ?? comment.status;
    const hidden = above !== undefined && (above.isHiddenByParent || hides(above.status));
    nodes.set(comment.id, {
      comment,
      status,
      above,
      isHiddenByParent: hidden,
      wasReadable: comment.visible && comment.status === 'VISIBLE',
      isReadable: !hidden && status === 'VISIBLE',
      visible: false,
      replies: 0,
      descendants: 0,
    });
  }
  const downward = [...nodes.values()];
  const upward = downward.toReversed();
  for (const node of upward) {
    const { comment, above, wasReadable: stood, isReadable: stands, isHiddenByParent: hidden, status } = node;
    const turn = Number(stands) - Number(stood);
    if (above) {
      above.replies += turn;
      above.descendants += turn + node.descendants;
    }
    node.visible = stands || (!hidden && status === 'REMOVED' && comment.descendantCount + node.descendants > 0);
  }
  return {
    comments: downward.filter(isDifferent),
    changes: downward
      .filter(({ wasReadable: stood, isReadable: stands }) => stood !== stands)
      .map(({ comment, isReadable: stands }) => ({ comment, count: stands ? 1 : -1 })),
    events: [
      ...upward.filter(hasDisappeared).map(({ comment }) => ({ comment, kind: 'REMOVED' as const })),
      ...downward.filter(hasAppeared).map(({ comment }) => ({ comment, kind: 'ADDED' as const })),
    ],
  };
}

/** Replies to what readers never saw, or no longer should, are not shown either. */
function hides(status: CommentStatus): boolean {
  return status !== 'VISIBLE' && status !== 'REMOVED';
}

function isDifferent({ comment, status, visible, replies, descendants }: Node): boolean {
  return status !== comment.status || visible !== comment.visible || replies !== 0 || descendants !== 0;
}

/** Its words came back, or its place did. */
function hasAppeared({ comment, wasReadable: stood, isReadable: stands, visible }: Node): boolean {
  return !stood && (stands || (visible && !comment.visible));
}

/** Its words went, or its place, once nothing stood below it any more. */
function hasDisappeared({ comment, wasReadable: stood, isReadable: stands, visible }: Node): boolean {
  return stood ? !stands : !stands && !visible && comment.visible;
}
