-- Words of visible texts, from which mistyped ones are corrected. A word that two transactions write first at the same
-- time has two rows: neither waits for the other.
CREATE TABLE "search_word" (
    "id" SERIAL NOT NULL,
    "word" TEXT NOT NULL,
    "trigrams" TEXT[],

    CONSTRAINT "search_word_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "search_word_word_idx" ON "search_word"("word");

CREATE INDEX "search_word_trigrams_idx" ON "search_word" USING GIN ("trigrams");

-- Articles whose search documents, and those of their comments after `after_id`, are to be computed anew.
CREATE TABLE "search_rebuild" (
    "article_id" INTEGER NOT NULL,
    "after_id" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "search_rebuild_pkey" PRIMARY KEY ("article_id")
);

ALTER TABLE "search_rebuild" ADD CONSTRAINT "search_rebuild_article_id_fkey" FOREIGN KEY ("article_id") REFERENCES "article"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "article" ADD COLUMN "language" TEXT, ADD COLUMN "detected_language" TEXT;

ALTER TABLE "search_document" ADD COLUMN "language" TEXT NOT NULL DEFAULT 'und';

-- Up to 8 kB in the row itself: reading the words of 10,000 articles elsewhere takes five times as long.
ALTER TABLE "search_document" SET (toast_tuple_target = 8160);

CREATE INDEX "search_document_language_idx" ON "search_document"("language");

-- Comments are many and come after all other results, so a search reads them only for a page that reaches them.
CREATE TABLE "search_comment" (
    "comment_id" INTEGER NOT NULL,
    "article_id" INTEGER NOT NULL,
    "visible" BOOLEAN NOT NULL,
    "language" TEXT NOT NULL,
    "words" tsvector NOT NULL,

    CONSTRAINT "search_comment_pkey" PRIMARY KEY ("comment_id")
);

CREATE INDEX "search_comment_language_idx" ON "search_comment"("language");

CREATE INDEX "search_comment_words_idx" ON "search_comment" USING GIN ("words");

ALTER TABLE "search_comment" ADD CONSTRAINT "search_comment_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A change of visibility stays beside the old row, so that the index of words is not written.
ALTER TABLE "search_comment" SET (fillfactor = 85);

CREATE FUNCTION search_trigrams(word text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY(SELECT DISTINCT substr('  ' || $1 || ' ', i, 3) FROM generate_series(1, length($1) + 1) i)
$$;

-- Words that people mistype: letters alone, and not too few.
CREATE FUNCTION is_search_word(word text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT length($1) BETWEEN 4 AND 40 AND ascii($1) < 1424 AND $1 !~ '[/0-9]'
$$;

-- Adds the words that are new. No sequential scan here and below: an import fills an empty table, for which a plan would
-- have one, and keeps the plan.
CREATE FUNCTION search_learn(words tsvector) RETURNS void LANGUAGE sql SET enable_seqscan = off AS $$
  INSERT INTO search_word (word, trigrams)
  SELECT lexeme, search_trigrams(lexeme) FROM unnest(tsvector_to_array($1)) lexeme
  WHERE is_search_word(lexeme) AND (SELECT id FROM search_word known WHERE known.word = lexeme LIMIT 1) IS NULL
$$;

-- The words that a mistyped one may mean, the likeliest first. Null for a word that a text has.
CREATE FUNCTION search_corrections(word text) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT array_agg(likely.word ORDER BY similarity DESC, likely.word) FROM (
    SELECT DISTINCT w.word, shared::real / (cardinality(w.trigrams) + cardinality(typed) - shared) AS similarity
    FROM (SELECT search_trigrams($1) AS typed OFFSET 0) t
    JOIN search_word w ON w.trigrams && typed AND length(w.word) BETWEEN length($1) - 2 AND length($1) + 2
    CROSS JOIN LATERAL (SELECT count(*) AS shared FROM unnest(w.trigrams) trigram WHERE trigram = ANY (typed)) s
    WHERE length($1) BETWEEN 4 AND 40 AND NOT EXISTS (SELECT FROM search_word known WHERE known.word = $1)
    ORDER BY similarity DESC, w.word LIMIT 5
  ) likely WHERE similarity >= 0.3
$$;

CREATE FUNCTION article_detected_language(article) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT search_detect(concat_ws(' ', $1.title, $1.excerpt, left($1.body_text, 4000)), 'en', 0.2)
$$;

CREATE OR REPLACE FUNCTION article_words(article) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT search_words($1.title, l, 'A') || search_words($1.excerpt, l, 'B') || search_words($1.body_text, l, 'D')
  FROM search_language(coalesce($1.language, $1.detected_language)) l
$$;

-- The language of a biography or a description. The name before it is not stemmed.
CREATE FUNCTION search_about_language(about text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT search_language(search_detect(coalesce($1, ''), 'en', 0.2))
$$;

CREATE OR REPLACE FUNCTION topic_words(topic) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT search_words($1.name, 'und', 'A')
      || search_words(left(coalesce($1.description, ''), 20000), search_about_language($1.description), 'C')
$$;

CREATE OR REPLACE FUNCTION author_words(author) RETURNS tsvector LANGUAGE sql STABLE AS $$
  SELECT search_words($1.name, 'und', 'A')
      || search_words(left(coalesce($1.bio_text, ''), 20000), search_about_language($1.bio_text), 'C')
$$;

-- A comment has its article's language unless it is clearly of another.
CREATE FUNCTION comment_language(comment) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT search_language(search_detect($1.body_text, of_article, 1.5))
  FROM (SELECT coalesce(split_part(lower(language), '-', 1), detected_language, 'en') AS of_article
        FROM article WHERE id = $1.article_id) a
$$;

DROP FUNCTION search_document_put(text, int, boolean, tsvector);

CREATE FUNCTION search_document_put(document search_document) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO search_document AS d (kind, entity_id, visible, language, words)
  VALUES (document.kind, document.entity_id, document.visible, document.language, document.words)
  ON CONFLICT (kind, entity_id) DO UPDATE SET visible = EXCLUDED.visible, language = EXCLUDED.language, words = EXCLUDED.words
    WHERE (d.visible, d.language, d.words) IS DISTINCT FROM (EXCLUDED.visible, EXCLUDED.language, EXCLUDED.words);
  IF FOUND AND document.visible THEN
    PERFORM search_learn(document.words);
  END IF;
END $$;

-- Search documents as they should be.
CREATE FUNCTION article_document(article) RETURNS search_document LANGUAGE sql STABLE AS $$
  SELECT ROW('article', $1.id, $1.status = 'PUBLISHED', article_words($1),
    search_language(coalesce($1.language, $1.detected_language)))::search_document
$$;

CREATE FUNCTION topic_document(topic) RETURNS search_document LANGUAGE sql STABLE AS $$
  SELECT ROW('topic', $1.id, $1.article_count > 0, topic_words($1), search_about_language($1.description))::search_document
$$;

CREATE FUNCTION author_document(author) RETURNS search_document LANGUAGE sql STABLE AS $$
  SELECT ROW('author', $1.id, $1.article_count > 0, author_words($1), search_about_language($1.bio_text))::search_document
$$;

-- It stays visible when its article is unpublished: a search looks at the article.
CREATE FUNCTION comment_document(comment) RETURNS search_comment LANGUAGE sql STABLE AS $$
  SELECT ROW($1.id, $1.article_id, $1.visible AND $1.status = 'VISIBLE', l, search_words($1.body_text, l, 'D'))::search_comment
  FROM (SELECT comment_language($1) AS l OFFSET 0) of
$$;

CREATE FUNCTION article_language_detected() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.detected_language := article_detected_language(NEW);
  RETURN NEW;
END $$;

CREATE TRIGGER article_language_detected BEFORE INSERT OR UPDATE OF title, excerpt, body_text, detected_language
  ON article FOR EACH ROW EXECUTE FUNCTION article_language_detected();

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
  IF was_public AND (NOT is_public OR OLD.author_id <> NEW.author_id) THEN
    UPDATE author SET article_count = article_count - 1 WHERE id = OLD.author_id;
  END IF;
  IF is_public AND (NOT was_public OR OLD.author_id <> NEW.author_id) THEN
    UPDATE author SET article_count = article_count + 1 WHERE id = NEW.author_id;
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER article_written ON article;

CREATE TRIGGER article_written AFTER INSERT OR DELETE
  OR UPDATE OF title, excerpt, body_text, status, published_at, author_id, language, detected_language
  ON article FOR EACH ROW EXECUTE FUNCTION article_changed();

CREATE OR REPLACE FUNCTION author_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_document WHERE kind = 'author' AND entity_id = OLD.id;
    RETURN NULL;
  END IF;
  -- Most changes are of the count alone.
  IF TG_OP = 'UPDATE' AND (OLD.name, OLD.bio_text, OLD.kind, OLD.article_count > 0)
      IS NOT DISTINCT FROM (NEW.name, NEW.bio_text, NEW.kind, NEW.article_count > 0) THEN
    RETURN NULL;
  END IF;
  -- Guests write comments, and the search for authors is for writers of articles.
  IF NEW.kind <> 'GUEST' OR NEW.article_count > 0 THEN
    PERFORM search_document_put(author_document(NEW));
  ELSIF TG_OP = 'UPDATE' THEN
    DELETE FROM search_document WHERE kind = 'author' AND entity_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION topic_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_document WHERE kind = 'topic' AND entity_id = OLD.id;
  ELSIF TG_OP = 'INSERT' OR (OLD.name, OLD.description, OLD.article_count > 0)
      IS DISTINCT FROM (NEW.name, NEW.description, NEW.article_count > 0) THEN
    PERFORM search_document_put(topic_document(NEW));
  END IF;
  RETURN NULL;
END $$;

-- A comment that was never shown has no document, so spam does not fill the index. An import inserts comments before it shows them.
CREATE FUNCTION search_comment_put(comment) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  document search_comment;
BEGIN
  IF NOT ($1.visible AND $1.status = 'VISIBLE') THEN
    DELETE FROM search_comment WHERE comment_id = $1.id;
    RETURN;
  END IF;
  document := comment_document($1);
  INSERT INTO search_comment AS d VALUES (document.*)
  ON CONFLICT (comment_id) DO UPDATE
    SET article_id = EXCLUDED.article_id, visible = EXCLUDED.visible, language = EXCLUDED.language, words = EXCLUDED.words
    WHERE (d.article_id, d.visible, d.language, d.words)
      IS DISTINCT FROM (EXCLUDED.article_id, EXCLUDED.visible, EXCLUDED.language, EXCLUDED.words);
  IF FOUND THEN
    PERFORM search_learn(document.words);
  END IF;
END $$;

CREATE FUNCTION comment_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM search_comment_put(NEW);
  RETURN NULL;
END $$;

CREATE TRIGGER comment_inserted AFTER INSERT ON comment FOR EACH ROW WHEN (NEW.visible) EXECUTE FUNCTION comment_written();

CREATE TRIGGER comment_edited AFTER UPDATE OF body_text, article_id ON comment FOR EACH ROW
  WHEN ((OLD.body_text, OLD.article_id) IS DISTINCT FROM (NEW.body_text, NEW.article_id)) EXECUTE FUNCTION comment_written();

-- Thousands of comments may be hidden at once, so their words are not computed again.
CREATE FUNCTION comment_hidden_or_shown() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  is_shown boolean := NEW.visible AND NEW.status = 'VISIBLE';
  indexed tsvector;
BEGIN
  UPDATE search_comment SET visible = is_shown WHERE comment_id = NEW.id RETURNING words INTO indexed;
  IF NOT FOUND THEN
    PERFORM search_comment_put(NEW);
  ELSIF is_shown THEN
    PERFORM search_learn(indexed);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER comment_hidden_or_shown AFTER UPDATE OF visible, status ON comment FOR EACH ROW
  WHEN ((OLD.visible AND OLD.status = 'VISIBLE') IS DISTINCT FROM (NEW.visible AND NEW.status = 'VISIBLE'))
  EXECUTE FUNCTION comment_hidden_or_shown();

-- Computes documents of `search_rebuild`: those of `size` comments, where an article counts as 20. Each change of an
-- article or its comments locks the article first. So does this, and it passes articles that are locked: it waits for
-- nobody and overwrites nothing newer. Returns how much it did.
CREATE FUNCTION search_rebuild_some(size int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  due int;
  start int;
  batch int;
  computed int;
  last int;
  done int := 0;
BEGIN
  FOR due IN SELECT article_id FROM search_rebuild ORDER BY article_id LIMIT 100 LOOP
    EXIT WHEN done >= size;
    PERFORM FROM article WHERE id = due FOR NO KEY UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    -- Another gateway may have done it since.
    SELECT after_id INTO start FROM search_rebuild WHERE article_id = due;
    CONTINUE WHEN NOT FOUND;
    IF start = 0 THEN
      -- The triggers of the article detect its language and write its document.
      UPDATE article SET detected_language = NULL WHERE id = due;
      done := done + 20;
    END IF;
    batch := greatest(size - done, 1);
    SELECT count(written)::int, max(id) INTO computed, last FROM (
      SELECT c.id, search_comment_put(c) IS NOT NULL AS written
      FROM comment c WHERE article_id = due AND id > start ORDER BY id LIMIT batch) b;
    IF computed < batch THEN
      DELETE FROM search_rebuild WHERE article_id = due;
    ELSE
      UPDATE search_rebuild SET after_id = last WHERE article_id = due;
    END IF;
    done := done + computed;
  END LOOP;
  RETURN done;
END $$;

-- Forms in which a document of a language may have a word of a query.
CREATE FUNCTION search_forms(word text, kind text, language text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT search_fold($1) || CASE WHEN $2 = 'word' THEN search_stems($1, $3) ELSE '{}' END
$$;

-- One query for each language that documents have. `terms` are alternatives: lists of terms {text, not, prefix, phrase} that all
-- must match. A word that a language has in every text is ignored in its documents, unless there is no other. When
-- `is_corrected`, similar words replace those that no text has. `found` matches whatever one of the queries does.
-- `texts` has the queries without the words as they are written where those have stems: a text has the stems of all its words,
-- and half of the operands take half of the time. Names have no stems.
CREATE FUNCTION search_query(terms jsonb, is_corrected boolean)
RETURNS TABLE (found tsquery, found_texts tsquery, languages text[], queries tsquery[], texts tsquery[], lexemes text[], prefixes text[])
LANGUAGE plpgsql STABLE ROWS 1 SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH term AS (
    SELECT a.n AS alternative, t.n AS nr, t.value ->> 'text' AS words, coalesce((t.value ->> 'not')::boolean, false) AS is_not,
      coalesce((t.value ->> 'prefix')::boolean, false) AS has_prefix, coalesce((t.value ->> 'phrase')::boolean, false) AS is_phrase
    FROM jsonb_array_elements($1) WITH ORDINALITY a(value, n), jsonb_array_elements(a.value) WITH ORDINALITY t(value, n)
  ), token AS MATERIALIZED (
    SELECT alternative, nr, is_not, k.place, k.word, k.kind,
      k.kind = 'single' OR has_prefix AND k.kind = 'word' AND lead(k.place) OVER w IS NULL AS is_prefix,
      NOT is_not AND NOT is_phrase AND NOT has_prefix AND k.kind = 'word'
        AND count(*) OVER (PARTITION BY alternative, nr) = 1 AS is_alone,
      k.place - lag(k.place) OVER w AS distance,
      CASE WHEN $2 AND k.kind = 'word' AND NOT is_not THEN search_corrections(search_fold(k.word)) END AS corrections
    FROM term CROSS JOIN search_tokens(words) k WHERE k.kind <> 'last' AND search_fold(k.word) <> ''
    WINDOW w AS (PARTITION BY alternative, nr ORDER BY k.place)
    -- More than a person types, and quick to search for in each language.
    ORDER BY alternative, nr, k.place LIMIT 64
  ), used AS MATERIALIZED (
    SELECT language FROM unnest(search_languages()) AS language
    -- By the index of languages: LIMIT keeps PostgreSQL from reading all rows at once.
    WHERE language = 'en' OR (SELECT true FROM search_document d WHERE d.language = language.language LIMIT 1)
      OR (SELECT true FROM search_comment d WHERE d.language = language.language LIMIT 1)
  ), form AS MATERIALIZED (
    SELECT t.*, language, forms, CASE WHEN corrections IS NULL AND cardinality(forms) > 1 THEN forms[2:] ELSE forms END AS text_forms,
      is_alone AND ts_lexize(search_dictionary(search_stemmer(t.word, language)), t.word) = '{}' AS is_common
    FROM token t CROSS JOIN used
    CROSS JOIN LATERAL (SELECT CASE WHEN is_prefix THEN ARRAY[search_fold(t.word)]
      WHEN corrections IS NULL THEN search_forms(t.word, t.kind, language)
      ELSE ARRAY(SELECT f FROM unnest(corrections) c, unnest(search_forms(c, t.kind, language)) f) END AS forms) f
  ), part AS (
    SELECT language, alternative, nr, is_not, coalesce(bool_and(is_common), false) AS is_common,
      string_agg(coalesce(' <' || distance || '> ', '')
        || '(''' || array_to_string(forms, ''' | ''') || '''' || CASE WHEN is_prefix THEN ':*)' ELSE ')' END, '' ORDER BY place) AS query,
      string_agg(coalesce(' <' || distance || '> ', '')
        || '(''' || array_to_string(text_forms, ''' | ''') || '''' || CASE WHEN is_prefix THEN ':*)' ELSE ')' END, '' ORDER BY place) AS text
    FROM form GROUP BY language, alternative, nr, is_not
  ), alternative AS (
    SELECT language, alternative, string_agg(CASE WHEN is_not THEN '!(' ELSE '(' END || query || ')', ' & ' ORDER BY nr)
      FILTER (WHERE NOT is_common OR all_common) AS query,
      string_agg(CASE WHEN is_not THEN '!(' ELSE '(' END || text || ')', ' & ' ORDER BY nr)
      FILTER (WHERE NOT is_common OR all_common) AS text
    FROM (SELECT *, bool_and(is_common OR is_not) OVER (PARTITION BY language, alternative) AS all_common FROM part) p
    GROUP BY language, alternative
  ), query AS (
    SELECT language, string_agg('(' || query || ')', ' | ' ORDER BY alternative) AS query,
      string_agg('(' || text || ')', ' | ' ORDER BY alternative) AS text
    FROM alternative GROUP BY language
  )
  SELECT (SELECT string_agg(query, ' | ')::tsquery FROM (SELECT DISTINCT query FROM query) any_language),
    (SELECT string_agg(text, ' | ')::tsquery FROM (SELECT DISTINCT text FROM query) any_language),
    array_agg(language), array_agg(query::tsquery), array_agg(text::tsquery),
    ARRAY(SELECT DISTINCT f FROM form, unnest(forms) f WHERE NOT is_not AND NOT is_prefix),
    ARRAY(SELECT DISTINCT f FROM form, unnest(forms) f WHERE NOT is_not AND is_prefix AND kind = 'word')
  FROM query;
END $$;

-- The words of a document, folded, that match a query: those at the places of its forms.
CREATE FUNCTION search_matches(words tsvector, lexemes text[], prefixes text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  WITH word AS MATERIALIZED (SELECT lexeme, positions FROM unnest($1)),
  matching AS MATERIALIZED (
    SELECT lexeme, positions FROM word
    WHERE lexeme = ANY ($2) OR EXISTS (SELECT FROM unnest($3) p WHERE starts_with(lexeme, p)) LIMIT 200
  ), place AS MATERIALIZED (SELECT array_agg(p) AS places FROM matching, unnest(positions) p WHERE lexeme LIKE '%/%')
  SELECT ARRAY(
    SELECT lexeme FROM matching WHERE lexeme NOT LIKE '%/%'
    UNION
    SELECT lexeme FROM word, place WHERE positions && places AND lexeme NOT LIKE '%/%')
$$;

-- Topics and authors are few. A job computes the documents of articles and comments after this migration, while the
-- gateway answers.
SELECT count(search_document_put(topic_document(topic))) FROM topic;
SELECT count(search_document_put(author_document(author))) FROM author WHERE kind <> 'GUEST' OR article_count > 0;
-- Until then the entries of articles have English stems without a prefix.
UPDATE search_document SET language = 'en' WHERE kind = 'article';
INSERT INTO search_rebuild (article_id) SELECT id FROM article;
