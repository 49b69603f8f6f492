import { jsonObject } from '../list/json-columns.ts';

/** JSON of a topic `t`. */
export const topicJson = jsonObject({
  id: 't.id',
  slug: 't.slug',
  name: 't.name',
  description: 't.description',
  parentId: 't.parent_id',
  articleCount: 't.article_count',
});

/** JSON of an article's topics, in the writer's order. @param alias the article's alias */
export function topicsOfJson(alias: string): string {
  return `(SELECT coalesce(json_agg(${topicJson} ORDER BY at.position, t.id), '[]') FROM article_topic at JOIN topic t ON t.id = at.topic_id WHERE at.article_id = ${alias}.id)`;
}
