-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

CREATE TYPE "ArticleStatus" AS ENUM ('DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED');

CREATE TYPE "CommentPolicy" AS ENUM ('OPEN', 'MODERATED', 'CLOSED');

CREATE TYPE "AuthorKind" AS ENUM ('STAFF', 'MEMBER', 'GUEST');

CREATE TYPE "CommentStatus" AS ENUM ('PENDING', 'VISIBLE', 'REJECTED', 'SPAM', 'REMOVED');

CREATE TYPE "TextFormat" AS ENUM ('MARKDOWN', 'HTML');

CREATE TYPE "CommentEventKind" AS ENUM ('ADDED', 'CHANGED', 'REMOVED');

CREATE TABLE "author" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "AuthorKind" NOT NULL,
    "bio_source" TEXT,
    "bio_format" "TextFormat" NOT NULL DEFAULT 'MARKDOWN',
    "bio_html" TEXT,
    "bio_text" TEXT,
    "avatar_url" TEXT,
    "url" TEXT,
    "email" TEXT,
    "subject" TEXT,
    "guest_key" TEXT,
    "article_count" INTEGER NOT NULL DEFAULT 0,
    "comment_count" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "author_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "topic" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "parent_id" INTEGER,
    "article_count" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "topic_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "article" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "excerpt" TEXT NOT NULL,
    "body_source" TEXT NOT NULL,
    "body_format" "TextFormat" NOT NULL DEFAULT 'MARKDOWN',
    "body_html" TEXT NOT NULL,
    "body_text" TEXT NOT NULL,
    "reading_minutes" INTEGER NOT NULL DEFAULT 1,
    "cover_url" TEXT,
    "cover_alt" TEXT,
    "cover_caption" TEXT,
    "cover_width" INTEGER,
    "cover_height" INTEGER,
    "status" "ArticleStatus" NOT NULL DEFAULT 'DRAFT',
    "published_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,
    "author_id" INTEGER NOT NULL,
    "comment_policy" "CommentPolicy" NOT NULL DEFAULT 'OPEN',
    "comment_count" INTEGER NOT NULL DEFAULT 0,
    "discussed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '1970-01-01 00:00:00+00'::timestamptz,
    "next_ordinal" INTEGER NOT NULL DEFAULT 1,
    "event_sequence" INTEGER NOT NULL DEFAULT 0,
    "event_epoch" INTEGER NOT NULL DEFAULT ((random() * (2147483647)::double precision))::integer,

    CONSTRAINT "article_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "former_slug" (
    "slug" TEXT NOT NULL,
    "article_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "former_slug_pkey" PRIMARY KEY ("slug")
);

CREATE TABLE "article_topic" (
    "article_id" INTEGER NOT NULL,
    "topic_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "article_topic_pkey" PRIMARY KEY ("article_id","topic_id")
);

CREATE TABLE "comment" (
    "id" SERIAL NOT NULL,
    "article_id" INTEGER NOT NULL,
    "parent_id" INTEGER,
    "author_id" INTEGER NOT NULL,
    "path" INTEGER[],
    "depth" INTEGER NOT NULL,
    "status" "CommentStatus" NOT NULL DEFAULT 'PENDING',
    "visible" BOOLEAN NOT NULL DEFAULT false,
    "body_source" TEXT NOT NULL,
    "body_format" "TextFormat" NOT NULL DEFAULT 'MARKDOWN',
    "body_html" TEXT NOT NULL,
    "body_text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "edited_at" TIMESTAMPTZ(3),
    "pinned" BOOLEAN NOT NULL DEFAULT false,
    "reply_count" INTEGER NOT NULL DEFAULT 0,
    "descendant_count" INTEGER NOT NULL DEFAULT 0,
    "reaction_counts" INTEGER[] DEFAULT ARRAY[0, 0, 0, 0, 0]::INTEGER[],
    "score" INTEGER NOT NULL DEFAULT 0,
    "next_ordinal" INTEGER NOT NULL DEFAULT 1,
    "hold_reasons" TEXT[] DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "comment_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "comment_event" (
    "article_id" INTEGER NOT NULL,
    "sequence" INTEGER NOT NULL,
    "kind" "CommentEventKind" NOT NULL,
    "comment_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "comment_event_pkey" PRIMARY KEY ("article_id","sequence")
);

