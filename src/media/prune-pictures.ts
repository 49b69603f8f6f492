import type { Job, Queryable } from '../../schema/content/context.ts';
import { PICTURE_NAME } from '../../schema/content/picture/picture-name.ts';
import { queryRow } from '../../schema/content/query.ts';
import type { Pictures } from './pictures.ts';

/** SQL: how often all texts are searched for the names of pictures. */
const EVERY = "interval '1 day'";

/** Texts that are searched by one statement. An article may have 4 million characters, and commonly has some thousands. */
const TEXTS = 100;

/** Pictures that one transaction removes, each with up to six narrower forms. */
const REMOVED_AT_ONCE = 10;

/** Where pictures are shown: a table, the columns of its key, and SQL of the text. */
const SHOWN_IN = [
  { table: 'article', key: ['id'], text: `concat_ws(' ', cover_url, body_source)` },
  { table: 'article_revision', key: ['article_id', 'version'], text: 'body_source' },
  { table: 'author', key: ['id'], text: `concat_ws(' ', avatar_url, bio_source)` },
];

/** SQL: nothing that was saved since the texts began to be searched shows it. A saved revision is that of its article. */
const SHOWN_SINCE = SHOWN_IN.filter(({ table }) => table !== 'article_revision')
  .map(
    ({ table, text }) => `AND NOT EXISTS (
      SELECT FROM ${table} saved WHERE saved.updated_at >= $2::timestamptz AND strpos(${text}, picture.name) > 0)`,
  )
  .join(' ');

/** SQL: since when what was saved has not been searched, if the search begins now. A save that began before may still be running. */
const BEGUN = "(clock_timestamp() - interval '1 minute')::text";

/** SQL: a moment has come; the first gateway that claims it does the work of the day. */
const CLAIM = `WITH claimed AS (
    UPDATE picture SET checked_at = now() WHERE checked_at <= now() - ${EVERY} RETURNING 1
  ) SELECT count(*)::int, ${BEGUN} FROM claimed`;

/** When the pictures are to be looked for next; never while there are none. */
export const PICTURES_DUE = `SELECT checked_at + ${EVERY} FROM picture ORDER BY checked_at LIMIT 1`;

/**
 * Removes pictures that nothing shows, some time after they were found to be unused: no article, no former revision of one, no
 * profile.
 * @param kept milliseconds
 */
export function prunePictures(pictures: Pictures, kept: number): Job {
  return {
    name: 'prune-pictures',
    due: { sql: PICTURES_DUE },
    async step(context) {
      const [claimed, begun] = await queryRow<[number, string]>(context.db, { text: CLAIM, values: [] });
      if (claimed === 0) return false;
      await prune({ ...context, pictures, kept, begun });
      return false;
    },
  };
}

/** @returns what was removed */
export async function prunePicturesNow(options: Omit<PruneOptions, 'begun'>): Promise<Pruned[]> {
  const [begun] = await queryRow<[string]>(options.db, { text: `SELECT ${BEGUN}`, values: [] });
  return prune({ ...options, begun });
}

interface PruneOptions {
  db: Queryable;
  change<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  pictures: Pictures;
  kept: number;
  /** When the search began. The search may have missed texts that authors saved since then. */
  begun: string;
  signal?: AbortSignal;
}

interface Pruned {
  description: string;
  count: number;
}

async function prune(options: PruneOptions): Promise<Pruned[]> {
  const { db, pictures, signal } = options;
  await markUnused(db, await namesInTexts(db));
  let count = 0;
  for (let removed = REMOVED_AT_ONCE; removed === REMOVED_AT_ONCE && !signal?.aborted; count += removed)
    removed = await removeSome(options);
  const stale = await pictures.store.removeStale();
  return [
    { description: 'pictures that nothing shows', count },
    { description: 'files of pictures that were not complete', count: stale },
  ];
}

/** All names of pictures in texts that may be shown again. */
async function namesInTexts(db: Queryable): Promise<Set<string>> {
  const names = new Set<string>();
  for (const { table, key, text } of SHOWN_IN) {
    const columns = key.join(', ');
    const values = key.map((_, index) => `$${index + 2}::int`).join(', ');
    let last: number[] | null = key.map(() => -1);
    while (last !== null) {
      const row: [number[] | null, string[]] = await queryRow(db, {
        name: `pictures-in-${table}`,
        text: `WITH part AS (
            SELECT ${columns}, ${text} AS text FROM ${table} WHERE (${columns}) > (${values}) ORDER BY ${columns} LIMIT ${TEXTS}
          ) SELECT (SELECT ARRAY[${columns}] FROM part ORDER BY ${key.map((column) => `${column} DESC`).join(', ')} LIMIT 1),
            ARRAY(SELECT DISTINCT (regexp_matches(text, $1, 'g'))[1] FROM part)`,
        values: [`(${PICTURE_NAME})`, ...last],
      });
      last = row[0];
      for (const name of row[1]) names.add(name);
    }
  }
  return names;
}

async function markUnused(db: Queryable, used: ReadonlySet<string>): Promise<void> {
  await db.query({
    text: `UPDATE picture SET unused_since = CASE WHEN name = ANY ($1) THEN NULL ELSE now() END
      WHERE (unused_since IS NULL) <> (name = ANY ($1))`,
    values: [[...used]],
  });
}

/** @returns how many were removed. The rows are locked meanwhile, so who takes the same picture again waits and keeps it. */
async function removeSome({ change, pictures, kept, begun }: PruneOptions): Promise<number> {
  return change(async (tx) => {
    // A bucket may take longer than a transaction may wait.
    await tx.query({ text: 'SET LOCAL idle_in_transaction_session_timeout = 0', values: [] });
    const rows = await tx.query<[name: string]>({
      text: `SELECT picture.name FROM picture
        WHERE unused_since <= now() - $1 * interval '1 ms' ${SHOWN_SINCE}
        ORDER BY unused_since LIMIT ${REMOVED_AT_ONCE} FOR UPDATE SKIP LOCKED`,
      values: [kept, begun],
    });
    const names = rows.map(([name]) => name);
    for (const name of names) await pictures.remove(name);
    if (names.length > 0) await tx.query({ text: 'DELETE FROM picture WHERE name = ANY ($1)', values: [names] });
    return names.length;
  });
}
