import { type Column, type Columns, rowSql, rowsColumn } from '../list/row-sql.ts';
import type { TopicRow } from '../row-types.ts';

/** The columns of a topic `t`. */
export const TOPIC_COLUMNS: Columns = {
  id: 't.id',
  slug: 't.slug',
  name: 't.name',
  description: 't.description',
  parentId: 't.parent_id',
  articleCount: 't.article_count',
};

/** A topic `t` without its articles. */
export const bareTopicRow = rowSql<TopicRow>(TOPIC_COLUMNS);

/** A column with an article's topics, in the writer's order. @param alias the article's alias */
export function topicsColumn(alias: string): Column {
  return rowsColumn(
    bareTopicRow,
    `FROM article_topic at JOIN topic t ON t.id = at.topic_id WHERE at.article_id = ${alias}.id ORDER BY at.position, t.id`,
  );
}
