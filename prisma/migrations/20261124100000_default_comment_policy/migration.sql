-- Articles that decide nothing about comments follow the operator's default.
ALTER TABLE "article" ALTER COLUMN "comment_policy" DROP NOT NULL, ALTER COLUMN "comment_policy" DROP DEFAULT;

-- Until now OPEN was what every article got for which nobody had said otherwise.
UPDATE "article" SET "comment_policy" = NULL WHERE "comment_policy" = 'OPEN';
