import type { AuthorRow } from '../row-types.ts';
import type { RichTextRow, TextColumns } from '../text/rich-text.ts';

/**
 * An author's bio, null for an author without one.
 * @param load reads the author again with all columns
 */
export function bioOf(
  author: AuthorRow,
  load: () => Promise<AuthorRow>,
): RichTextRow | null | Promise<RichTextRow | null> {
  const isRead = [author.bioSource, author.bioHtml, author.bioText].some((column) => column !== undefined);
  return isRead ? richTextOf(author, load) : load().then((loaded) => richTextOf(loaded, load));
}

function richTextOf(author: AuthorRow, load: () => Promise<AuthorRow>): RichTextRow | null {
  const isNull = author.bioSource === null || author.bioHtml === null || author.bioText === null;
  return isNull ? null : { ...bioColumns(author), idPrefix: null, load: () => load().then(bioColumns) };
}

/** An author without a bio has null in all of its columns. */
function bioColumns({ bioSource, bioFormat, bioHtml, bioText }: AuthorRow): TextColumns {
  return {
    source: bioSource ?? undefined,
    format: bioFormat,
    html: bioHtml ?? undefined,
    text: bioText ?? undefined,
  };
}
