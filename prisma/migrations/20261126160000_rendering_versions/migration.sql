-- Stored HTML and text have the version of the rules that made them, so that `rerender` finds those of older rules and can
-- continue where it was stopped. 0: made before there were versions.
ALTER TABLE "article" ADD COLUMN "rendering" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "author" ADD COLUMN "bio_rendering" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "comment" ADD COLUMN "rendering" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "comment_version" ADD COLUMN "rendering" INTEGER NOT NULL DEFAULT 0;
