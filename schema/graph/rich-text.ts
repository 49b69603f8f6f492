import { type TextFormat, toMarkdown } from '../content/text/render.ts';
import { builder } from './builder.ts';

/** The columns of one text. A list's row has those of them that the query needs. */
export interface TextColumns {
  source: string | undefined;
  format: TextFormat | undefined;
  html: string | undefined;
  text: string | undefined;
}

export interface RichTextRow extends TextColumns {
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
export function bodyOf(row: BodyColumns, load: (() => Promise<BodyColumns>) | null): RichTextRow {
  return {
    source: row.bodySource,
    format: row.bodyFormat,
    html: row.bodyHtml,
    text: row.bodyText,
    load: load && (async () => bodyOf(await load(), null)),
  };
}

/** Gives a column of a text, without a promise where the row has it. */
function column<Key extends keyof TextColumns>(key: Key) {
  return (row: RichTextRow) => row[key] ?? loadColumn(row, key);
}

async function loadColumn<Key extends keyof TextColumns>(row: RichTextRow, key: Key) {
  const value = (await row.load?.())?.[key];
  if (value === undefined) throw new Error(`The column "${key}" of a text was not read.`);
  return value;
}

const [source, format, html, text] = [column('source'), column('format'), column('html'), column('text')];

export const RichText = builder.objectRef<RichTextRow>('RichText').implement({
  description: 'A text as Markdown, as HTML and as plain text.',
  fields: (t) => ({
    markdown: t.string({
      description: 'As Markdown: as it was written, or converted when it was written in HTML.',
      resolve: async (row) => toMarkdown(await source(row), await format(row)),
    }),
    html: t.string({
      description: 'As HTML, sanitised with an allow-list: it is safe to insert it into a page.',
      resolve: html,
    }),
    text: t.string({
      description: 'As plain text, for previews, notifications and reading aloud.',
      resolve: text,
    }),
  }),
});
