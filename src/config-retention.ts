import { period, type Variable } from './config-values.ts';

/** The longest period: ten years. */
const MOST_DAYS = 3_650;

/** How long kinds of personal data are kept; null for ever. */
export const RETENTION = {
  /** E-mail addresses of guests, after their last comment. */
  guestEmailsKept: { name: 'GUEST_EMAILS_KEPT', default: null, schema: period(MOST_DAYS) },
  /** Texts of removed, rejected and spam comments, after they were last decided about. */
  removedTextsKept: { name: 'REMOVED_TEXTS_KEPT', default: null, schema: period(MOST_DAYS) },
  /** Former texts of edited comments. */
  versionsKept: { name: 'VERSIONS_KEPT', default: null, schema: period(MOST_DAYS) },
  /** Reports that a moderator has settled. */
  reportsKept: { name: 'REPORTS_KEPT', default: null, schema: period(MOST_DAYS) },
} as const satisfies Record<string, Variable>;
