-- What a search compares. A text is cut into words. Each word is indexed folded (without case, accents and width) and,
-- with the prefix of its language, stemmed. Writing without spaces is cut into pairs of characters. All of it is computed
-- here, for texts and for queries, so that both agree whoever writes.

DO $$
BEGIN
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'Broadsheet needs a database with the encoding UTF8; this one has %.', current_setting('server_encoding');
  END IF;
END $$;

-- Letters that `lower` leaves alone where the database has the locale C.
CREATE FUNCTION search_lower(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN lower('ÉЖΣ') = 'éжσ' THEN lower($1) ELSE lower(translate($1,
    'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĲĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽƏƠƯȘȚẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏΪΫАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁЂЃЄЅІЇЈЉЊЋЌЎЏҐ',
    'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĳĵķĺļľŀłńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷÿźżžəơưșțạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹαβγδεζηθικλμνξοπρστυφχψωάέήίόύώϊϋабвгдежзийклмнопрстуфхцчшщъыьэюяёђѓєѕіїјљњћќўџґ')) END
$$;

-- Lower case words with single spaces between them. Signs separate words, whatever the locale takes for a letter.
CREATE FUNCTION search_clean(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- Most texts of most sites are ASCII, and this takes a tenth of the time.
  SELECT CASE WHEN octet_length($1) = length($1) THEN regexp_replace(lower($1), '[^a-z0-9]+', ' ', 'g')
    ELSE regexp_replace(search_lower(normalize(
    -- Invisible characters within words.
    regexp_replace($1, '[\u00AD\u034F\u061C\u0640\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF]', '', 'g'), NFKC)),
    '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u00D7\u00F7\u02C2-\u02C5\u02D2-\u02DF\u02E5-\u02EB\u037E\u0384\u0385\u0387\u03F6\u0482\u055A-\u055F\u0589-\u058F\u05BE\u05C0\u05C3\u05C6\u05F3\u05F4\u0600-\u060F\u061B-\u061F\u066A-\u066D\u06D4\u06DD\u0700-\u070D\u0964\u0965\u0970\u0E3F\u0E4F\u0E5A\u0E5B\u104A-\u104F\u10FB\u1361-\u1368\u1680\u17D4-\u17DB\u1800-\u180A\u2000-\u206F\u207A-\u207E\u208A-\u208E\u20A0-\u20CF\u2100-\u2BFF\u2CF9-\u2CFF\u2E00-\u2E7F\u2FF0-\u3004\u3008-\u3020\u3030\u3036\u3037\u303D-\u303F\u309B\u309C\u30A0\u30FB\u3190-\u319F\u31C0-\u31E3\u3200-\u33FF\u4DC0-\u4DFF\uE000-\uF8FF\uFD3E\uFD3F\uFE10-\uFE19\uFE30-\uFE6F\uFFE0-\uFFFF\U0001D000-\U0001D1FF\U0001F000-\U0001FAFF\U000E0000-\U0010FFFF]+',
    ' ', 'g') END
$$;

-- A lower case word without accents. Vowel signs of Indian and Thai writing and the voicing of kana belong to the letter.
CREATE FUNCTION search_fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length($1) = length($1) THEN $1 ELSE
    replace(replace(replace(replace(translate(normalize(regexp_replace(normalize($1, NFKD),
      '[\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]',
      '', 'g'), NFKC), 'ıøłđðħŧς', 'iolddhtσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th') END
$$;

-- The words of a text with their places. `kind`: word; in writing without spaces pair (of characters), last (the last
-- character of a run, after its pairs) or single (a run of one character).
CREATE FUNCTION search_tokens(text) RETURNS TABLE (place int, word text, kind text)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 50 AS $$
DECLARE
  spaceless CONSTANT text := '\u0E01-\u0E3A\u0E40-\u0E4E\u0E81-\u0EDF\u1000-\u1049\u1050-\u109F\u1100-\u11FF\u1780-\u17D3\u17DC\u17DD\u2E80-\u2FDF\u3005-\u3007\u3031-\u3035\u303B\u303C\u3041-\u309A\u309D-\u30FA\u30FC-\u318E\u31A0-\u31BF\u31F0-\u31FF\u3400-\u9FFF\uA960-\uA97C\uAC00-\uD7FB\uF900-\uFAFF\U00020000-\U000323AF';
  words text := search_clean($1);
BEGIN
  IF octet_length(words) = length(words) OR words !~ ('[' || spaceless || ']') THEN
    RETURN QUERY SELECT ord::int, left(piece, 255), 'word' FROM string_to_table(words, ' ') WITH ORDINALITY AS p(piece, ord)
      WHERE piece <> '';
    RETURN;
  END IF;
  words := regexp_replace(words, '([' || spaceless || ']+)', ' \1 ', 'g');
  -- No word has a plus: it marks a character that another follows.
  words := regexp_replace(words, '([' || spaceless || '])(?=[' || spaceless || '])', '\1+ ', 'g');
  RETURN QUERY SELECT ord::int,
      CASE WHEN piece LIKE '%+' THEN left(piece, 1) || left(next, 1) ELSE left(piece, 255) END,
      CASE WHEN piece LIKE '%+' THEN 'pair' WHEN before LIKE '%+' THEN 'last'
           WHEN piece ~ ('^[' || spaceless || ']$') THEN 'single' ELSE 'word' END
    FROM (SELECT row_number() OVER w AS ord, piece, lead(piece) OVER w AS next, lag(piece) OVER w AS before
          FROM string_to_table(words, ' ') WITH ORDINALITY AS p(piece, n) WHERE piece <> '' WINDOW w AS (ORDER BY n)) pieces;
END $$;

-- Languages of a search document: those with a stemmer and Latin letters, and `und`, of which no word is stemmed.
CREATE FUNCTION search_languages() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT '{en,da,de,es,fi,fr,hu,it,nl,no,pt,ro,sv,tr,und}'::text[]
$$;

-- The language of the search document of a text by the text's language. A text in other letters has Latin words as
-- well, mostly English ones.
CREATE FUNCTION search_language(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN l IS NULL THEN 'en' WHEN l = ANY (search_languages()) THEN l WHEN l IN ('nb', 'nn') THEN 'no'
    WHEN l IN ('ru', 'uk', 'be', 'bg', 'el', 'ar', 'he', 'fa', 'hi', 'ja', 'zh', 'ko', 'th') THEN 'en' ELSE 'und' END
  FROM (SELECT split_part(lower($1), '-', 1) AS l) given
$$;

-- The language whose stemmer a word of a document has; null for none.
CREATE FUNCTION search_stemmer(word text, language text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN $2 = 'und' THEN NULL WHEN ascii($1) BETWEEN 1024 AND 1327 THEN 'ru'
    WHEN ascii($1) BETWEEN 97 AND 122 OR ascii($1) BETWEEN 192 AND 591 OR ascii($1) BETWEEN 7680 AND 7935 THEN $2 END
$$;

CREATE FUNCTION search_dictionary(language text) RETURNS regdictionary LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE $1 WHEN 'en' THEN 'pg_catalog.english_stem'::regdictionary WHEN 'da' THEN 'pg_catalog.danish_stem'
    WHEN 'de' THEN 'pg_catalog.german_stem' WHEN 'es' THEN 'pg_catalog.spanish_stem' WHEN 'fi' THEN 'pg_catalog.finnish_stem'
    WHEN 'fr' THEN 'pg_catalog.french_stem' WHEN 'hu' THEN 'pg_catalog.hungarian_stem' WHEN 'it' THEN 'pg_catalog.italian_stem'
    WHEN 'nl' THEN 'pg_catalog.dutch_stem' WHEN 'no' THEN 'pg_catalog.norwegian_stem'
    WHEN 'pt' THEN 'pg_catalog.portuguese_stem' WHEN 'ro' THEN 'pg_catalog.romanian_stem'
    WHEN 'ru' THEN 'pg_catalog.russian_stem' WHEN 'sv' THEN 'pg_catalog.swedish_stem' WHEN 'tr' THEN 'pg_catalog.turkish_stem' END
$$;

-- The stems of a word, such as de/haus: of the word as it is written, and of the word without accents, because many people
-- type none and a stemmer needs them. Empty for a word that its language has in every text.
CREATE FUNCTION search_stems(word text, language text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  stemmer CONSTANT text := search_stemmer($1, $2);
  dictionary CONSTANT regdictionary := search_dictionary(stemmer);
  folded CONSTANT text := search_fold($1);
  written text[];
  stem text;
BEGIN
  IF stemmer IS NULL THEN
    RETURN '{}';
  END IF;
  written := ts_lexize(dictionary, $1);
  IF written = '{}' THEN
    RETURN '{}';
  END IF;
  stem := search_fold(written[1]);
  IF folded = $1 THEN
    RETURN ARRAY[stemmer || '/' || stem];
  END IF;
  RETURN ARRAY(SELECT DISTINCT stemmer || '/' || s FROM unnest(stem || ts_lexize(dictionary, folded)) s);
END $$;

-- The index entry of a text. Places start again after 16,000, because a tsvector has no higher ones, and it holds at most
-- 1 MB: of a very long text with many different words, the beginning is found.
-- In PL/pgSQL, which keeps the plan for the next call.
CREATE FUNCTION search_words(words text, language text, weight text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
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

-- The language of a text by its letters, and for Latin letters by its words. `expected` begins with `prior` words for it.
-- Null where next to nothing speaks for a language.
CREATE FUNCTION search_detect(words text, expected text, prior real) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  sample CONSTANT text := search_clean(left($1, 4000));
  found text;
BEGIN
  IF octet_length(sample) > length(sample) AND sample ~ '[^\u0001-\u024F\u1E00-\u1EFF]' THEN
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
  RETURN (SELECT language FROM (
      SELECT language, weight FROM language_word
      WHERE word = ANY (string_to_array(sample, ' ') || string_to_array(regexp_replace(sample, '[a-z0-9 ]+', '', 'g'), NULL))
      UNION ALL SELECT expected, prior WHERE expected IS NOT NULL) known
    GROUP BY language HAVING sum(weight) >= 0.3 ORDER BY sum(weight) DESC, language LIMIT 1);
END $$;
