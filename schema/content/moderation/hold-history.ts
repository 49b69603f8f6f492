import { ARTICLE_WINDOW, FREQUENCY_WINDOW } from './hold-rules.ts';

// What the hold rules read of former comments, as SQL whose parameters are SQL. Each part reads its entries from the newest one
// on, so that it is one range of an index also where the planner expects to find something soon. The time of the statement,
// which follows the lock of the article, is one value, so it ends the range.

const since = (seconds: string): string => `created_at > statement_timestamp() - make_interval(secs => ${seconds})`;

/** Whether an author has no visible comment. @param others condition on the comments that count */
export const isNewWriter = (author: string, others = 'true'): string =>
  `(SELECT true FROM comment WHERE author_id = ${author} AND status = 'VISIBLE' AND ${others}
    ORDER BY created_at DESC LIMIT 1) IS NULL`;

/** The comments of an author within FREQUENCY_WINDOW, up to a limit. */
export const recentOfWriter = (author: string, limit: string, others = 'true'): string =>
  `(SELECT count(*)::int FROM (SELECT FROM comment WHERE author_id = ${author} AND ${since(`${FREQUENCY_WINDOW}`)} AND ${others}
    ORDER BY created_at DESC LIMIT ${limit}) recent)`;

/** Whether an author wrote the same text within so many seconds. */
export const isRepeated = (author: string, source: string, seconds: string, others = 'true'): string =>
  `(SELECT true FROM comment WHERE author_id = ${author} AND ${since(seconds)} AND body_source = ${source} AND ${others}
    ORDER BY created_at DESC LIMIT 1) IS NOT NULL`;

/** The comments on an article within ARTICLE_WINDOW, up to a limit. */
export const recentOnArticle = (article: string, limit: string): string =>
  `(SELECT count(*)::int FROM (SELECT FROM comment WHERE article_id = ${article} AND ${since(`${ARTICLE_WINDOW}`)}
    ORDER BY created_at DESC LIMIT ${limit}) recent)`;
