import type { CommentStatus } from '../../../prisma/client/enums.ts';

// Which comments are visible is decided here alone. Pure: values in, a verdict out.

/** A comment with what the visibility of a thread depends on. */
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

/** The new state of a comment. */
export interface RecomputedComment {
  comment: ThreadComment;
  status: CommentStatus;
  visible: boolean;
  /** Difference of readable direct replies. */
  replies: number;
  /** Difference of readable comments below. */
  descendants: number;
}

/** A comment that became readable (1) or stopped being so (-1). */
export interface VisibilityChange {
  comment: ThreadComment;
  count: 1 | -1;
}

export interface VisibilityUpdate {
  /** Comments whose status, visibility or counters changed. */
  comments: RecomputedComment[];
  changes: VisibilityChange[];
  /** In the order to emit: removals from the replies up, additions from the parents down. */
  events: { comment: ThreadComment; kind: 'ADDED' | 'REMOVED' }[];
}

interface Node extends RecomputedComment {
  parent: Node | undefined;
  /** An ancestor is rejected, spam or pending. */
  isHiddenByParent: boolean;
  wasReadable: boolean;
  isReadable: boolean;
}

/**
 * Recomputes a thread after status changes. A comment is readable when it is VISIBLE and no ancestor is rejected, spam or
 * pending. It is visible when it is readable, or REMOVED with a readable comment below.
 * @param comments the comments that change with all their ancestors, parents before replies; of those that begin to hide their
 * replies, or cease to, also all descendants
 * @param statuses the new statuses by comment id
 */
export function recomputeVisibility(
  comments: readonly ThreadComment[],
  statuses: ReadonlyMap<number, CommentStatus>,
): VisibilityUpdate {
  const nodes = createNodes(comments, statuses);
  const fromBottom = nodes.toReversed();
  for (const node of fromBottom) computeNode(node);
  return {
    comments: nodes.filter(hasChanged),
    changes: nodes
      .filter(({ wasReadable, isReadable }) => wasReadable !== isReadable)
      .map(({ comment, isReadable }) => ({ comment, count: isReadable ? 1 : -1 })),
    events: [
      ...fromBottom.filter(hasDisappeared).map(({ comment }) => ({ comment, kind: 'REMOVED' as const })),
      ...nodes.filter(hasAppeared).map(({ comment }) => ({ comment, kind: 'ADDED' as const })),
    ],
  };
}

/** One node for each comment, parents first, with what depends on the ancestors. */
function createNodes(comments: readonly ThreadComment[], statuses: ReadonlyMap<number, CommentStatus>): Node[] {
  const nodes = new Map<number, Node>();
  for (const comment of comments) {
    const parent = comment.parentId === null ? undefined : nodes.get(comment.parentId);
    const status = statuses.get(comment.id) ?? comment.status;
    const isHiddenByParent = parent !== undefined && (parent.isHiddenByParent || hidesReplies(parent.status));
    nodes.set(comment.id, {
      comment,
      status,
      parent,
      isHiddenByParent,
      wasReadable: comment.visible && comment.status === 'VISIBLE',
      isReadable: !isHiddenByParent && status === 'VISIBLE',
      visible: false,
      replies: 0,
      descendants: 0,
    });
  }
  return [...nodes.values()];
}

/** Computes what depends on the descendants, which are computed already, and adds it to the parent. */
function computeNode(node: Node): void {
  const { comment, parent, wasReadable, isReadable, isHiddenByParent, status } = node;
  const difference = Number(isReadable) - Number(wasReadable);
  if (parent) {
    parent.replies += difference;
    parent.descendants += difference + node.descendants;
  }
  const keepsPlace = !isHiddenByParent && status === 'REMOVED' && comment.descendantCount + node.descendants > 0;
  node.visible = isReadable || keepsPlace;
}

/** Replies to a comment that readers never saw, or should not see any more, are hidden with it. */
export function hidesReplies(status: CommentStatus): boolean {
  return status !== 'VISIBLE' && status !== 'REMOVED';
}

function hasChanged({ comment, status, visible, replies, descendants }: Node): boolean {
  return status !== comment.status || visible !== comment.visible || replies !== 0 || descendants !== 0;
}

/** Its body came back, or its place did. */
function hasAppeared({ comment, wasReadable, isReadable, visible }: Node): boolean {
  return !wasReadable && (isReadable || (visible && !comment.visible));
}

/** Its body was hidden, or its place was, after the last comment below it. */
function hasDisappeared({ comment, wasReadable, isReadable, visible }: Node): boolean {
  return wasReadable ? !isReadable : !isReadable && !visible && comment.visible;
}
