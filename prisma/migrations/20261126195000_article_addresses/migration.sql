-- Paths under which imported articles were served before, so that comments and old links find them.
CREATE TABLE "article_address" (
    "path" TEXT NOT NULL,
    "article_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "article_address_pkey" PRIMARY KEY ("path")
);

CREATE INDEX "article_address_article_id_idx" ON "article_address"("article_id");

ALTER TABLE "article_address" ADD CONSTRAINT "article_address_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE CASCADE ON UPDATE CASCADE;
