import type * as Stored from '../../prisma/client/enums.ts';
import type { ArticleOrder as ArticleOrderName } from '../content/article/article-order.ts';
import type { CommentOrder as CommentOrderName } from '../content/comment/comment-columns.ts';
import type { ReactionKind as ReactionKindName } from '../content/comment/reactions.ts';
import { builder } from './builder.ts';

export const ArticleStatus = builder.enumType('ArticleStatus', {
  description: 'A stage in the publication of an article.',
  values: {
    DRAFT: { description: 'Not published yet, and without a date of publication.' },
    SCHEDULED: { description: 'Becomes public at its `publishedAt`.' },
    PUBLISHED: { description: 'Public.' },
    ARCHIVED: { description: 'Withdrawn: it was public before.' },
  } satisfies Record<Stored.ArticleStatus, object>,
});

export const CommentPolicy = builder.enumType('CommentPolicy', {
  description: 'Whether an article accepts comments, and whether a moderator must approve them.',
  values: {
    OPEN: { description: 'A comment is visible at once, unless a rule holds it for a moderator.' },
    MODERATED: { description: 'Each comment waits for the approval of a moderator.' },
    CLOSED: {
      description:
        'New comments are refused, and edits by readers, too. Existing comments stay visible and can be removed.',
    },
  } satisfies Record<Stored.CommentPolicy, object>,
});

export const ArticleOrder = builder.enumType('ArticleOrder', {
  description: 'An order of articles.',
  values: {
    NEWEST: { description: 'By date of publication, newest first.' },
    OLDEST: { description: 'By date of publication, oldest first.' },
    MOST_DISCUSSED: { description: 'By number of visible comments, most first.' },
    RECENTLY_DISCUSSED: {
      description: 'By date of the newest visible comment, newest first. Those without comments are last.',
    },
  } satisfies Record<ArticleOrderName, object>,
});

export const AuthorKind = builder.enumType('AuthorKind', {
  description: 'How an author takes part in this publication.',
  values: {
    STAFF: { description: 'Writes articles.' },
    MEMBER: { description: 'Comments as a signed-in person.' },
    GUEST: { description: 'Comments without signing in, with a name and an email address.' },
  } satisfies Record<Stored.AuthorKind, object>,
});

export const CommentStatus = builder.enumType('CommentStatus', {
  description: 'The status of a comment. Readers see VISIBLE and REMOVED comments only.',
  values: {
    PENDING: { description: 'Waits for the approval of a moderator.' },
    VISIBLE: { description: 'Public.' },
    REJECTED: { description: 'A moderator rejected it.' },
    SPAM: { description: 'A moderator marked it as spam.' },
    REMOVED: {
      description: 'Its author or a moderator removed it. Its place in the thread stays while it has replies.',
    },
  } satisfies Record<Stored.CommentStatus, object>,
});

export const CommentOrder = builder.enumType('CommentOrder', {
  description: 'An order of comments.',
  values: {
    NEWEST: { description: 'Newest first.' },
    OLDEST: { description: 'Oldest first.' },
    TOP: { description: 'By number of reactions and direct replies, most first.' },
  } satisfies Record<CommentOrderName, object>,
});

export const ReactionKind = builder.enumType('ReactionKind', {
  description: 'A kind of reaction to a comment.',
  values: {
    LIKE: { description: 'I agree, or I am glad that this was written.' },
    LOVE: { description: 'I like this very much.' },
    INSIGHTFUL: { description: 'I learnt something.' },
    FUNNY: { description: 'This made me laugh.' },
    SAD: { description: 'This makes me sad.' },
  } satisfies Record<ReactionKindName, object>,
});
