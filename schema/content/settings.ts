import type { CommentPolicy } from '../../prisma/client/enums.ts';

/** The limits at which a comment is held for a moderator. 0 turns a rule off. */
export interface HoldSettings {
  /** Holds the first comment of a guest or member. */
  firstComment: boolean;
  /** Least number of links that holds a comment. */
  links: number;
  /** Seconds within which a repeated text holds the second comment. */
  repeatedWithin: number;
  /** Comments of one person within FREQUENCY_WINDOW after which the next is held. */
  frequent: number;
  /** Comments on one article within ARTICLE_WINDOW after which the next is held. */
  busyArticle: number;
  /** Least number of characters that holds a comment. */
  length: number;
  /** Least share of capital letters, in percent, that holds a comment. */
  shouting: number;
}

/** The operator's decisions about texts and discussions. */
export interface Settings {
  /** Relative addresses in HTML are resolved against it; it ends with a slash. Null leaves them as they are. */
  publicUrl: string | null;
  /** The address of the folder that has the stored pictures: `/media/`, or an absolute address that ends with a slash. */
  mediaUrl: string;
  /** The policy of articles without one of their own. */
  commentPolicy: CommentPolicy;
  /** Seconds in which authors may edit their comments. */
  editWindow: number;
  /** Open reports at which a comment returns to the moderation queue. */
  reportLimit: number;
  /** What holds now: an admin may have set other limits. */
  hold: HoldSettings;
  configuredHold: HoldSettings;
}
