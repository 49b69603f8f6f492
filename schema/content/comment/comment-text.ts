import type { Context } from '../context.ts';
import { InvalidInputError, TextTooComplexError } from '../errors.ts';
import { closeBidiMarks } from '../text/bidi.ts';
import { checkText } from '../text/input-text.ts';
import type { RenderedText } from '../text/renderings.ts';
import { isBlank, storageFault } from '../text/text-rules.ts';

/** Longest body of a comment, in characters as readers count them (graphemes). */
const MAX_BODY = 10_000;
/** Longest reason of a report or of a moderator's decision, in characters. */
const MAX_REASON = 500;

const BODY = ['input', 'body'];

/** @throws InvalidInputError */
export function checkBody(body: string): string {
  return checkText(body, BODY, MAX_BODY);
}

/** @throws InvalidInputError */
export function checkReason(reason: string): string {
  return closeBidiMarks(checkText(reason, ['input', 'reason'], MAX_REASON));
}

/**
 * Both renderings of a body.
 * @throws InvalidInputError when they show nothing, as of `&nbsp;` or `[](http://a.example)`; RateLimitedError
 */
export async function renderBody(context: Pick<Context, 'convertText'>, body: string): Promise<RenderedText> {
  const rendered = await convert(context, body);
  if (isBlank(rendered.text)) throw new InvalidInputError('`body` is empty: nothing of this would be visible.', BODY);
  // Character references and removed Markdown can make stacks of marks that the source does not have.
  const fault = storageFault(rendered.text);
  if (fault) throw new InvalidInputError(`\`body\` ${fault}.`, BODY);
  return rendered;
}

async function convert(context: Pick<Context, 'convertText'>, body: string): Promise<RenderedText> {
  try {
    return await context.convertText('comment', body);
  } catch (error) {
    if (!(error instanceof TextTooComplexError)) throw error;
    throw new InvalidInputError(
      '`body` is too complex to render: it takes too long, or the result is too large.',
      BODY,
    );
  }
}
