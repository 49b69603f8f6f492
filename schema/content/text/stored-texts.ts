// Where rendered texts are stored.
import type { TextFormat } from '../../../prisma/client/enums.ts';
import type { Conversion } from './conversions.ts';

export interface StoredTexts {
  table: 'article' | 'comment' | 'comment_version' | 'comment_held_edit' | 'author';
  /** The column that identifies a row. */
  key: 'id' | 'comment_id';
  /** The columns begin with it: source, format, html and text. */
  column: 'body' | 'bio';
  /** The column with the version of the rules that made HTML and text. */
  version: 'rendering' | 'bio_rendering';
  /** How each format is rendered. */
  conversion: Record<TextFormat, Conversion & `${'article' | 'comment' | 'bio'}${'' | 'Html'}`>;
}

const COMMENT = { MARKDOWN: 'comment', HTML: 'commentHtml' } as const;

export const STORED_TEXTS: readonly StoredTexts[] = [
  {
    ...{ table: 'article', key: 'id', column: 'body', version: 'rendering' },
    conversion: { MARKDOWN: 'article', HTML: 'articleHtml' },
  },
  {
    table: 'author',
    key: 'id',
    column: 'bio',
    version: 'bio_rendering',
    conversion: { MARKDOWN: 'bio', HTML: 'bioHtml' },
  },
  { table: 'comment', key: 'id', column: 'body', version: 'rendering', conversion: COMMENT },
  { table: 'comment_version', key: 'id', column: 'body', version: 'rendering', conversion: COMMENT },
  { table: 'comment_held_edit', key: 'comment_id', column: 'body', version: 'rendering', conversion: COMMENT },
];
