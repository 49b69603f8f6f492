import { InvalidInputError } from '../errors.ts';
import { closeBidiMarks } from '../text/bidi.ts';
import { checkText } from '../text/input-text.ts';
import { renderText } from '../text/render.ts';
import { isBlank } from '../text/text-rules.ts';

/** Longest body of a comment, in characters as readers count them (graphemes). */
const MAX_BODY = 10_000;
/** Longest reason of a report or of a moderator's decision, in characters. */
const MAX_REASON = 500;

/** @throws InvalidInputError */
export function checkBody(body: string): string {
  return checkText(body, ['input', 'body'], MAX_BODY);
}

/** @throws InvalidInputError */
export function checkReason(reason: string): string {
  return closeBidiMarks(checkText(reason, ['input', 'reason'], MAX_REASON));
}

/** Both renderings of a body. @throws InvalidInputError when they show nothing, as of `&nbsp;` or `[](http://a.example)` */
export function renderBody(body: string): { html: string; text: string } {
  const rendered = renderText(body, 'MARKDOWN', 'comment');
  if (isBlank(rendered.text))
    throw new InvalidInputError('`body` must show some text; nothing of this would be visible.', ['input', 'body']);
  return rendered;
}
