import type { TextFormat } from '../../../prisma/client/enums.ts';
import type { Context } from '../context.ts';
import { TextTooComplexError } from '../errors.ts';
import { completeHtml } from './complete-html.ts';

/** The columns of one text. A list's row has those of them that the query needs. */
export interface TextColumns {
  source: string | undefined;
  format: TextFormat | undefined;
  html: string | undefined;
  text: string | undefined;
}

export interface RichTextRow extends TextColumns {
  /** Begins the ids in its HTML, so that texts on one page have different ones; null for a text without ids. */
  idPrefix: string | null;
  /** Reads all four columns. Null for a row that has them. */
  load: (() => Promise<TextColumns>) | null;
}

interface BodyColumns {
  bodySource?: string;
  bodyFormat?: TextFormat;
  bodyHtml?: string;
  bodyText?: string;
}

/** @param load reads the row again with all its columns; null for a row that has them */
export function bodyOf(
  row: BodyColumns,
  load: (() => Promise<BodyColumns>) | null,
  idPrefix: string | null = null,
): RichTextRow {
  return {
    idPrefix,
    source: row.bodySource,
    format: row.bodyFormat,
    html: row.bodyHtml,
    text: row.bodyText,
    load: load && (async () => bodyOf(await load(), null)),
  };
}

/** Reads one column of a text, without a promise where the row has it. */
function column<Key extends keyof TextColumns>(key: Key) {
  return (row: RichTextRow) => row[key] ?? loadColumn(row, key);
}

async function loadColumn<Key extends keyof TextColumns>(row: RichTextRow, key: Key) {
  const value = (await row.load?.())?.[key];
  if (value === undefined) throw new Error(`The column "${key}" of a text was not read.`);
  return value;
}

const sourceOf = column('source');
const formatOf = column('format');

const storedHtmlOf = column('html');

/** Sanitised HTML, safe to insert into any page. */
export function htmlOf(row: RichTextRow, { settings: { publicUrl, mediaUrl } }: Context): string | Promise<string> {
  const html = storedHtmlOf(row);
  const place = { idPrefix: row.idPrefix, publicUrl, mediaUrl };
  return typeof html === 'string' ? completeHtml(html, place) : html.then((stored) => completeHtml(stored, place));
}

export const plainTextOf = column('text');

/** Markdown as it was written, or converted when the text was written in HTML. @throws RateLimitedError */
export function markdownOf(row: RichTextRow, context: Context): string | Promise<string> {
  const source = sourceOf(row);
  const format = formatOf(row);
  return typeof source === 'string' && typeof format === 'string'
    ? markdownOfSource(source, format, context)
    : Promise.all([source, format]).then(([loaded, loadedFormat]) => markdownOfSource(loaded, loadedFormat, context));
}

/** The Markdown of a source: as it was written, or converted from HTML. @throws RateLimitedError */
export function markdownOfSource(
  source: string,
  format: TextFormat,
  { convertText }: Pick<Context, 'convertText'>,
): string | Promise<string> {
  if (format === 'MARKDOWN') return source;
  const converted = convertText('markdown', source);
  if (typeof converted === 'string') return converted;
  return converted.catch((error) => {
    // Markdown accepts HTML.
    if (error instanceof TextTooComplexError) return convertText('htmlBlock', source);
    throw error;
  });
}
