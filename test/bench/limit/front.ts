import { byline, instant, type LimitStatement, topics } from './statement.ts';

export const front: LimitStatement = {
  text: `
    SELECT json_build_object('data', json_build_object('articles', json_build_object('nodes', coalesce((
      SELECT json_agg(json_build_object(
               'title', a.title,
               'slug', a.slug,
               'excerpt', a.excerpt,
               'publishedAt', ${instant('a.published_at')},
               'author', ${byline('a.author_id')},
               'topics', ${topics('a.id')},
               'commentCount', a.comment_count))
        FROM (
          SELECT id, title, slug, excerpt, published_at, author_id, comment_count
            FROM article WHERE status = 'PUBLISHED' ORDER BY published_at DESC, id DESC LIMIT 20
        ) a), '[]'))))::text`,
  values: () => [],
};
