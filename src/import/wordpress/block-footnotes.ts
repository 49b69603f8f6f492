/** Footnotes of one body. */
const MAX_NOTES = 2_000;

interface Note {
  id: string;
  content: string;
}

/**
 * The footnotes of the block editor, which it keeps in a custom field, as the section that Markdown footnotes become. Empty
 * for a field without any.
 */
export function footnotesHtml(field: string | undefined): string {
  const notes = readNotes(field);
  if (notes.length === 0) return '';
  const items = notes.map(
    ({ id, content }) => `<li id="${id}">${content} <a class="footnote-backref" href="#${id}-link">↩</a></li>`,
  );
  return `<section class="footnotes"><ol>${items.join('\n')}</ol></section>`;
}

function readNotes(field: string | undefined): Note[] {
  if (!field) return [];
  try {
    const parsed: unknown = JSON.parse(field);
    return Array.isArray(parsed) ? parsed.filter(isNote).slice(0, MAX_NOTES) : [];
  } catch {
    return [];
  }
}

function isNote(value: unknown): value is Note {
  const { id, content } = (value ?? {}) as Partial<Record<keyof Note, unknown>>;
  return typeof id === 'string' && /^[\w-]{1,100}$/.test(id) && typeof content === 'string';
}
