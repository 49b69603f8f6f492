-- A transaction that inserts many articles counts them itself, at its end: `SET LOCAL broadsheet.counts = 'at the end'`. Otherwise
-- its first article would lock the rows of its author and its topics until the commit, and those who publish others would wait.
CREATE OR REPLACE FUNCTION article_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was_public boolean := TG_OP <> 'INSERT' AND OLD.status = 'PUBLISHED';
  is_public  boolean := TG_OP <> 'DELETE' AND NEW.status = 'PUBLISHED';
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_document WHERE kind = 'article' AND entity_id = OLD.id;
  ELSE
    PERFORM search_document_put(article_document(NEW));
    UPDATE article_topic SET published_at = CASE WHEN is_public THEN NEW.published_at END
     WHERE article_id = NEW.id AND published_at IS DISTINCT FROM CASE WHEN is_public THEN NEW.published_at END;
  END IF;
  -- Comments have the language of their article. There may be many, so a job computes their words.
  IF TG_OP = 'UPDATE' AND coalesce(NEW.language, NEW.detected_language) IS DISTINCT FROM coalesce(OLD.language, OLD.detected_language)
    AND EXISTS (SELECT FROM comment WHERE article_id = NEW.id) THEN
    INSERT INTO search_rebuild (article_id) VALUES (NEW.id) ON CONFLICT (article_id) DO UPDATE SET after_id = 0;
  END IF;
  IF current_setting('broadsheet.counts', true) = 'at the end' THEN
    RETURN NULL;
  END IF;
  IF was_public AND (NOT is_public OR OLD.author_id <> NEW.author_id) THEN
    UPDATE author SET article_count = article_count - 1 WHERE id = OLD.author_id;
  END IF;
  IF is_public AND (NOT was_public OR OLD.author_id <> NEW.author_id) THEN
    UPDATE author SET article_count = article_count + 1 WHERE id = NEW.author_id;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION article_topic_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('broadsheet.counts', true) = 'at the end' THEN
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' AND OLD.published_at IS NOT NULL THEN
    UPDATE topic SET article_count = article_count - 1 WHERE id = OLD.topic_id;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.published_at IS NOT NULL THEN
    UPDATE topic SET article_count = article_count + 1 WHERE id = NEW.topic_id;
  END IF;
  RETURN NULL;
END $$;
