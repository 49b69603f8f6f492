import pg from 'pg';
import type { Context, Statement } from '../../schema/content/context.ts';
import { search } from '../../schema/content/search/search.ts';
import { ALL_FIELDS } from '../../schema/content/selection.ts';
import { openDatabase } from './database.ts';
import { whileOpen } from './opening.ts';
import { describeMachine } from './setting.ts';
import { median, table } from './table.ts';

export interface SearchOptions {
  /** Measurements of each query; medians are shown. */
  rounds: number;
}

/** Rare and frequent words, several words, a phrase, a beginning, a mistake, and words that most texts have. */
const QUERIES: readonly [typed: string, baseline: string][] = [
  ['Topic 7', 'topic & 7'],
  ['kitchen', 'kitchen'],
  ['"garden river"', 'garden <-> river'],
  ['kitchen garden river market', 'kitchen & garden & river & market'],
  ['kitchen -world', 'kitchen & !world'],
  ['lang*', 'lang:*'],
  ['world OR station', 'world | station'],
  ['kitchn', 'kitchn'],
  ['the who', 'the & who'],
];

/** The baseline: articles alone, by their English words, as they were indexed before comments were found. */
const BASELINE = `
  CREATE SCHEMA IF NOT EXISTS bench;
  DROP TABLE IF EXISTS bench.article_words;
  CREATE TABLE bench.article_words AS SELECT id, status = 'PUBLISHED' AS visible,
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', excerpt), 'B')
      || setweight(to_tsvector('english', body_text), 'D') AS words FROM article;
  CREATE INDEX ON bench.article_words USING gin (words);
  VACUUM ANALYZE bench.article_words;`;

const BASELINE_PAGE = {
  name: 'baseline',
  text: `SELECT a.slug, a.title, ts_rank(d.words, q.query) AS rank,
      ts_headline('english', a.title || ' – ' || left(a.body_text, 50000), q.query, 'MinWords=12, MaxWords=32') AS headline
    FROM (SELECT d.id, d.words FROM bench.article_words d, to_tsquery('english', $1) query
      WHERE d.words @@ query AND d.visible ORDER BY ts_rank(d.words, query) DESC, d.id DESC LIMIT 21) d
    JOIN article a USING (id), to_tsquery('english', $1) AS q(query) ORDER BY rank DESC`,
};

/** Measures the first page of searches of everything beside one of articles alone, in turns, and prints a table. */
export async function measureSearch({ rounds }: SearchOptions): Promise<void> {
  await whileOpen(async (opening) => {
    const { url } = await opening(openDatabase(console.log));
    const client = new pg.Client({
      connectionString: url,
      options: '-c plan_cache_mode=force_generic_plan -c jit=off',
    });
    await client.connect();
    await opening({ stop: () => client.end() });
    for (const statement of BASELINE.split(';')) if (statement.trim()) await client.query(statement);
    console.log(`${await describeMachine(client)} Medians of ${rounds} rounds.\n`);

    const rows: string[][] = [];
    for (const [query, baseline] of QUERIES) {
      const times: Record<'before' | 'after' | 'count', number[]> = { before: [], after: [], count: [] };
      let found = 0;
      let isComparable = false;
      for (let round = -1; round < rounds; round += 1) {
        const before = await timed(() => client.query({ ...BASELINE_PAGE, values: [baseline] }));
        const page = await timed(() => search(contextOf(client), { query }, ALL_FIELDS));
        const count = await timed(async () => page.result.totalCount());
        found = count.result;
        isComparable = before.result.rows.length > 0;
        // The first round fills caches.
        if (round < 0) continue;
        times.before.push(before.milliseconds);
        times.after.push(page.milliseconds);
        times.count.push(count.milliseconds);
      }
      const shown = (values: number[]): string => median(values).toFixed(1);
      const factor = isComparable ? (median(times.after) / median(times.before)).toFixed(1) : '';
      rows.push([query, String(found), shown(times.before), shown(times.after), factor, shown(times.count)]);
    }
    const header = ['Query', 'Hits', 'Articles alone, ms', 'Everything, ms', 'Factor', 'totalCount, ms'];
    console.log(table(header, rows));
  });
}

/** As much of a context as a search needs. */
function contextOf(client: pg.Client): Context {
  const query = async ({ name, text, values }: Statement) =>
    (await client.query({ ...(name ? { name } : {}), text, values: values as unknown[], rowMode: 'array' })).rows;
  return { viewer: null, loaders: new Map(), db: { query } } as unknown as Context;
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; milliseconds: number }> {
  const start = performance.now();
  const result = await work();
  return { result, milliseconds: performance.now() - start };
}
