import * as v from 'valibot';
import { oneOf, onOrOff, toUpperCase, type Variable, wholeNumber } from './config-values.ts';

/** Rules for discussions; `Settings` describes each. Times are seconds. */
export const DISCUSSIONS = {
  commentPolicy: {
    name: 'COMMENT_POLICY',
    default: 'open',
    schema: v.pipe(oneOf(['open', 'moderated', 'closed']), v.transform(toUpperCase)),
  },
  editWindow: { name: 'COMMENT_EDIT_WINDOW', default: '900', schema: wholeNumber(0, 31_536_000) },
  reportLimit: { name: 'REPORT_LIMIT', default: '5', schema: wholeNumber(1, 1_000) },
} satisfies Record<string, Variable>;

export const HOLD = {
  firstComment: { name: 'HOLD_FIRST_COMMENT', default: 'off', schema: onOrOff() },
  links: { name: 'HOLD_LINKS', default: '3', schema: wholeNumber(0, 1_000) },
  repeatedWithin: { name: 'HOLD_REPEATED_WITHIN', default: '86400', schema: wholeNumber(0, 31_536_000) },
  frequent: { name: 'HOLD_FREQUENT', default: '10', schema: wholeNumber(0, 10_000) },
  // Twelve people who write as fast as the rate limit allows.
  busyArticle: { name: 'HOLD_BUSY_ARTICLE', default: '120', schema: wholeNumber(0, 10_000) },
  length: { name: 'HOLD_LENGTH', default: '5000', schema: wholeNumber(0, 1_000_000) },
  shouting: { name: 'HOLD_SHOUTING', default: '80', schema: wholeNumber(0, 100) },
} satisfies Record<string, Variable>;

/** Rules that are off together with the rate limits: a load test repeats itself. */
export const WITHOUT_LIMITS = { repeatedWithin: 0, frequent: 0, busyArticle: 0 };

/** The variables of those rules. */
export const OFF_WITHOUT_LIMITS: readonly string[] = [HOLD.repeatedWithin, HOLD.frequent, HOLD.busyArticle].map(
  ({ name }) => name,
);
