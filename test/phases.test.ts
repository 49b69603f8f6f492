import { describe, expect, it } from 'vitest';
import { holdReasons, type Submission } from '../schema/content/moderation/hold-rules.ts';
import type { HoldSettings } from '../schema/content/settings.ts';
import { renderText } from '../schema/content/text/render.ts';
import { readConfig } from '../src/config.ts';

const defaults = readConfig({ RATE_LIMITS: 'memory' }).settings.hold;
const off: HoldSettings = {
  ...{ firstComment: false, links: 0, repeatedWithin: 0, frequent: 0 },
  ...{ busyArticle: 0, length: 0, shouting: 0 },
};

interface Case extends Partial<Omit<Submission, 'writer' | 'source'>> {
  source?: string;
  isNew?: boolean;
  recent?: number;
  repeats?: boolean;
}

function reasons(
  { source = 'A calm word.', isNew = false, recent = 0, repeats = false, ...rest }: Case,
  settings = defaults,
) {
  const writer = { isNew, recent, repeats };
  const rendered = renderText(source, 'MARKDOWN', 'comment');
  return holdReasons(
    { policy: 'OPEN', source, ...rendered, writer, articleRecent: 0, forbiddenWords: [], ...rest },
    settings,
  );
}

describe('a comment is held', () => {
  it.each<[string, Case, RegExp]>([
    ['on an article whose comments all wait', { policy: 'MODERATED' }, /article waits/],
    ['with three links', { source: 'https://a.example [b](https://b.example) <https://c.example>' }, /3 links/],
    ['with a forbidden word', { source: 'Buy CASINO chips', forbiddenWords: ['casino'] }, /“casino”/],
    [
      'with a forbidden word in the address of a link',
      { source: '[x](https://casino.example)', forbiddenWords: ['casino'] },
      /casino/,
    ],
    ['with a forbidden word that Markdown splits', { source: 'cas**ino**', forbiddenWords: ['casino'] }, /casino/],
    ...[
      ...[
        'v1agra',
        'ＶＩＡＧＲＡ',
        'vi\u200Bagra',
        'vi\u00ADagra',
        'vi\u0430gra',
        'v\u03B9agra',
        'vlagra',
        'v|agra',
        '|viagra|',
      ],
      ...['víágrá', 'v\u0336i\u0336a\u0336g\u0336r\u0336a\u0336', '𝓿𝓲𝓪𝓰𝓻𝓪', 'ᴠɪᴀɢʀᴀ'],
    ].map((source): [string, Partial<Submission>, RegExp] => [
      `with a forbidden word as ${source}`,
      { source: `Buy ${source} now`, forbiddenWords: ['viagra'] },
      /“viagra”/,
    ]),
    ['with a short forbidden word with a digit', { source: 'p0rn', forbiddenWords: ['porn'] }, /“porn”/],
    [
      'with a short forbidden word with a letter of another alphabet',
      { source: 'p\u043Ern', forbiddenWords: ['porn'] },
      /“porn”/,
    ],
    ['with rn for m in a forbidden word', { source: 'rnorphine', forbiddenWords: ['morphine'] }, /“morphine”/],
    ['with disguised words of a forbidden phrase', { source: 'buy n0w!', forbiddenWords: ['buy now'] }, /“buy now”/],
    ['with a forbidden word in wide letters', { source: 'ｃａｓｉｎｏ', forbiddenWords: ['casino'] }, /casino/],
    [
      'with a forbidden word that unseen characters split',
      { source: 'cas\u200Bi\u00ADno', forbiddenWords: ['casino'] },
      /casino/,
    ],
    ['that says the same again', { repeats: true }, /same text/],
    ['that is one of very many', { recent: 10 }, /10 or more other comments/],
    ['on an article that receives very many', { articleRecent: 120 }, /120 or more other comments/],
    ['that is very long', { source: 'x'.repeat(5_000) }, /5000 characters/],
    ['that shouts', { source: 'LOOK AT THIS WONDERFUL OFFER' }, /capitals/],
  ])('%s', (_, given, reason) => {
    expect(reasons(given)).toEqual([expect.stringMatching(reason)]);
    // A phase that is off holds nothing. The article's policy and the forbidden words have no number that turns them off.
    if (given.policy === undefined && !given.forbiddenWords) expect(reasons(given, off)).toEqual([]);
  });

  it('as the first of its writer, where the operator wants that', () => {
    expect(reasons({ isNew: true })).toEqual([]);
    expect(reasons({ isNew: true }, { ...off, firstComment: true })).toEqual([expect.stringMatching(/first comment/)]);
    expect(reasons({ isNew: false }, { ...off, firstComment: true })).toEqual([]);
  });

  it('for every reason that there is, in the order of the phases', () => {
    expect(reasons({ policy: 'MODERATED', source: 'CASINO '.repeat(900), forbiddenWords: ['casino'] })).toHaveLength(4);
  });
});

describe('a comment is let through', () => {
  it.each<[string, Case]>([
    ['with two links', { source: 'https://a.example https://b.example' }],
    ['with a word that has a forbidden one in it', { source: 'A classic', forbiddenWords: ['ass'] }],
    ['with a disguised word that has a forbidden one in it', { source: 'A c1assic', forbiddenWords: ['ass'] }],
    ...(
      [
        ['a pom', 'porn'],
        ['bail', 'ball'],
        ['burn', 'bum'],
        ['El año', 'ano'],
        ['modern', 'modem'],
        ['100', 'loo'],
      ] as const
    ).map(([source, word]): [string, Partial<Submission>] => [
      `with “${source}”, which resembles the forbidden “${word}”`,
      { source, forbiddenWords: [word] },
    ]),
    ['with short capitals', { source: 'NASA and the EU, OK' }],
    ['with a forbidden word that is empty', { forbiddenWords: [''] }],
    ['as the ninth in ten minutes', { recent: 8 }],
    ['as the hundredth on its article in a minute', { articleRecent: 99 }],
  ])('%s', (_, given) => expect(reasons(given)).toEqual([]));
});

it('limits of frequency and the phases about it are turned off together', () => {
  expect(readConfig({ RATE_LIMITS: 'off' }).settings.hold).toMatchObject({
    ...{ frequent: 0, busyArticle: 0, repeatedWithin: 0, links: 3 },
  });
});
