-- Events of a discussion itself have no comment: its policy changed, or how a person in it is shown.
ALTER TYPE "CommentEventKind" ADD VALUE 'DISCUSSION';
ALTER TABLE "comment_event" ALTER COLUMN "comment_id" DROP NOT NULL,
ADD COLUMN "author_id" INTEGER;

CREATE TABLE "author_notice" (
    "author_id" INTEGER NOT NULL,
    "due" TIMESTAMPTZ(3) NOT NULL,
    "before_article" INTEGER,

    CONSTRAINT "author_notice_pkey" PRIMARY KEY ("author_id")
);

CREATE INDEX "author_notice_due_idx" ON "author_notice"("due");

ALTER TABLE "author_notice" ADD CONSTRAINT "author_notice_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "author"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The articles that a person has commented on, newest first.
CREATE INDEX "comment_author_id_article_id_idx" ON "comment"("author_id", "article_id");
