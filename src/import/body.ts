// From what WordPress stores to the HTML it would show.
import { paragraphs } from './paragraphs.ts';
import { playerOf } from './players.ts';
import { type BodyNote, type Replaced, replaceShortcodes } from './shortcodes.ts';

/** A post's stored body as HTML: no block markers, no shortcodes, paragraphs where the classic editor left lines. */
export function articleBody(stored: string): Replaced {
  const { html: uncommented, hasBlocks, notes } = withoutComments(stored.replace(/\r\n?/g, '\n'));
  const replaced = replaceShortcodes(uncommented);
  const played = outsideVerbatim(replaced.html, (html) =>
    html.replace(/^[ \t]*(https?:\/\/[^\s<>"[\]]+)[ \t]*$/gim, (_, url: string) => playerOf(url)),
  );
  const html = (hasBlocks ? played.replace(/\n{3,}/g, '\n\n') : paragraphs(played)).trim();
  return { html, notes: [...notes, ...replaced.notes] };
}

/** A comment's stored text as HTML. */
export function commentBody(stored: string): string {
  return paragraphs(stored).trim();
}

/** Takes out block markers, `<!--more-->`, `<!--nextpage-->` and other comments. */
function withoutComments(source: string): { html: string; hasBlocks: boolean; notes: BodyNote[] } {
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
      notes.push({ reason: 'blocks that WordPress fills when they are shown were left out', detail: block });
    }
    out.push(source.slice(from, start));
    from = end + '-->'.length;
  }
  out.push(source.slice(from));
  return { html: out.join(''), hasBlocks, notes };
}

const VERBATIM = ['pre', 'code', 'script', 'style', 'textarea'];

/** Changes what is not code. An element that is not closed reaches to the end. */
function outsideVerbatim(html: string, change: (part: string) => string): string {
  const out: string[] = [];
  const opening = new RegExp(`<(${VERBATIM.join('|')})\\b`, 'gi');
  let from = 0;
  for (let match = opening.exec(html); match; match = opening.exec(html)) {
    const closing = new RegExp(`</${match[1]}\\s*>`, 'gi');
    closing.lastIndex = match.index;
    const end = closing.exec(html) ? closing.lastIndex : html.length;
    out.push(change(html.slice(from, match.index)), html.slice(match.index, end));
    from = end;
    opening.lastIndex = end;
  }
  out.push(change(html.slice(from)));
  return out.join('');
}
