import { articleRow } from '../article/article-columns.ts';
import { firstRowsColumn } from '../list/first-rows.ts';
import { MAX_PAGE } from '../list/paging.ts';
import { memoizeBySelection, rowSql } from '../list/row-sql.ts';
import type { TopicRow } from '../row-types.ts';
import { TOPIC_COLUMNS } from './topic-columns.ts';

/** A topic `t` with the first articles about it. */
export const topicRow = memoizeBySelection((selection) => {
  const articles = firstRowsColumn(selection, {
    field: 'articles',
    most: MAX_PAGE,
    // One scan of the topic's own index, which has the date of published articles alone.
    from: () => `FROM article_topic at JOIN article a ON a.id = at.article_id
      WHERE at.topic_id = t.id AND at.published_at IS NOT NULL ORDER BY at.published_at DESC, at.article_id DESC`,
    row: ({ node }) => articleRow(node),
  });
  return rowSql<TopicRow>({ ...TOPIC_COLUMNS, ...(articles && { articles }) });
});
