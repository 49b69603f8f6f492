import type { CommentStatus } from '../../../prisma/client/enums.ts';

// What stands in public is decided here alone: values in, a verdict out.

/** A comment, as far as what stands around it depends on it. */
export interface PlacedComment {
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
export interface NewStanding {
  comment: PlacedComment;
  status: CommentStatus;
  visible: boolean;
  /** Visible direct replies, more or fewer. */
  replies: number;
  /** Visible comments below, more or fewer. */
  descendants: number;
}

/** 1 for a comment that can be read from now on, -1 for one that no longer can. */
export interface Turn {
  comment: PlacedComment;
  count: 1 | -1;
}

export interface Restatement {
  /** Comments of which anything changed. */
  standings: NewStanding[];
  /** Comments whose words appeared or went. */
  turns: Turn[];
  /** What to tell: parents appear before their replies, and go after them. */
  events: { comment: PlacedComment; kind: 'ADDED' | 'REMOVED' }[];
}

interface Node extends NewStanding {
  above: Node | undefined;
  /** Something above is rejected, spam or pending. */
  hidden: boolean;
  stood: boolean;
  stands: boolean;
}

/**
 * What new statuses mean for the comments themselves, for all below and for all above them. A comment can be read when
 * it is VISIBLE and nothing above it is rejected, spam or pending; a REMOVED one keeps its place while something below
 * it can be read.
 * @param comments the comments that change, all below and all above them, parents before replies
 * @param statuses the new statuses by id
 */
export function restate(comments: readonly PlacedComment[], statuses: ReadonlyMap<number, CommentStatus>): Restatement {
  const nodes = new Map<number, Node>();
  for (const comment of comments) {
    const above = comment.parentId === null ? undefined : nodes.get(comment.parentId);
    const status = statuses.get(comment.id) ?? comment.status;
    const hidden = above !== undefined && (above.hidden || hides(above.status));
    nodes.set(comment.id, {
      comment,
      status,
      above,
      hidden,
      stood: comment.visible && comment.status === 'VISIBLE',
      stands: !hidden && status === 'VISIBLE',
      visible: false,
      replies: 0,
      descendants: 0,
    });
  }
  const downward = [...nodes.values()];
  const upward = downward.toReversed();
  for (const node of upward) {
    const { comment, above, stood, stands, hidden, status } = node;
    const turn = Number(stands) - Number(stood);
    if (above) {
      above.replies += turn;
      above.descendants += turn + node.descendants;
    }
    node.visible = stands || (!hidden && status === 'REMOVED' && comment.descendantCount + node.descendants > 0);
  }
  return {
    standings: downward.filter(isDifferent),
    turns: downward
      .filter(({ stood, stands }) => stood !== stands)
      .map(({ comment, stands }) => ({ comment, count: stands ? 1 : -1 })),
    events: [
      ...upward.filter(hasGone).map(({ comment }) => ({ comment, kind: 'REMOVED' as const })),
      ...downward.filter(hasCome).map(({ comment }) => ({ comment, kind: 'ADDED' as const })),
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
function hasCome({ comment, stood, stands, visible }: Node): boolean {
  return !stood && (stands || (visible && !comment.visible));
}

/** Its words went, or its place, once nothing stood below it any more. */
function hasGone({ comment, stood, stands, visible }: Node): boolean {
  return stood ? !stands : !stands && !visible && comment.visible;
}
