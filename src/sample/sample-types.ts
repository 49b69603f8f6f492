import type { ArticleStatus, AuthorKind, CommentPolicy, CommentStatus } from '../../prisma/client/enums.ts';

/** A staff author, or a member: a reader with an account. */
export interface SamplePerson {
  slug: string;
  name: string;
  kind: Exclude<AuthorKind, 'GUEST'>;
  /** Markdown. */
  bio?: string;
  avatar?: string;
  url?: string;
}

export interface SampleGuest {
  name: string;
  email: string;
  url?: string;
}

export interface SampleTopic {
  slug: string;
  name: string;
  description: string;
}

export interface SampleArticle {
  slug: string;
  /** A slug that the article had before. */
  formerSlug?: string;
  title: string;
  excerpt?: string;
  /** Slug of the author. */
  author: string;
  /** Slugs, the main topic first. */
  topics: readonly string[];
  status?: ArticleStatus;
  /** Days between the publication and the loading of the sample; negative for a scheduled publication. */
  daysAgo?: number;
  commentPolicy?: CommentPolicy;
  cover?: { picture: string; alt: string; caption: string };
  markdown: string;
}

/** Counts of LIKE, LOVE, INSIGHTFUL, FUNNY and SAD, in this order. */
type SampleReactions = readonly [number, number, number, number, number];

export interface SampleComment {
  /** Slug of a person, or name of a guest. */
  author: string;
  /** Hours between the article's publication and the comment. */
  hoursAfter: number;
  /** Markdown. */
  markdown: string;
  status?: CommentStatus;
  pinned?: boolean;
  /** Hours between the article's publication and the last edit. */
  editedHoursAfter?: number;
  reactions?: SampleReactions;
  holdReasons?: readonly string[];
  replies?: readonly SampleComment[];
}

export interface SampleDiscussion {
  /** Slug of the article. */
  article: string;
  comments: readonly SampleComment[];
}
