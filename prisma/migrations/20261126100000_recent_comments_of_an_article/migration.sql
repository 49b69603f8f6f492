-- A comment is held when its article received too many in the last minute.
CREATE INDEX "comment_article_id_created_at_idx" ON "comment"("article_id", "created_at");
