-- A moderator decides about the wording that they saw, so wordings are counted. Former wordings are in comment_version.
ALTER TABLE "comment" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

UPDATE comment SET version = 1 + former.wordings
FROM (SELECT comment_id, count(*)::int AS wordings FROM comment_version GROUP BY comment_id) former
WHERE former.comment_id = comment.id;
