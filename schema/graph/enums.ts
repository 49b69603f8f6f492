import { builder } from './builder.ts';

export const ArticleStatus = builder.enumType('ArticleStatus', {
  description: 'How far an article is on its way to readers.',
  values: {
    DRAFT: { description: 'Being written.' },
    SCHEDULED: { description: 'Becomes public at `publishedAt`.' },
    PUBLISHED: { description: 'Public.' },
    ARCHIVED: { description: 'Was public, and is no longer.' },
  },
});

export const CommentPolicy = builder.enumType('CommentPolicy', {
  description: 'Who may comment on an article, and what happens with what they write.',
  values: {
    OPEN: { description: 'Comments appear at once, unless something about one makes a moderator look first.' },
    MODERATED: { description: 'A moderator lets each comment through.' },
    CLOSED: { description: 'No new comments; those there are stay readable.' },
  },
});

export const ArticleOrder = builder.enumType('ArticleOrder', {
  description: 'Orders of a list of articles.',
  values: {
    NEWEST: { description: 'Last published first.' },
    OLDEST: { description: 'First published first.' },
    MOST_DISCUSSED: { description: 'Most visible comments first.' },
    RECENTLY_DISCUSSED: { description: 'Newest visible comment first; those without comments last.' },
  },
});

export const AuthorKind = builder.enumType('AuthorKind', {
  description: 'What somebody is to this publication.',
  values: {
    STAFF: { description: 'Writes articles here.' },
    MEMBER: { description: 'Signed in to comment.' },
    GUEST: { description: 'Commented with a name and an address, without signing in.' },
  },
});

export const CommentStatus = builder.enumType('CommentStatus', {
  description: 'Where a comment stands. Readers meet VISIBLE and REMOVED ones.',
  values: {
    PENDING: { description: 'Waits for a moderator.' },
    VISIBLE: { description: 'Public.' },
    REJECTED: { description: 'A moderator did not let it through.' },
    SPAM: { description: 'Advertising or worse.' },
    REMOVED: { description: 'Taken away; its place stays while something stands below it.' },
  },
});

export const CommentOrder = builder.enumType('CommentOrder', {
  description: 'Orders of a list of comments.',
  values: {
    NEWEST: { description: 'Last written first.' },
    OLDEST: { description: 'First written first.' },
    TOP: { description: 'Most reactions and direct replies first.' },
  },
});

export const ReactionKind = builder.enumType('ReactionKind', {
  description: 'What one can say to a comment without words.',
  values: {
    LIKE: { description: 'I agree, or am glad it was said.' },
    LOVE: { description: 'More than that.' },
    INSIGHTFUL: { description: 'I learnt something.' },
    FUNNY: { description: 'I laughed.' },
    SAD: { description: 'I am sorry to hear it.' },
  },
});
