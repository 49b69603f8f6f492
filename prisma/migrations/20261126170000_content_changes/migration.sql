-- What each transaction changed of the content that everybody can read, so that caches of responses can ask what has been
-- committed since. The triggers run for every change, whoever makes it. `subject` is the id of an article for a change of
-- its own columns or of its discussion; the other subjects are in schema/content/dependencies.ts:
--    0  content: which articles are public and in which order, topics, and the columns of authors that are shown
--   -1  people: an author came, or became public or not
--   -2  search: the index of the search
CREATE TABLE "content_change" (
    "transaction" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint,
    "subject" INTEGER NOT NULL,

    CONSTRAINT "content_change_pkey" PRIMARY KEY ("transaction", "subject")
);

-- One row: changes of transactions before `deleted_before` were deleted. The next step deletes those before `next_before`.
CREATE TABLE "content_change_horizon" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "deleted_before" BIGINT NOT NULL,
    "next_before" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "content_change_horizon_pkey" PRIMARY KEY ("id")
);

INSERT INTO content_change_horizon (deleted_before, next_before) VALUES (0, 0);

CREATE FUNCTION note_change(subject integer) RETURNS void LANGUAGE sql AS $$
  INSERT INTO content_change (subject) VALUES ($1) ON CONFLICT DO NOTHING
$$;

-- A change of any kind in a small table, or one that a TRUNCATE makes.
CREATE FUNCTION note_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_change(0);
  RETURN NULL;
END $$;

CREATE FUNCTION note_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_change(-2);
  RETURN NULL;
END $$;

-- Rows that belong to articles: their discussions and logs.
CREATE FUNCTION note_articles_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO content_change (subject) SELECT DISTINCT article_id FROM new_rows ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION note_articles_of_old() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO content_change (subject) SELECT DISTINCT article_id FROM old_rows ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION note_articles_of_both() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO content_change (subject) SELECT article_id FROM new_rows UNION SELECT article_id FROM old_rows
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

-- Articles by themselves: the columns that decide about lists and addresses concern more than those who show the article.
CREATE FUNCTION note_article_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO content_change (subject)
  SELECT DISTINCT CASE
    WHEN (o.id, o.slug, o.status, o.published_at, o.author_id) IS DISTINCT FROM (n.id, n.slug, n.status, n.published_at, n.author_id)
    THEN 0 ELSE n.id END
  FROM old_rows o FULL JOIN new_rows n ON n.id = o.id
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION note_published_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM new_rows WHERE status = 'PUBLISHED') THEN PERFORM note_change(0); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION note_published_of_old() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM old_rows WHERE status = 'PUBLISHED') THEN PERFORM note_change(0); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION note_author_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO content_change (subject)
  SELECT CASE WHEN bool_or((o.slug, o.name, o.kind, o.bio_source, o.bio_format, o.bio_html, o.bio_text, o.avatar_url, o.url, o.article_count)
      IS DISTINCT FROM (n.slug, n.name, n.kind, n.bio_source, n.bio_format, n.bio_html, n.bio_text, n.avatar_url, n.url, n.article_count))
    THEN 0 ELSE -1 END
  FROM old_rows o FULL JOIN new_rows n ON n.id = o.id
  HAVING bool_or((o.slug, o.name, o.kind, o.bio_source, o.bio_format, o.bio_html, o.bio_text, o.avatar_url, o.url, o.article_count)
      IS DISTINCT FROM (n.slug, n.name, n.kind, n.bio_source, n.bio_format, n.bio_html, n.bio_text, n.avatar_url, n.url, n.article_count)
    OR (o.comment_count > 0) IS DISTINCT FROM (n.comment_count > 0))
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

CREATE FUNCTION note_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM note_change(-1);
  RETURN NULL;
END $$;

-- Topics of an article that is not public are shown to staff alone.
CREATE FUNCTION note_public_topics_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM new_rows WHERE published_at IS NOT NULL) THEN PERFORM note_change(0); END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION note_public_topics_of_old() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM old_rows WHERE published_at IS NOT NULL) THEN PERFORM note_change(0); END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER note_insert AFTER INSERT ON comment REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_articles_of_new();
CREATE TRIGGER note_update AFTER UPDATE ON comment REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_articles_of_both();
CREATE TRIGGER note_delete AFTER DELETE ON comment REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION note_articles_of_old();
CREATE TRIGGER note_truncate AFTER TRUNCATE ON comment FOR EACH STATEMENT EXECUTE FUNCTION note_content();
-- A cursor of a comment that is hidden is found by its events. An insert comes with an update of its article.
CREATE TRIGGER note_delete AFTER DELETE ON comment_event REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION note_articles_of_old();
CREATE TRIGGER note_truncate AFTER TRUNCATE ON comment_event FOR EACH STATEMENT EXECUTE FUNCTION note_content();

CREATE TRIGGER note_insert AFTER INSERT ON article REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_published_of_new();
CREATE TRIGGER note_update AFTER UPDATE ON article REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_article_update();
CREATE TRIGGER note_delete AFTER DELETE ON article REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION note_published_of_old();
CREATE TRIGGER note_truncate AFTER TRUNCATE ON article FOR EACH STATEMENT EXECUTE FUNCTION note_content();

CREATE TRIGGER note_insert AFTER INSERT ON author FOR EACH STATEMENT EXECUTE FUNCTION note_people();
CREATE TRIGGER note_update AFTER UPDATE ON author REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_author_update();
CREATE TRIGGER note_delete AFTER DELETE OR TRUNCATE ON author FOR EACH STATEMENT EXECUTE FUNCTION note_content();

CREATE TRIGGER note_insert AFTER INSERT ON article_topic REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_public_topics_of_new();
CREATE TRIGGER note_update AFTER UPDATE ON article_topic FOR EACH STATEMENT EXECUTE FUNCTION note_content();
CREATE TRIGGER note_delete AFTER DELETE ON article_topic REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION note_public_topics_of_old();
CREATE TRIGGER note_truncate AFTER TRUNCATE ON article_topic FOR EACH STATEMENT EXECUTE FUNCTION note_content();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON topic FOR EACH STATEMENT EXECUTE FUNCTION note_content();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON former_slug FOR EACH STATEMENT EXECUTE FUNCTION note_content();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON former_topic_slug FOR EACH STATEMENT EXECUTE FUNCTION note_content();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON search_comment FOR EACH STATEMENT EXECUTE FUNCTION note_search();
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON search_document FOR EACH STATEMENT EXECUTE FUNCTION note_search();

-- Also where a session has turned triggers off, as for a restore.
DO $$
DECLARE
  made record;
BEGIN
  FOR made IN SELECT tgrelid::regclass AS on_table, tgname FROM pg_trigger WHERE tgname LIKE 'note\_%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', made.on_table, made.tgname);
  END LOOP;
END $$;