CREATE TABLE "idempotency_key" (
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request" TEXT NOT NULL,
    "comment_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("actor","key")
);

CREATE TABLE "provenance" (
    "source" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "entity_id" INTEGER NOT NULL,
    "digest" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provenance_pkey" PRIMARY KEY ("source","kind","external_id")
);

CREATE TABLE "search_document" (
    "kind" TEXT NOT NULL,
    "entity_id" INTEGER NOT NULL,
    "visible" BOOLEAN NOT NULL,
    "words" tsvector NOT NULL,

    CONSTRAINT "search_document_pkey" PRIMARY KEY ("kind","entity_id")
);

CREATE UNIQUE INDEX "author_slug_key" ON "author"("slug");

CREATE UNIQUE INDEX "author_subject_key" ON "author"("subject");

CREATE UNIQUE INDEX "author_guest_key_key" ON "author"("guest_key");

CREATE INDEX "author_name_id_idx" ON "author"("name", "id");

CREATE UNIQUE INDEX "topic_slug_key" ON "topic"("slug");

CREATE INDEX "topic_name_id_idx" ON "topic"("name", "id");

CREATE UNIQUE INDEX "article_slug_key" ON "article"("slug");

CREATE INDEX "article_status_published_at_id_idx" ON "article"("status", "published_at", "id");

CREATE INDEX "article_status_comment_count_id_idx" ON "article"("status", "comment_count", "id");

CREATE INDEX "article_status_discussed_at_id_idx" ON "article"("status", "discussed_at", "id");

CREATE INDEX "article_author_id_status_published_at_id_idx" ON "article"("author_id", "status", "published_at", "id");

CREATE INDEX "former_slug_article_id_idx" ON "former_slug"("article_id");

CREATE INDEX "article_topic_topic_id_published_at_article_id_idx" ON "article_topic"("topic_id", "published_at", "article_id");

CREATE INDEX "comment_article_id_parent_id_visible_created_at_id_idx" ON "comment"("article_id", "parent_id", "visible", "created_at", "id");

CREATE INDEX "comment_article_id_parent_id_visible_score_id_idx" ON "comment"("article_id", "parent_id", "visible", "score", "id");

CREATE INDEX "comment_parent_id_idx" ON "comment"("parent_id");

CREATE INDEX "comment_author_id_created_at_idx" ON "comment"("author_id", "created_at");

CREATE INDEX "comment_status_created_at_id_idx" ON "comment"("status", "created_at", "id");

CREATE UNIQUE INDEX "comment_article_id_path_key" ON "comment"("article_id", "path");

CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

CREATE INDEX "provenance_kind_entity_id_idx" ON "provenance"("kind", "entity_id");

CREATE INDEX "search_document_words_idx" ON "search_document" USING GIN ("words");

ALTER TABLE "topic" ADD CONSTRAINT "topic_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "topic"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "article" ADD CONSTRAINT "article_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "author"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "former_slug" ADD CONSTRAINT "former_slug_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "article_topic" ADD CONSTRAINT "article_topic_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "article_topic" ADD CONSTRAINT "article_topic_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "topic"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "comment" ADD CONSTRAINT "comment_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "comment" ADD CONSTRAINT "comment_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "comment"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

ALTER TABLE "comment" ADD CONSTRAINT "comment_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "author"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "comment_event" ADD CONSTRAINT "comment_event_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- A comment updates its article and its ancestors: room on the page keeps those updates beside the old row.
ALTER TABLE "article" SET (fillfactor = 70);
ALTER TABLE "comment" SET (fillfactor = 85);

-- What follows keeps derived columns true whoever writes: a mutation, an import or a person with psql.

-- The words of an article, a title and an excerpt weighing more than the body.
CREATE FUNCTION article_words(article) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT setweight(to_tsvector('english', $1.title), 'A')
      || setweight(to_tsvector('english', $1.excerpt), 'B')
      -- A tsvector holds at most 1 MB: of a very long body, the beginning is found.
      || setweight(to_tsvector('english', left($1.body_text, 200000)), 'D')
