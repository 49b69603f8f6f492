CREATE TABLE "former_topic_slug" (
    "slug" TEXT NOT NULL,
    "topic_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "former_topic_slug_pkey" PRIMARY KEY ("slug")
);

CREATE INDEX "former_topic_slug_topic_id_idx" ON "former_topic_slug"("topic_id");

ALTER TABLE "former_topic_slug" ADD CONSTRAINT "former_topic_slug_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "topic"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The words of a topic and of an author as functions, so that a check can compare them with the search index.
CREATE FUNCTION topic_words(topic) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT setweight(to_tsvector('english', $1.name), 'A')
      || setweight(to_tsvector('english', left(coalesce($1.description, ''), 20000)), 'C')
$$;

CREATE FUNCTION author_words(author) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT setweight(to_tsvector('english', $1.name), 'A') || setweight(to_tsvector('simple', $1.name), 'A')
      || setweight(to_tsvector('english', left(coalesce($1.bio_text, ''), 20000)), 'C')
$$;

CREATE OR REPLACE FUNCTION author_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_document WHERE kind = 'author' AND entity_id = OLD.id;
  -- Guests write comments, and the search is for writers of articles.
  ELSIF NEW.kind <> 'GUEST' OR NEW.article_count > 0 THEN
    PERFORM search_document_put('author', NEW.id, NEW.article_count > 0, author_words(NEW));
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION topic_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_document WHERE kind = 'topic' AND entity_id = OLD.id;
  ELSE
    PERFORM search_document_put('topic', NEW.id, NEW.article_count > 0, topic_words(NEW));
  END IF;
  RETURN NULL;
END $$;
