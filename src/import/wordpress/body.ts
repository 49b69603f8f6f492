import { embedHtml } from './embeds.ts';
import { addParagraphs } from './paragraphs.ts';
import { type BodyNote, type ConvertedBody, replaceShortcodes } from './shortcodes.ts';

/**
 * A post's stored body as the HTML that WordPress would render: without block markers, with shortcodes and URLs
 * converted, and with paragraphs where the classic editor has blank lines.
 */
export function articleBody(stored: string): ConvertedBody {
  const { html: withoutMarkers, hasBlocks, notes } = removeComments(stored.replace(/\r\n?/g, '\n'));
  const replaced = replaceShortcodes(withoutMarkers);
  const embedded = mapOutsideVerbatim(replaced.html, (html) =>
    html.replace(/^[ \t]*(https?:\/\/[^\s<>"[\]]+)[ \t]*$/gim, (_, url: string) => embedHtml(url)),
  );
  const html = (hasBlocks ? embedded.replace(/\n{3,}/g, '\n\n') : addParagraphs(embedded)).trim();
  return { html, notes: [...notes, ...replaced.notes] };
}

/** A comment's stored text as HTML. */
export function commentBody(stored: string): string {
  return addParagraphs(stored).trim();
}

/** Removes HTML comments: block markers, `<!--more-->`, `<!--nextpage-->` and others. */
function removeComments(source: string): { html: string; hasBlocks: boolean; notes: BodyNote[] } {
  const out: string[] = [];
  const notes: BodyNote[] = [];
  let hasBlocks = false;
  let from = 0;
  for (let start = source.indexOf('<!--'); start >= 0; start = source.indexOf('<!--', from)) {
    const end = source.indexOf('-->', start + '<!--'.length);
    if (end < 0) break;
    const comment = source.slice(start + '<!--'.length, end);
    const block = /^\s+wp:([a-z0-9/-]+)/.exec(comment)?.[1];
    hasBlocks ||= block !== undefined || /^\s+\/wp:/.test(comment);
    if (block && comment.endsWith('/')) {
      notes.push({
        reason: 'dynamic blocks were left out: WordPress generates their content for each page view',
        detail: block,
      });
    }
    out.push(source.slice(from, start));
    from = end + '-->'.length;
  }
  out.push(source.slice(from));
  return { html: out.join(''), hasBlocks, notes };
}

/** Elements whose text is not changed. */
const VERBATIM = ['pre', 'code', 'script', 'style', 'textarea'];

/** Maps the parts outside verbatim elements. A verbatim element that is not closed extends to the end. */
function mapOutsideVerbatim(html: string, map: (part: string) => string): string {
  const out: string[] = [];
  const opening = new RegExp(`<(${VERBATIM.join('|')})\\b`, 'gi');
  let from = 0;
  for (let match = opening.exec(html); match; match = opening.exec(html)) {
    const closing = new RegExp(`</${match[1]}\\s*>`, 'gi');
    closing.lastIndex = match.index;
    const end = closing.exec(html) ? closing.lastIndex : html.length;
    out.push(map(html.slice(from, match.index)), html.slice(match.index, end));
    from = end;
    opening.lastIndex = end;
  }
  out.push(map(html.slice(from)));
  return out.join('');
}