$$;

CREATE FUNCTION search_document_put(kind text, entity_id int, visible boolean, words tsvector) RETURNS void LANGUAGE sql AS $$
  INSERT INTO search_document AS d (kind, entity_id, visible, words) VALUES ($1, $2, $3, $4)
  ON CONFLICT (kind, entity_id) DO UPDATE SET visible = EXCLUDED.visible, words = EXCLUDED.words
  WHERE (d.visible, d.words) IS DISTINCT FROM (EXCLUDED.visible, EXCLUDED.words)
$$;

CREATE FUNCTION article_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was_public boolean := TG_OP <> 'INSERT' AND OLD.status = 'PUBLISHED';
  is_public  boolean := TG_OP <> 'DELETE' AND NEW.status = 'PUBLISHED';
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_document WHERE kind = 'article' AND entity_id = OLD.id;
  ELSE
    PERFORM search_document_put('article', NEW.id, is_public, article_words(NEW));
    UPDATE article_topic SET published_at = CASE WHEN is_public THEN NEW.published_at END
     WHERE article_id = NEW.id AND published_at IS DISTINCT FROM CASE WHEN is_public THEN NEW.published_at END;
  END IF;
  IF was_public AND (NOT is_public OR OLD.author_id <> NEW.author_id) THEN
    UPDATE author SET article_count = article_count - 1 WHERE id = OLD.author_id;
  END IF;
  IF is_public AND (NOT was_public OR OLD.author_id <> NEW.author_id) THEN
    UPDATE author SET article_count = article_count + 1 WHERE id = NEW.author_id;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER article_written AFTER INSERT OR DELETE OR UPDATE OF title, excerpt, body_text, status, published_at, author_id
  ON article FOR EACH ROW EXECUTE FUNCTION article_changed();

-- A row of article_topic is public while it has a date, so its own date carries the topic's counter.
CREATE FUNCTION article_topic_dated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.published_at := (SELECT published_at FROM article WHERE id = NEW.article_id AND status = 'PUBLISHED');
  RETURN NEW;
END $$;

CREATE TRIGGER article_topic_dated BEFORE INSERT ON article_topic FOR EACH ROW EXECUTE FUNCTION article_topic_dated();

CREATE FUNCTION article_topic_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.published_at IS NOT NULL THEN
    UPDATE topic SET article_count = article_count - 1 WHERE id = OLD.topic_id;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.published_at IS NOT NULL THEN
    UPDATE topic SET article_count = article_count + 1 WHERE id = NEW.topic_id;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER article_topic_counted AFTER INSERT OR DELETE OR UPDATE OF published_at, topic_id
  ON article_topic FOR EACH ROW EXECUTE FUNCTION article_topic_counted();

CREATE FUNCTION author_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_document WHERE kind = 'author' AND entity_id = OLD.id;
  -- Guests write comments, and the search is for writers of articles.
  ELSIF NEW.kind <> 'GUEST' OR NEW.article_count > 0 THEN
    PERFORM search_document_put('author', NEW.id, NEW.article_count > 0,
      setweight(to_tsvector('english', NEW.name), 'A') || setweight(to_tsvector('simple', NEW.name), 'A')
      || setweight(to_tsvector('english', left(coalesce(NEW.bio_text, ''), 20000)), 'C'));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER author_written AFTER INSERT OR DELETE OR UPDATE OF name, bio_text, kind, article_count
  ON author FOR EACH ROW EXECUTE FUNCTION author_changed();

CREATE FUNCTION topic_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_document WHERE kind = 'topic' AND entity_id = OLD.id;
  ELSE
    PERFORM search_document_put('topic', NEW.id, NEW.article_count > 0,
      setweight(to_tsvector('english', NEW.name), 'A') || setweight(to_tsvector('english', left(coalesce(NEW.description, ''), 20000)), 'C'));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER topic_written AFTER INSERT OR DELETE OR UPDATE OF name, description, article_count
  ON topic FOR EACH ROW EXECUTE FUNCTION topic_changed();
