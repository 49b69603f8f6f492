import { cursor, instant, type LimitStatement, topics } from './statement.ts';

const PLACE = `'"' || ${instant('a.published_at')} || '",' || a.id`;

export const author: LimitStatement = {
  text: `
    SELECT json_build_object('data', json_build_object('author', (
      SELECT json_build_object(
               'name', u.name,
               'bio', CASE WHEN u.bio_html IS NOT NULL THEN json_build_object('html', u.bio_html) END,
               'articleCount', u.article_count,
               'articles', json_build_object(
                 'nodes', coalesce(d.nodes, '[]'),
                 'pageInfo', json_build_object('hasNextPage', coalesce(d.more, false), 'endCursor', d.last)))
        FROM author u
       CROSS JOIN LATERAL (
         SELECT json_agg(json_build_object(
                  'title', a.title,
                  'slug', a.slug,
                  'excerpt', a.excerpt,
                  'publishedAt', ${instant('a.published_at')},
                  'commentCount', a.comment_count,
                  'topics', ${topics('a.id')}))
                  FILTER (WHERE a.n <= 10) AS nodes,
                count(*) > 10 AS more,
                (array_agg(${cursor(PLACE)}) FILTER (WHERE a.n = least(10, a.total)))[1] AS last
           FROM (
             SELECT row_number() OVER (ORDER BY published_at DESC, id DESC) AS n, u.article_count AS total,
                    id, title, slug, excerpt, published_at, comment_count
               FROM article
              WHERE author_id = u.id AND status = 'PUBLISHED'
              ORDER BY published_at DESC, id DESC LIMIT 11
           ) a
       ) d
       WHERE u.slug = $1)))::text`,
  values: ({ slug }) => [slug],
};
