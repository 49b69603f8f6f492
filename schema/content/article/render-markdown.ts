import type { Context } from '../context.ts';
import { InvalidInputError, TextTooComplexError } from '../errors.ts';
import type { RenderedArticle } from '../text/renderings.ts';

/** Renders an article's Markdown. @throws InvalidInputError, RateLimitedError */
export async function renderMarkdown(context: Context, markdown: string): Promise<RenderedArticle> {
  try {
    return await context.convertText('article', markdown);
  } catch (error) {
    if (!(error instanceof TextTooComplexError)) throw error;
    throw new InvalidInputError('`markdown` is too complex to render: it takes too long, or the result is too large.', [
      'input',
      'markdown',
    ]);
  }
}
