-- Without a transaction: former versions of comments are found by their age, when they are kept for a time.
CREATE INDEX CONCURRENTLY "comment_version_replaced_at_idx" ON "comment_version"("replaced_at");
