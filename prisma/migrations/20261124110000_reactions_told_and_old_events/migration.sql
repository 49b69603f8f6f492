ALTER TABLE "comment" ADD COLUMN "reactions_told_at" TIMESTAMPTZ(3);

CREATE TABLE "comment_reaction_notice" (
    "comment_id" INTEGER NOT NULL,
    "due" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "comment_reaction_notice_pkey" PRIMARY KEY ("comment_id")
);

CREATE INDEX "comment_reaction_notice_due_idx" ON "comment_reaction_notice"("due");

ALTER TABLE "comment_reaction_notice" ADD CONSTRAINT "comment_reaction_notice_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The oldest events of all articles are found here. Not by BRIN: what is deleted makes room on the oldest pages for the
-- newest events, and the ranges of old and new then overlap until every look reads half the table.
CREATE INDEX "comment_event_at_idx" ON "comment_event"("at");
