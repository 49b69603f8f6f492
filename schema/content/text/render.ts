import MarkdownIt from 'markdown-it';
import type { TextFormat } from '../../../prisma/client/enums.ts';
import { boundAutolinks } from './autolinks.ts';
import { closeBidiMarks } from './bidi.ts';
import { plainText } from './plain-text.ts';
import { sanitizeHtml, type TextPlace } from './sanitize.ts';

const articleMarkdown = parser({ html: true });
// For visitors: HTML is shown as text, tables and images are not allowed, and each line break is kept.
const visitorMarkdown = parser({ html: false, breaks: true }).disable(['image', 'table']);

const markdown: Record<TextPlace, MarkdownIt> = {
  article: articleMarkdown,
  comment: visitorMarkdown,
  bio: visitorMarkdown,
};

function parser(settings: { html: boolean; breaks?: boolean }): MarkdownIt {
  const md = new MarkdownIt({ ...settings, linkify: true });
  // Only addresses with a scheme become links: without one, `readme.md` and `main.rs` look like web sites.
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  boundAutolinks(md);
  // The parser aligns cells by an inline style, which the sanitizer removes.
  md.core.ruler.push('cell_alignment_by_class', (state) => {
    for (const token of state.tokens) {
      const align = /^text-align:(\w+)$/.exec(String(token.attrGet('style')))?.[1];
      if (align) token.attrs = [['class', `has-text-align-${align}`]];
    }
  });
  return md;
}

/**
 * Renders a source as HTML and as plain text, once when it is saved. The HTML is safe to insert into a page. It never
 * throws.
 */
export function renderText(source: string, format: TextFormat, place: TextPlace): { html: string; text: string } {
  const safe = sanitizeHtml(format === 'HTML' ? source : markdown[place].render(source), place).trim();
  const html = place === 'article' ? safe : closeBidiMarks(safe);
  return { html, text: plainText(html) };
}
