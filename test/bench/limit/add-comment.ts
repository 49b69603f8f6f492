import { decodeIdOf } from '../../../schema/content/ids.ts';
import { globalId, type LimitStatement } from './statement.ts';

/**
 * Adds a top-level comment of a guest in one statement, with its event and all counts: $1 article, $2 text, $3 name,
 * $4 email address. `added` is the comment's row. The article is locked first, as by the gateway. It renders no Markdown
 * and has no rules by which a comment is held.
 */
export const WITH_ADDED_COMMENT = `
  WITH before AS (
    SELECT id, last_event_at FROM article WHERE id = $1 AND status = 'PUBLISHED' FOR NO KEY UPDATE
  ), counted AS (
    UPDATE article a
       SET next_ordinal = next_ordinal + 1, comment_count = comment_count + 1, event_sequence = event_sequence + 1,
           discussed_at = greatest(discussed_at, clock_timestamp()), last_event_at = clock_timestamp()
      FROM before WHERE a.id = before.id
    RETURNING a.id, a.next_ordinal - 1 AS ordinal, a.event_sequence, a.last_event_at AS at, before.last_event_at AS previous_at
  ), guest AS (
    SELECT encode(sha256(convert_to(lower($4) || E'\\n' || $3 || E'\\n', 'UTF8')), 'hex') AS key FROM counted
  ), writer AS (
    INSERT INTO author (slug, name, kind, email, guest_key, comment_count)
    SELECT 'guest-' || left(key, 12), $3, 'GUEST', $4, key, 1 FROM guest
    ON CONFLICT (guest_key) DO UPDATE SET comment_count = author.comment_count + 1 RETURNING id, name, slug
  ), added AS (
    INSERT INTO comment (article_id, author_id, path, depth, status, visible, body_source, body_html, body_text, created_at)
    SELECT counted.id, writer.id, ARRAY[ordinal], 0, 'VISIBLE', true, $2,
           '<p>' || replace(replace(replace($2, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || '</p>', $2, at
      FROM counted, writer RETURNING *
  ), logged AS (
    INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
    SELECT counted.id, event_sequence, 'ADDED', added.id, at, previous_at FROM counted, added
  )`;

export const addComment: LimitStatement = {
  text: `${WITH_ADDED_COMMENT}
    SELECT json_build_object('data', json_build_object('addComment', json_build_object(
             'held', false,
             'comment', json_build_object(
               'id', ${globalId('Comment', 'added.id')},
               'body', json_build_object('html', body_html),
               'author', json_build_object('name', writer.name, 'slug', writer.slug)))))::text
      FROM added, writer`,
  values: ({ input }) => {
    const { articleId, body, guest } = input as { articleId: string; body: string; guest: Record<string, string> };
    return [decodeIdOf('Article', articleId), body, guest.name, guest.email];
  },
};
