import { toHtmlBlock, toMarkdown } from './markdown.ts';
import { renderings } from './renderings.ts';

/** The conversions of a text that take long for a long text. Each is a function of the text alone, so it can run in any thread. */
export const conversions = {
  ...renderings,
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
