CREATE TYPE "ReactionKind" AS ENUM ('LIKE', 'LOVE', 'INSIGHTFUL', 'FUNNY', 'SAD');

CREATE TYPE "ModerationAction" AS ENUM ('APPROVE', 'REJECT', 'SPAM', 'REMOVE', 'RESTORE', 'PIN', 'UNPIN');

ALTER TABLE "comment" ADD COLUMN "brought_reactions" INTEGER[] DEFAULT ARRAY[0, 0, 0, 0, 0]::INTEGER[];

CREATE TABLE "reaction" (
    "comment_id" INTEGER NOT NULL,
    "author_id" INTEGER NOT NULL,
    "kind" "ReactionKind" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reaction_pkey" PRIMARY KEY ("comment_id","author_id","kind")
);

CREATE TABLE "comment_report" (
    "comment_id" INTEGER NOT NULL,
    "author_id" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "settled" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comment_report_pkey" PRIMARY KEY ("comment_id","author_id")
);

CREATE TABLE "comment_version" (
    "id" SERIAL NOT NULL,
    "comment_id" INTEGER NOT NULL,
    "body_source" TEXT NOT NULL,
    "body_format" "TextFormat" NOT NULL,
    "body_html" TEXT NOT NULL,
    "body_text" TEXT NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL,
    "replaced_by_id" INTEGER NOT NULL,
    "replaced_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comment_version_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "moderation_entry" (
    "id" SERIAL NOT NULL,
    "comment_id" INTEGER NOT NULL,
    "author_id" INTEGER,
    "action" "ModerationAction",
    "status" "CommentStatus" NOT NULL,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "moderation_entry_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "forbidden_word" (
    "word" TEXT NOT NULL,

    CONSTRAINT "forbidden_word_pkey" PRIMARY KEY ("word")
);

CREATE INDEX "reaction_author_id_idx" ON "reaction"("author_id");

CREATE INDEX "comment_report_author_id_idx" ON "comment_report"("author_id");

CREATE INDEX "comment_version_comment_id_id_idx" ON "comment_version"("comment_id", "id");

CREATE INDEX "moderation_entry_comment_id_id_idx" ON "moderation_entry"("comment_id", "id");

ALTER TABLE "reaction" ADD CONSTRAINT "reaction_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "reaction" ADD CONSTRAINT "reaction_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "author"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "comment_report" ADD CONSTRAINT "comment_report_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "comment_report" ADD CONSTRAINT "comment_report_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "author"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "comment_version" ADD CONSTRAINT "comment_version_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "comment_version" ADD CONSTRAINT "comment_version_replaced_by_id_fkey" FOREIGN KEY ("replaced_by_id") REFERENCES "author"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "moderation_entry" ADD CONSTRAINT "moderation_entry_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "moderation_entry" ADD CONSTRAINT "moderation_entry_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "author"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What a comment is inserted with came along from elsewhere: nobody can have reacted to it here.
UPDATE "comment" SET "brought_reactions" = "reaction_counts" WHERE "reaction_counts" <> '{0,0,0,0,0}';

CREATE FUNCTION comment_brought_reactions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.brought_reactions := NEW.reaction_counts;
  RETURN NEW;
END $$;

CREATE TRIGGER comment_brought_reactions BEFORE INSERT ON comment FOR EACH ROW
  WHEN (NEW.reaction_counts <> '{0,0,0,0,0}') EXECUTE FUNCTION comment_brought_reactions();
