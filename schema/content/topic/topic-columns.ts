import { type Column, rowSql, rowsColumn } from '../list/row-sql.ts';
import type { TopicRow } from '../row-types.ts';

/** A topic `t`. */
export const topicRow = rowSql<TopicRow>({
  id: 't.id',
  slug: 't.slug',
  name: 't.name',
  description: 't.description',
  parentId: 't.parent_id',
  articleCount: 't.article_count',
});

/** A column with an article's topics, in the writer's order. @param alias the article's alias */
export function topicsColumn(alias: string): Column {
  return rowsColumn(
    topicRow,
    `FROM article_topic at JOIN topic t ON t.id = at.topic_id WHERE at.article_id = ${alias}.id ORDER BY at.position, t.id`,
  );
}
