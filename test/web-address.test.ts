import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCover } from '../schema/content/article/article-cover.ts';
import { renderText } from '../schema/content/text/render.ts';
import { normalizePath, normalizeWebAddress, readAddress } from '../schema/content/text/web-address.ts';

const PARTS = [
  ...[
    '/',
    '//',
    '\\',
    '.',
    '..',
    '%2e',
    '%2E%2e',
    '\t',
    '\n',
    ' ',
    '\u0001',
    '\u00a0',
    '@',
    ':',
    '?',
    '#',
    '%',
    '%2f',
    '%5c',
  ],
  ...[
    'http:',
    'https:',
    'HTTP:',
    'mailto:',
    'javascript:',
    'a',
    'evil.example',
    'user:pass@',
    'é',
    '。',
    '[::1]',
    '0x7f',
  ],
];

/** Texts of the parts that URL parsers treat in a special way. */
const address = fc.array(fc.constantFrom(...PARTS), { maxLength: 10 }).map((parts) => parts.join(''));

const PAGES = ['https://here.example/a/b?c', 'http://here.example/a/b?c'];
const RUNS = { numRuns: 10_000 };

/** What Node.js 20 leaves at the end of some paths, as of `/a/.b/.`; browsers have no such segment in any path. */
const LEFT_OVER = /\/\.{1,2}$/;

/** Half of the time of these tests went into expectations that hold. */
function expectSame(actual: unknown, expected: unknown): void {
  if (actual !== expected) expect(actual).toBe(expected);
}

describe('an address', () => {
  it('stays the same when it is normalized again', () => {
    fc.assert(
      fc.property(address, (text) => {
        for (const normalize of [
          normalizePath,
          normalizeWebAddress,
          (value: string) => readAddress(value)?.url ?? null,
        ]) {
          const once = normalize(text);
          if (once !== null) expectSame(normalize(once), once);
        }
      }),
      RUNS,
    );
  });

  it('that is a path stays on the origin of its page', () => {
    fc.assert(
      fc.property(address, (text) => {
        const path = normalizePath(`/${text}`);
        if (path === null) return;
        expectSame(/^\/(?![/\\])/.test(path), true);
        for (const page of PAGES) expectSame(new URL(path, page).href, new URL(page).origin + path);
      }),
      RUNS,
    );
  });

  it('of the web has http or https, no password, and one meaning on every page', () => {
    fc.assert(
      fc.property(address, (text) => {
        const url = normalizeWebAddress(`http://${text}`);
        if (url === null) return;
        expectSame(/^https?:\/\/[^/@]+\//.test(url), true);
        for (const page of PAGES) expectSame(new URL(url, page).href, url);
      }),
      RUNS,
    );
  });

  it('that is rendered leads to where the source leads, and is external where it leaves the page', () => {
    fc.assert(
      fc.property(address, (text) => {
        // Browsers escape a no-break space at the end; here it is taken for a slip of the keyboard.
        fc.pre(!text.includes('\u00a0'));
        const read = readAddress(text);
        if (!read) return;
        for (const page of PAGES) {
          const [rendered, source] = [new URL(read.url, page), new URL(text.trim(), page)];
          if (!rendered.pathname.match(LEFT_OVER) && !source.pathname.match(LEFT_OVER))
            expectSame(rendered.href, source.href);
          expectSame(new URL(read.url, page).origin !== new URL(page).origin, read.external);
        }
      }),
      RUNS,
    );
  });
});

it('with letters outside of ASCII is read like the first one also after many others', () => {
  const read = () => ['//m\u00fcnchen.example/', '//\u00e9\u00a0 \u00a0 /'].map((text) => readAddress(text)?.host);
  const first = read();
  expect(first).toEqual(['xn--mnchen-3ya.example', undefined]);
  // Until Node.js compiles the function.
  for (let i = 0; i < 200_000; i++) readAddress(`/a${i % 7}`);
  expect(read()).toEqual(first);
});

describe('a cover', () => {
  const coverOf = (url: string) => checkCover({ url, alt: 'A swift' }, { path: ['cover'], mediaUrl: '/media/' }).url;

  it.each([
    '/..//evil.example',
    '/.//evil.example',
    '/%2e%2e//evil.example',
    '/a/..//evil.example',
    '/\t/evil.example',
    '/\\evil.example',
    '/a/..\\\\evil.example',
    'https:evil.example',
    'https://user@evil.example/a.jpg',
    'https://here.example:x@evil.example/a.jpg',
  ])('cannot be %j', (url) => {
    expect(() => coverOf(url)).toThrow('`url` must be an address');
  });

  it('is a path or an address of the web', () => {
    expect(coverOf(' /covers/../a b.jpg?x=//y ')).toBe('/a%20b.jpg?x=//y');
    expect(coverOf('HTTPS://Example.com')).toBe('https://example.com/');
  });
});

describe('in rendered text', () => {
  it('an embed with an address that is a path on some pages is removed', () => {
    for (const src of ['https:www.youtube.com/embed/x', 'https:/www.youtube.com/embed/x'])
      expect(renderText(`<iframe src="${src}"></iframe>`, 'HTML', 'article').html).toBe('');
  });

  it('links, media and quotes have no character that browsers ignore or replace', () => {
    const source = `<a href="\\\\evil\t.example\\x?\\">a</a><img src="/&#10;a\\b.png" alt="b"><q cite=" /\\c ">c</q>`;
    expect(renderText(source, 'HTML', 'article').html).toBe(
      '<a href="//evil.example/x?\\" rel="noopener">a</a><img src="/a/b.png" alt="b" /><q cite="//c">c</q>',
    );
  });
});
