-- Search documents as before, in less time: those of short texts of the letters a to z, as most comments are, are made by
-- PostgreSQL's own parser, which cuts such texts at the same places.

-- The configuration that stems words of these letters as `search_dictionary` does.
CREATE FUNCTION search_configuration(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE $1 WHEN 'en' THEN 'pg_catalog.english'::regconfig WHEN 'da' THEN 'pg_catalog.danish'
    WHEN 'de' THEN 'pg_catalog.german' WHEN 'es' THEN 'pg_catalog.spanish' WHEN 'fi' THEN 'pg_catalog.finnish'
    WHEN 'fr' THEN 'pg_catalog.french' WHEN 'hu' THEN 'pg_catalog.hungarian' WHEN 'it' THEN 'pg_catalog.italian'
    WHEN 'nl' THEN 'pg_catalog.dutch' WHEN 'no' THEN 'pg_catalog.norwegian' WHEN 'pt' THEN 'pg_catalog.portuguese'
    WHEN 'ro' THEN 'pg_catalog.romanian' WHEN 'sv' THEN 'pg_catalog.swedish' WHEN 'tr' THEN 'pg_catalog.turkish' END
$$;

CREATE OR REPLACE FUNCTION search_words(words text, language text, weight text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  cleaned CONSTANT text := search_clean(left($1, 200000));
  pieces text[];
  dictionary regdictionary;
  written text;
  stems text;
BEGIN
  -- No longer than one word may be, which is 255.
  IF length(cleaned) <= 255 AND cleaned ~ '^[a-z][a-z ]*$' THEN
    written := to_tsvector('pg_catalog.simple', cleaned);
    stems := coalesce(to_tsvector(search_configuration($2), cleaned)::text, '');
    -- A stem of such a word may have another letter, such as a Turkish one, and is folded below.
    IF octet_length(stems) = length(stems) THEN
      RETURN setweight((written || replace(' ' || stems, ' ''', ' ''' || $2 || '/'))::tsvector, $3::"char");
    END IF;
  END IF;
  pieces := string_to_array(cleaned, ' ');
  dictionary := search_dictionary($2);
  IF cardinality(pieces) <= 255 AND (octet_length(cleaned) = length(cleaned) OR cleaned !~ ('[' || search_spaceless() || ']')) THEN
    RETURN (SELECT coalesce(string_agg(CASE
          -- A word of ASCII is its own folded form, and has one stem at most.
          WHEN octet_length(word) = length(word) THEN '''' || word || ''':' || place
            || coalesce(' ''' || $2 || '/' || search_fold(stem) || ''':' || place, '')
          ELSE (SELECT string_agg('''' || form || ''':' || place, ' ') FROM unnest(search_forms(word, 'word', $2)) form WHERE form <> '')
        END, ' '), '')::tsvector
      FROM (
        -- Digits, which are before all letters, have no stem. OFFSET 0 computes each once.
        SELECT left(piece, 255) AS word, ord || $3 AS place,
          CASE WHEN piece >= 'a' THEN (ts_lexize(dictionary, left(piece, 255)))[1] END AS stem
        FROM unnest(pieces) WITH ORDINALITY p(piece, ord) WHERE piece <> '' OFFSET 0
      ) w);
  END IF;
  RETURN (WITH word AS MATERIALIZED (
    SELECT t.word, t.kind, (array_agg(1 + (t.place - 1) % 16000 ORDER BY t.place))[1:255] AS places
    FROM search_tokens(left($1, 200000)) t GROUP BY t.word, t.kind
  ), lexeme AS (
    SELECT search_fold(word.word) AS lexeme, places FROM word
    UNION ALL
    SELECT stem, places FROM word CROSS JOIN unnest(search_stems(word.word, $2)) AS stem WHERE kind = 'word'
  ), sized AS (
    SELECT lexeme, array_to_string(places, $3 || ',') || $3 AS places,
      sum(octet_length(lexeme) + 6 + 2 * cardinality(places)) OVER (ORDER BY places[1], lexeme) AS bytes
    FROM lexeme WHERE lexeme <> ''
  )
  SELECT coalesce(string_agg('''' || lexeme || ''':' || places, ' ') FILTER (WHERE bytes < 700000), '')::tsvector FROM sized);
END $$;

-- In PL/pgSQL, which keeps the plan for the next call.
CREATE OR REPLACE FUNCTION comment_document(comment) RETURNS search_comment LANGUAGE plpgsql STABLE AS $$
DECLARE
  of_article text;
  language text;
BEGIN
  SELECT coalesce(split_part(lower(a.language), '-', 1), a.detected_language, 'en') INTO of_article FROM article a WHERE a.id = $1.article_id;
  language := search_language(search_detect($1.body_text, of_article, 1.5));
  RETURN ROW($1.id, $1.article_id, $1.visible AND $1.status = 'VISIBLE', language, search_words($1.body_text, language, 'D'))::search_comment;
END $$;

DROP FUNCTION comment_language(comment);
