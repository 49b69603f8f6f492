CREATE TABLE "article_revision" (
    "article_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "editor_id" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "title" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "excerpt" TEXT NOT NULL,
    "body_source" TEXT NOT NULL,
    "body_format" "TextFormat" NOT NULL DEFAULT 'MARKDOWN',

    CONSTRAINT "article_revision_pkey" PRIMARY KEY ("article_id","version")
);

CREATE TABLE "article_publication" (
    "sequence" SERIAL NOT NULL,
    "article_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "article_publication_pkey" PRIMARY KEY ("sequence")
);

CREATE INDEX "article_revision_editor_id_idx" ON "article_revision"("editor_id");

CREATE INDEX "article_publication_article_id_idx" ON "article_publication"("article_id");

ALTER TABLE "article_revision" ADD CONSTRAINT "article_revision_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "article_revision" ADD CONSTRAINT "article_revision_editor_id_fkey" FOREIGN KEY ("editor_id") REFERENCES "author"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "article_publication" ADD CONSTRAINT "article_publication_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE CASCADE ON UPDATE CASCADE;
