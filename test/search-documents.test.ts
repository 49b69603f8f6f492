import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import { expect, it } from 'vitest';
import { projectRoot } from '../src/root.ts';
import { createTestDatabase } from './database.ts';

/** The functions as they were when existing documents were computed. */
const FORMER = join(projectRoot, 'prisma/migrations/20261126155100_search_words/migration.sql');

const TEXTS = 150;
const SEED = 20_261_126;

/** Words of many languages and kinds of writing, and what separates them. */
const WORDS =
  `the and running gardens Häuser Straße STRASSEN régions canción niños İstanbul kitapları sjöar hvide ænder œuvre
  дома реки її ґанок ταξιδεύει كِتَاب בָּתִּים हिन्दी 東京 タワー ﾀﾜｰ ーー 한국어 你好世界 กรุงเทพ ｗｉｄｅ ﬁnal ﷺ x 42 3d v1 1e5 naïve Ine\u0301s
  soft\u00ADhyphen it's e-mail a_b http://a.example/b?c=d $5 50% 👩‍👩‍👧 \u200b ｡ der und nicht les est`.split(/\s+/);

/** More than the places of a document. */
const MANY_WORDS = Array.from({ length: 20_000 }, (_, n) => `w${n % 500} ö${n % 3}`).join(' ');

const word = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...WORDS) }, fc.string({ maxLength: 12 }));
const text = fc.oneof(
  fc.array(word, { maxLength: 40 }).map((words) => words.join(' ')),
  fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  // Beyond the number of places that a word has, and the longest word.
  fc.tuple(word, fc.integer({ min: 1, max: 400 })).map(([one, times]) => `${one} `.repeat(times)),
  fc.tuple(word, fc.integer({ min: 1, max: 600 })).map(([one, times]) => one.repeat(times)),
);

/** Letters of which PostgreSQL's own parser makes the document, in words of many languages and others, up to the longest text that it gets. */
const PLAIN_WORDS =
  `the and running gardens of der und die nicht les est dans pas och det inte ikke som jeg een het van que los para
  uma nao kitaptan yurdun arad kulag evlerimizden talossa autojen hazakban szerint orasului frumoase`.split(/\s+/);
const plainWord = fc.oneof(fc.constantFrom(...PLAIN_WORDS), fc.stringMatching(/^[a-z]{1,14}$/));
const plainText = fc.oneof(
  fc.array(plainWord, { minLength: 1, maxLength: 50 }).map((words) => words.join(' ')),
  fc.array(plainWord, { minLength: 1, maxLength: 20 }).map((words) => `${words.join(', ')}.`),
  fc.integer({ min: 250, max: 260 }).map((length) => 'w'.repeat(length)),
);

it('documents of texts in any writing are what they were before', async () => {
  const database = await createTestDatabase();
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await sql.query('CREATE SCHEMA former');
  await sql.query('SET search_path = former, public');
  await sql.query(await readFile(FORMER, 'utf8'));

  const texts = [...WORDS, MANY_WORDS, ...fc.sample(text, { numRuns: TEXTS, seed: SEED })]
    // PostgreSQL has neither in a text.
    .map((one) => one.replaceAll('\0', '').toWellFormed());
  const plainTexts = fc.sample(plainText, { numRuns: TEXTS, seed: SEED });
  async function computed(): Promise<unknown[]> {
    const { rows } = await sql.query(
      `SELECT text, language, search_words(text, language, 'D') AS words, search_detect(text, language, 1.5) AS detected
        FROM unnest($1::text[]) text, unnest($2::text[]) language
        UNION ALL SELECT text, language, search_words(text, language, 'B'), NULL
        FROM unnest($3::text[]) text, unnest(search_languages()) language`,
      [texts, ['en', 'de', 'tr', 'und'], plainTexts],
    );
    return rows;
  }
  const before = await computed();
  await sql.query('SET search_path = public');
  const after = await computed();
  expect(before).toHaveLength(4 * texts.length + 15 * plainTexts.length);
  expect(after.filter((row, n) => JSON.stringify(row) !== JSON.stringify(before[n])).slice(0, 3)).toEqual([]);
  await sql.end();
  await database.drop();
});
