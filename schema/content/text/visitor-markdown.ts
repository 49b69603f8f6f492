// Differences of the Markdown of visitors, in comments and bios, from that of articles.
import type MarkdownIt from 'markdown-it';

type Token = ReturnType<MarkdownIt['parse']>[number];
type TokenClass = new (type: string, tag: string, nesting: -1 | 0 | 1) => Token;

/** Images become links that show their alternative text. An image inside a link, or without that text, has no link. */
export function imagesAsLinks(md: MarkdownIt): void {
  md.core.ruler.push('images_as_links', ({ tokens, Token }) => {
    for (const token of tokens)
      if (token.children?.some(({ type }) => type === 'image')) {
        let links = 0;
        token.children = token.children.flatMap((child) => {
          if (child.type === 'link_open') links += 1;
          else if (child.type === 'link_close') links -= 1;
          return child.type === 'image' ? imageLink(child, { md, Token, isInLink: links > 0 }) : [child];
        });
      }
  });
}

function imageLink(
  image: Token,
  { md, Token, isInLink }: { md: MarkdownIt; Token: TokenClass; isInLink: boolean },
): Token[] {
  const text = new Token('text', '', 0);
  text.content = md.renderer.renderInlineAsText(image.children ?? [], md.options, {});
  if (isInLink || text.content.trim() === '') return [text];
  const open = new Token('link_open', 'a', 1);
  open.attrs = [['href', String(image.attrGet('src'))]];
  return [open, text, new Token('link_close', 'a', -1)];
}

/** HTML comments are not shown. Other HTML is shown as the text that it is. */
export function withoutHtmlComments(md: MarkdownIt): void {
  md.block.ruler.before('paragraph', 'html_comment', (state, line, endLine, silent) => {
    const start = state.bMarks[line]! + state.tShift[line]!;
    if (!state.src.startsWith('<!--', start)) return false;
    const end = endOfComment(state, start);
    if (end === -1 || !/^[ \t]*(?:\n|$)/.test(state.src.slice(end, end + MAX_SPACE))) return false;
    let last = line;
    while (last < endLine && state.eMarks[last]! < end) last += 1;
    // It ends outside the quote or the item of a list that it begins in.
    if (last === endLine) return false;
    if (!silent) state.line = last + 1;
    return true;
  });
  md.inline.ruler.before('text', 'html_comment', (state) => {
    if (!state.src.startsWith('<!--', state.pos)) return false;
    const end = endOfComment(state, state.pos);
    if (end === -1 || end > state.posMax) return false;
    state.pos = end;
    return true;
  });
}

/** Spaces behind a comment that are looked through. */
const MAX_SPACE = 100;

/** The last search in each text: it is not repeated for each of the comments that a text may open before the next end. */
const searches = new WeakMap<object, { start: number; end: number }>();

/** The position behind a comment; -1 for one that is not closed. */
function endOfComment(state: { src: string }, start: number): number {
  const last = searches.get(state);
  if (last && start >= last.start && (last.end === -1 || start < last.end - '<!-->'.length)) return last.end;
  // `<!-->` and `<!--->` are whole comments.
  const found = state.src.indexOf('-->', start + '<!'.length);
  const end = found === -1 ? -1 : found + '-->'.length;
  searches.set(state, { start, end });
  return end;
}
