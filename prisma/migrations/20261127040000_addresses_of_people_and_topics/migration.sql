-- Paths under which imported sites served the pages of people and topics, beside those of articles.
CREATE TABLE "author_address" (
    "path" TEXT NOT NULL,
    "author_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "author_address_pkey" PRIMARY KEY ("path")
);

CREATE INDEX "author_address_author_id_idx" ON "author_address"("author_id");

ALTER TABLE "author_address" ADD CONSTRAINT "author_address_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "author"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "topic_address" (
    "path" TEXT NOT NULL,
    "topic_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "topic_address_pkey" PRIMARY KEY ("path")
);

CREATE INDEX "topic_address_topic_id_idx" ON "topic_address"("topic_id");

ALTER TABLE "topic_address" ADD CONSTRAINT "topic_address_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "topic"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Responses that name what an address leads to are made again when addresses change, also where a session has turned triggers off.
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON article_address FOR EACH STATEMENT EXECUTE FUNCTION note_content();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON author_address FOR EACH STATEMENT EXECUTE FUNCTION note_content();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON topic_address FOR EACH STATEMENT EXECUTE FUNCTION note_content();
ALTER TABLE article_address ENABLE ALWAYS TRIGGER note_change;
ALTER TABLE author_address ENABLE ALWAYS TRIGGER note_change;
ALTER TABLE topic_address ENABLE ALWAYS TRIGGER note_change;
