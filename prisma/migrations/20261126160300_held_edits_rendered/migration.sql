-- Edits that wait are rendered again with the other texts.
ALTER TABLE "comment_held_edit" ADD COLUMN "body_format" "TextFormat" NOT NULL DEFAULT 'MARKDOWN',
ADD COLUMN "rendering" INTEGER NOT NULL DEFAULT 0;
