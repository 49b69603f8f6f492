import { checkBody, renderBody } from '../comment/comment-text.ts';
import type { Context } from '../context.ts';
import { findForbiddenWord } from '../moderation/forbidden-words.ts';
import { holdReasons } from '../moderation/hold-rules.ts';
import { listForbiddenWords } from './forbidden-word-changes.ts';

/** What the rules say of a text, whoever writes it. */
export interface TextTest {
  forbiddenWord: string | null;
  reasons: string[];
}

/** Compares a text with the rules that hold comments by their text alone. @throws InvalidInputError */
export async function testText(
  context: Pick<Context, 'db' | 'convertText' | 'settings'>,
  source: string,
): Promise<TextTest> {
  const checked = checkBody(source);
  const { html, text } = await renderBody(context, checked);
  const forbiddenWords = await listForbiddenWords(context.db);
  const writer = { isNew: false, recent: 0, repeats: false };
  return {
    forbiddenWord: findForbiddenWord(`${checked}\n${text}`, forbiddenWords),
    reasons: holdReasons(
      { policy: 'OPEN', source: checked, html, text, writer, articleRecent: 0, forbiddenWords },
      context.settings.hold,
    ),
  };
}
