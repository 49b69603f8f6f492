/**
 * `bench.dice(row, question, sides)`: a number from 0 to sides - 1 that looks random and is the same every time. The
 * question keeps two throws for one row apart. `bench.sentence` holds the words of everything, numbered from 0.
 */
export const CHANCE = `
  DROP SCHEMA IF EXISTS bench CASCADE;
  CREATE SCHEMA bench;

  CREATE FUNCTION bench.dice(row_number bigint, question int, sides int) RETURNS int
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (hashint8extended(row_number, question) & 2147483647)::int % sides;

  CREATE TABLE bench.sentence AS
  WITH vocabulary AS (
    SELECT string_to_array('the of and to in that is was for it with as his on be at by had not are but from or have an
      they which one you were her all she there would their we him been has when who will more no if out so said what up
      its about into than them can only other new some could time these two may then do first any my now such like our
      over man me even most made after also did many before must through back years where much your way well down should
      because each just those people how too little state good very make world still own see men work long get here
      between both life being under never day same another know while last might us great old year off come since
      against go came right used take three letter reader editor garden kitchen river market window winter morning bread
      paper train harbour library teacher question answer weather history machine language music recipe picture journey
      council election budget bridge station village mountain science language memory pattern signal station',
      ' ') AS all_words
  ), word AS (
    SELECT array_agg(trim(w, E' \\n')) AS words FROM vocabulary, unnest(all_words) w WHERE trim(w, E' \\n') <> ''
  )
  SELECT n, initcap(left(line, 1)) || substr(line, 2) || '.' AS text
    FROM generate_series(0, 1008) n
   CROSS JOIN word
   CROSS JOIN LATERAL (
     SELECT string_agg(words[1 + bench.dice(n * 100 + i, 1, cardinality(words))], ' ' ORDER BY i) AS line
       FROM generate_series(1, 18 + bench.dice(n, 2, 8)) i
   ) spoken;
  CREATE UNIQUE INDEX ON bench.sentence (n) INCLUDE (text);
  ANALYZE bench.sentence;
`;
