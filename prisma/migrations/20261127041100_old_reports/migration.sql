-- Without a transaction: reports are found by their age, when they are kept for a time.
CREATE INDEX CONCURRENTLY "comment_report_created_at_idx" ON "comment_report"("created_at");
