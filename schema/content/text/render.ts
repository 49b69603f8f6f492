import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import type { TextFormat } from '../../../prisma/client/enums.ts';
import { addAnchors } from './anchors.ts';
import { boundAutolinks } from './autolinks.ts';
import { closeBidiMarks } from './bidi.ts';
import { footnotes } from './footnotes.ts';
import { plainText } from './plain-text.ts';
import { sanitizeHtml, type TextPlace } from './sanitize.ts';
import { taskLists } from './task-lists.ts';
import { imagesAsLinks, withoutHtmlComments } from './visitor-markdown.ts';

/**
 * The version of the rules by which a source becomes HTML and text. Each stored rendering has the version that made it:
 * increase it with each change of the rules, and tell operators to run `rerender`.
 */
export const RENDERING_VERSION = 5;

type Token = ReturnType<MarkdownIt['parse']>[number];

const articleMarkdown = parser({ html: true }).use(footnotes).use(taskLists);
// For visitors: HTML is shown as text, there are no tables, footnotes and task lists, and each line break is kept.
const visitorMarkdown = parser({ html: false, breaks: true })
  .use(imagesAsLinks)
  .use(withoutHtmlComments)
  .disable('table');

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
  // The rules of CommonMark take punctuation for the end of a word, but Chinese and Japanese have no space beside it.
  md.use(cjkFriendly);
  // The parser aligns cells by an inline style, which the sanitizer removes.
  md.core.ruler.push('cell_alignment_by_class', (state) => {
    for (const token of state.tokens) {
      const align = /^text-align:(\w+)$/.exec(String(token.attrGet('style')))?.[1];
      if (align) token.attrs = [['class', `has-text-align-${align}`]];
    }
  });
  // The library loses escaped characters and code in the alternative text of pictures.
  md.core.ruler.push('whole_alternative_text', (state) => {
    for (const { children } of state.tokens) for (const child of children ?? []) joinAlternativeText(child);
  });
  return md;
}

function joinAlternativeText(token: Token): void {
  if (token.type !== 'image') return;
  for (const child of token.children ?? []) {
    if (child.type === 'text_special' || child.type === 'code_inline') child.type = 'text';
    joinAlternativeText(child);
  }
}

/**
 * Renders a source as HTML and as plain text, once when it is saved. The HTML is safe to insert into a page, by itself or
 * completed for it (complete-html.ts). It never throws.
 */
export function renderText(source: string, format: TextFormat, place: TextPlace): { html: string; text: string } {
  const safe = sanitizeHtml(format === 'HTML' ? source : markdown[place].render(source), place).trim();
  const html = place === 'article' ? addAnchors(safe) : closeBidiMarks(safe);
  return { html, text: plainText(html) };
}
