import type { TextFormat } from '../../../prisma/client/enums.ts';
import { excerptOf, readingMinutes } from './excerpt.ts';
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

/** Functions that render a text when it is saved. */
export const renderings = {
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
};
