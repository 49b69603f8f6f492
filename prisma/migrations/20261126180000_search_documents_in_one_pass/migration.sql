-- Search documents as before, in half of the time: most texts are short, and each comment is indexed in its transaction.

-- Characters that are written without spaces between words.
CREATE FUNCTION search_spaceless() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '\u0E01-\u0E3A\u0E40-\u0E4E\u0E81-\u0EDF\u1000-\u1049\u1050-\u109F\u1100-\u11FF\u1780-\u17D3\u17DC\u17DD\u2E80-\u2FDF\u3005-\u3007\u3031-\u3035\u303B\u303C\u3041-\u309A\u309D-\u30FA\u30FC-\u318E\u31A0-\u31BF\u31F0-\u31FF\u3400-\u9FFF\uA960-\uA97C\uAC00-\uD7FB\uF900-\uFAFF\U00020000-\U000323AF'
$$;

-- The index entry of a text. Most texts are short and have spaces between words. Their words are entered one by one: the type
-- tsvector sorts them and merges their places. For other texts, places start again after 16,000, because a tsvector has no
-- higher ones, a word has 255 of them, and of a very long text with many different words the beginning is found, because a
-- tsvector holds at most 1 MB.
CREATE OR REPLACE FUNCTION search_words(words text, language text, weight text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  cleaned CONSTANT text := search_clean(left($1, 200000));
  pieces CONSTANT text[] := string_to_array(cleaned, ' ');
  dictionary CONSTANT regdictionary := search_dictionary($2);
BEGIN
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

-- The language of a text, as before: letters beyond a to z are looked for only where the text has some.
CREATE OR REPLACE FUNCTION search_detect(words text, expected text, prior real) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  sample CONSTANT text := search_clean(left($1, 4000));
  tokens text[] := string_to_array(sample, ' ');
  found text;
BEGIN
  IF octet_length(sample) > length(sample) THEN
    IF sample ~ '[^\u0001-\u024F\u1E00-\u1EFF]' THEN
      -- A Chinese, Japanese or Korean character is about three letters. Kana beside Chinese characters is Japanese.
      SELECT name INTO found FROM (
        SELECT name, length(regexp_replace(sample, letters, '', 'g')) * weight AS share FROM (VALUES
          ('', '[^a-z\u00C0-\u024F\u1E00-\u1EFF]', 1.0), ('ja', '[^\u3041-\u30FF]', 15), ('zh', '[^\u3400-\u9FFF]', 3),
          ('ko', '[^\uAC00-\uD7AF]', 3), ('th', '[^\u0E00-\u0E7F]', 1), ('ru', '[^\u0400-\u052F]', 1),
          ('el', '[^\u0370-\u03FF\u1F00-\u1FFF]', 1), ('ar', '[^\u0600-\u06FF]', 1), ('he', '[^\u05D0-\u05EA]', 1),
          ('hi', '[^\u0900-\u097F]', 1)) writing(name, letters, weight)
        ORDER BY share DESC LIMIT 1) most WHERE share > 0;
      IF found = 'ru' AND sample ~ '[іїєґ]' THEN
        RETURN 'uk';
      ELSIF found <> '' THEN
        RETURN found;
      END IF;
    END IF;
    tokens := tokens || string_to_array(regexp_replace(sample, '[a-z0-9 ]+', '', 'g'), NULL);
  END IF;
  RETURN (SELECT language FROM (
      SELECT language, weight FROM language_word WHERE word = ANY (tokens)
      UNION ALL SELECT expected, prior WHERE expected IS NOT NULL) known
    GROUP BY language HAVING sum(weight) >= 0.3 ORDER BY sum(weight) DESC, language LIMIT 1);
END $$;

-- In PL/pgSQL, which keeps the plan for the next call.
CREATE OR REPLACE FUNCTION search_learn(words tsvector) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO search_word (word, trigrams)
  SELECT lexeme, search_trigrams(lexeme) FROM unnest(tsvector_to_array($1)) lexeme
  WHERE is_search_word(lexeme) AND (SELECT id FROM search_word known WHERE known.word = lexeme LIMIT 1) IS NULL;
END $$;

-- A comment that is new has no document yet: a plain INSERT calls the triggers of inserts alone.
CREATE OR REPLACE FUNCTION comment_written() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  document search_comment;
BEGIN
  IF TG_OP = 'INSERT' AND NEW.status = 'VISIBLE' THEN
    document := comment_document(NEW);
    INSERT INTO search_comment SELECT document.*;
    PERFORM search_learn(document.words);
  ELSE
    PERFORM search_comment_put(NEW);
  END IF;
  RETURN NULL;
END $$;
