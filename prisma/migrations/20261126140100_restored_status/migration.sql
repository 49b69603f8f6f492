-- RESTORE gives back the status that a comment had, and never publishes what its author removed.
ALTER TABLE "comment" ADD COLUMN "restore_status" "CommentStatus",
ADD COLUMN "withdrawn" BOOLEAN NOT NULL DEFAULT false;

-- From the history: the last status before. Where it has none, a comment with hold reasons was never visible.
UPDATE comment c SET restore_status = coalesce(
  (SELECT e.status FROM moderation_entry e WHERE e.comment_id = c.id AND e.status IN ('VISIBLE', 'PENDING')
    ORDER BY e.id DESC LIMIT 1),
  CASE WHEN cardinality(c.hold_reasons) > 0 THEN 'PENDING'::"CommentStatus" END)
WHERE c.status IN ('REJECTED', 'SPAM', 'REMOVED');

-- An author's removal, unless a moderator has published the comment since.
UPDATE comment c SET withdrawn = true
WHERE c.status IN ('REJECTED', 'SPAM', 'REMOVED') AND EXISTS (
  SELECT FROM moderation_entry e
  WHERE e.comment_id = c.id AND e.author_id = c.author_id AND e.action IS NULL AND e.status = 'REMOVED'
    AND NOT EXISTS (SELECT FROM moderation_entry later
      WHERE later.comment_id = c.id AND later.id > e.id AND later.status = 'VISIBLE'));
