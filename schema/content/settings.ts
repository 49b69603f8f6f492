import type { CommentPolicy } from '../../prisma/client/enums.ts';

/** When a comment waits for a moderator. Each number is of the phase it is named for; 0 turns that phase off. */
export interface HoldSettings {
  /** The first comment of a guest or member waits. */
  firstComment: boolean;
  /** Links from which on a comment waits. */
  links: number;
  /** Seconds in which the same words again make the second comment wait. */
  repeatedWithin: number;
  /** Comments of one person in FREQUENT_WITHIN from which on the next waits. */
  frequent: number;
  /** Characters from which on a comment waits. */
  length: number;
  /** Share of capital letters, in percent, from which on a comment waits. */
  shouting: number;
}

/** What the operator of a publication has decided about its discussions. */
export interface Settings {
  /** What holds for articles for which nothing else was decided. */
  commentPolicy: CommentPolicy;
  /** Seconds in which authors may change the words of their comments. */
  editWindow: number;
  /** Open reports at which a comment goes back to the moderation queue. */
  reportLimit: number;
  hold: HoldSettings;
}
