import { byline, instant, type LimitStatement, topics } from './statement.ts';

// `parent_id` in ORDER BY looks superfluous beside IS NULL; without it PostgreSQL does not see that the index already
// holds the order, and sorts all top-level comments.
const COMMENTS = `
  SELECT json_agg(json_build_object(
           'author', CASE WHEN c.status <> 'REMOVED' THEN ${byline('c.author_id')} END,
           'body', CASE WHEN c.status <> 'REMOVED' THEN json_build_object('html', c.body_html) END,
           'createdAt', ${instant('c.created_at')},
           'replyCount', c.reply_count,
           'replies', json_build_object('nodes', coalesce(r.nodes, '[]')))) AS nodes
    FROM (
      SELECT id, author_id, status, body_html, created_at, reply_count
        FROM comment
       WHERE article_id = a.id AND parent_id IS NULL AND visible
       ORDER BY parent_id DESC, created_at DESC, id DESC LIMIT 20
    ) c
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_object(
               'author', CASE WHEN p.status <> 'REMOVED' THEN ${byline('p.author_id')} END,
               'body', CASE WHEN p.status <> 'REMOVED' THEN json_build_object('html', p.body_html) END)) AS nodes
        FROM (
          SELECT author_id, status, body_html
            FROM comment
           WHERE article_id = a.id AND parent_id = c.id AND visible
           ORDER BY created_at, id LIMIT 3
        ) p
    ) r ON true`;

export const article: LimitStatement = {
  text: `
    SELECT json_build_object('data', json_build_object('article', (
      SELECT json_build_object(
               'title', a.title,
               'excerpt', a.excerpt,
               'body', json_build_object('html', a.body_html),
               'author', ${byline('a.author_id')},
               'topics', ${topics('a.id')},
               'commentCount', a.comment_count,
               'comments', json_build_object('nodes', coalesce(d.nodes, '[]')))
        FROM article a
       CROSS JOIN LATERAL (${COMMENTS}) d
       WHERE a.slug = $1 AND a.status = 'PUBLISHED')))::text`,
  values: ({ slug }) => [slug],
};
