import type { TextFormat } from '../../../prisma/client/enums.ts';
import { excerptOf, readingMinutes } from './excerpt.ts';
import { toHtmlBlock, toMarkdown } from './markdown.ts';
import { renderText } from './render.ts';

export interface RenderedText {
  /** Sanitised: safe to insert into a page. */
  html: string;
  text: string;
}

export interface RenderedArticle extends RenderedText {
  excerpt: string;
  /** At least 1. */
  readingMinutes: number;
}

function renderArticle(source: string, format: TextFormat): RenderedArticle {
  const { html, text } = renderText(source, format, 'article');
  return { html, text, excerpt: excerptOf(text), readingMinutes: readingMinutes(text) };
}

/** The conversions of a text that take long for a long text. Each is a function of the text alone, so it can run in any thread. */
export const conversions = {
  /** From an article's Markdown. */
  article: (markdown: string): RenderedArticle => renderArticle(markdown, 'MARKDOWN'),
  /** From a comment's Markdown. */
  comment: (markdown: string): RenderedText => renderText(markdown, 'MARKDOWN', 'comment'),
  /** From an author's Markdown. */
  bio: (markdown: string): RenderedText => renderText(markdown, 'MARKDOWN', 'bio'),
  /** From the HTML of an imported article, comment or bio. */
  articleHtml: (html: string): RenderedArticle => renderArticle(html, 'HTML'),
  commentHtml: (html: string): RenderedText => renderText(html, 'HTML', 'comment'),
  bioHtml: (html: string): RenderedText => renderText(html, 'HTML', 'bio'),
  /** From HTML to Markdown. */
  markdown: toMarkdown,
  /** From HTML to a block of HTML in Markdown. */
  htmlBlock: toHtmlBlock,
};

export type Conversion = keyof typeof conversions;
export type Converted<Name extends Conversion> = ReturnType<(typeof conversions)[Name]>;

/**
 * Converts a text: a short one at once, a long one in another thread. Do not call it in a transaction, which would hold its
 * locks meanwhile.
 * @throws TextTooComplexError when it takes too long or its result is too large; RateLimitedError when too many texts wait
 */
export type ConvertText = <Name extends Conversion>(
  name: Name,
  source: string,
) => Converted<Name> | Promise<Converted<Name>>;
