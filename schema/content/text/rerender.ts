import type { TextFormat } from '../../../prisma/client/enums.ts';
import type { Queryable } from '../context.ts';
import { TextTooComplexError } from '../errors.ts';
import { queryRow } from '../query.ts';
import type { ConvertText } from './conversions.ts';
import { excerptOf } from './excerpt.ts';
import { RENDERING_VERSION } from './render.ts';
import type { RenderedArticle } from './renderings.ts';
import { STORED_TEXTS, type StoredTexts } from './stored-texts.ts';

/** Texts that are read together. An article may have 500 kB. */
const BATCH = 20;

interface RerenderOptions {
  db: Queryable;
  convertText: ConvertText;
  /** Ends it after the present batch. */
  signal: AbortSignal;
  /** Called with the number of texts so far. */
  onRendered?: (rendered: number) => void;
}

export interface Rerendered {
  /** Texts that have new HTML. */
  rendered: number;
  /** Texts that are too complex for the present rules, such as `comment 7`. They keep their HTML. */
  failed: string[];
}

/**
 * Renders the texts again whose HTML and plain text were made by other rules. Gateways may run and write meanwhile: each
 * text is one statement, which changes nothing when the source has changed, and never holds two locks. Versions, dates and
 * logs stay as they are. Each row has the version of its rules, so a later call continues where this one ends.
 */
export async function rerender(options: RerenderOptions): Promise<Rerendered> {
  const total: Rerendered = { rendered: 0, failed: [] };
  for (const texts of STORED_TEXTS) {
    const failed = new Set<number>();
    // Texts that were written during a pass, by a gateway with older rules, are found by the next one.
    while (await renderPass(texts, options, { total, failed }));
    total.failed.push(...Array.from(failed, (id) => `${texts.table} ${id}`));
  }
  return total;
}

type TextRow = [id: number, source: string, format: TextFormat, excerpt: string | null, text: string];

/** Renders all texts of a table. @returns whether it found any, and so another pass may find more */
async function renderPass(
  texts: StoredTexts,
  options: RerenderOptions,
  { total, failed }: { total: Rerendered; failed: Set<number> },
): Promise<boolean> {
  let found = false;
  for (let last = 0; !options.signal.aborted; ) {
    const rows = await readBatch(options.db, texts, last);
    if (rows.length === 0) return found;
    last = rows.at(-1)![0];
    await Promise.all(
      rows.map(async (row) => {
        if (failed.has(row[0])) return;
        found = true;
        if (await renderRow(texts, options, row)) total.rendered += 1;
        else failed.add(row[0]);
      }),
    );
    options.onRendered?.(total.rendered);
  }
  return false;
}

/** The number of texts whose HTML was made by other rules. */
export async function countStale(db: Queryable): Promise<number> {
  const counts = STORED_TEXTS.map(
    ({ table, column, version }) =>
      `(SELECT count(*) FROM ${table} WHERE ${version} <> ${RENDERING_VERSION} AND ${column}_source IS NOT NULL)`,
  );
  const [count] = await queryRow<[number]>(db, { text: `SELECT (${counts.join(' + ')})::float8`, values: [] });
  return count;
}

function readBatch(db: Queryable, { table, key, column, version }: StoredTexts, after: number): Promise<TextRow[]> {
  const excerpt = table === 'article' ? 'excerpt' : 'NULL';
  return db.query<TextRow>({
    text: `SELECT ${key}, ${column}_source, ${column}_format, ${excerpt}, ${column}_text FROM ${table}
      WHERE ${version} <> $1 AND ${column}_source IS NOT NULL AND ${key} > $2 ORDER BY ${key} LIMIT ${BATCH}`,
    values: [RENDERING_VERSION, after],
  });
}

/** Texts that the present rules claim to have made, and that are not what these rules make of their sources. */
export interface WrongRenderings {
  table: StoredTexts['table'];
  count: number;
}

/** Compares the stored HTML and plain text with newly rendered ones. Each row is read at one time, so writers may run. */
export async function checkRenderings(
  { db, convertText }: Pick<RerenderOptions, 'db' | 'convertText'>,
  { repair, signal }: { repair: boolean; signal?: AbortSignal | undefined },
): Promise<WrongRenderings[]> {
  const found: WrongRenderings[] = [];
  for (const texts of STORED_TEXTS) {
    const wrong = { table: texts.table, count: 0 };
    for (let last = 0; ; ) {
      signal?.throwIfAborted();
      const rows = await readRendered(db, texts, last);
      if (rows.length === 0) break;
      last = rows.at(-1)![0];
      await Promise.all(
        rows.map(async ([id, source, format, excerpt, text, html, minutes]) => {
          const rendered = await renderIfPossible(convertText, texts.conversion[format], source);
          const isSame = rendered?.html === html && rendered.text === text;
          const hasMinutes = minutes === null || (rendered as RenderedArticle | null)?.readingMinutes === minutes;
          if (rendered === null || (isSame && hasMinutes)) return;
          wrong.count += 1;
          if (repair) await renderRow(texts, { db, convertText }, [id, source, format, excerpt, text]);
        }),
      );
    }
    if (wrong.count > 0) found.push(wrong);
  }
  return found;
}

type RenderedRow = [...TextRow, html: string, minutes: number | null];

function readRendered(db: Queryable, texts: StoredTexts, after: number): Promise<RenderedRow[]> {
  const { table, key, column, version } = texts;
  const [excerpt, minutes] = table === 'article' ? ['excerpt', 'reading_minutes'] : ['NULL', 'NULL::int'];
  return db.query<RenderedRow>({
    text: `SELECT ${key}, ${column}_source, ${column}_format, ${excerpt}, ${column}_text, ${column}_html, ${minutes} FROM ${table}
      WHERE ${version} = $1 AND ${column}_source IS NOT NULL AND ${key} > $2 ORDER BY ${key} LIMIT ${BATCH}`,
    values: [RENDERING_VERSION, after],
  });
}

async function renderIfPossible(convertText: ConvertText, name: StoredTexts['conversion']['HTML'], source: string) {
  try {
    return await convertText(name, source);
  } catch (error) {
    if (error instanceof TextTooComplexError) return null;
    throw error;
  }
}

/** @returns whether it could be rendered */
async function renderRow(
  texts: StoredTexts,
  { db, convertText }: Pick<RerenderOptions, 'db' | 'convertText'>,
  row: TextRow,
): Promise<boolean> {
  const [id, source, format, excerpt, text] = row;
  const { table, key, column, version, conversion } = texts;
  const rendered = await renderIfPossible(convertText, conversion[format], source);
  if (rendered === null) return false;
  const isArticle = table === 'article';
  const { readingMinutes, excerpt: derived } = rendered as RenderedArticle;
  await db.query({
    // An excerpt that was made of the text follows it.
    text: `UPDATE ${table} SET ${column}_html = $1, ${column}_text = $2, ${version} = $3
          ${isArticle ? ', reading_minutes = $7, excerpt = CASE WHEN excerpt = $8 THEN $9 ELSE excerpt END' : ''}
        WHERE ${key} = $4 AND ${column}_source = $5 AND ${column}_format = $6::"TextFormat"`,
    values: [
      ...[rendered.html, rendered.text, RENDERING_VERSION, id, source, format],
      ...(isArticle ? [readingMinutes, excerpt === excerptOf(text) ? excerpt : null, derived] : []),
    ],
  });
  return true;
}
