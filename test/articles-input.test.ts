import { describe, expect, it } from 'vitest';
import { type ArticleInput, checkArticle as check } from '../schema/content/article/article-input.ts';
import { InvalidInputError } from '../schema/content/errors.ts';

const checkArticle = (input: ArticleInput) => check(input, { mediaUrl: 'https://cdn.example/media/' });

const cover = { url: 'https://example.com/a.jpg', alt: 'A swift' };

function pathOf(input: ArticleInput): string[] | null {
  try {
    checkArticle(input);
    return null;
  } catch (error) {
    if (error instanceof InvalidInputError) return error.inputPath;
    throw error;
  }
}

describe('the input of an article', () => {
  it.each<[string, ArticleInput, string]>([
    ['no title', { title: ' \n ' }, 'title'],
    ['a title of 201 characters', { title: 'x'.repeat(201) }, 'title'],
    ['a title of stacked marks', { title: `a${'\u0301'.repeat(4_000)}` }, 'title'],
    ['NUL in a title', { title: 'a\0b' }, 'title'],
    ['half a character in a title', { title: 'a\ud800' }, 'title'],
    ['no words', { markdown: ' \n\t ' }, 'markdown'],
    ['500,001 bytes of Markdown', { markdown: `${'é'.repeat(250_000)}x` }, 'markdown'],
    ['half a character in Markdown', { markdown: '\udc00' }, 'markdown'],
    ['an excerpt of 501 characters', { excerpt: 'x'.repeat(501) }, 'excerpt'],
    ['an empty slug', { slug: '' }, 'slug'],
    ['capitals in a slug', { slug: 'Swifts' }, 'slug'],
    ['a space in a slug', { slug: 'how swifts' }, 'slug'],
    ['a hyphen at the end of a slug', { slug: 'swifts-' }, 'slug'],
    ['two hyphens in a slug', { slug: 'how--swifts' }, 'slug'],
    ['a slug of 81 characters', { slug: 'x'.repeat(81) }, 'slug'],
    ['a line break after a slug', { slug: 'swifts\n' }, 'slug'],
    ['21 topics', { topics: Array.from({ length: 21 }, (_, i) => `Topic ${i}`) }, 'topics'],
    ['a topic without a name', { topics: ['Birds', ' '] }, 'topics.1'],
    ['a title that nobody sees', { title: '\u200b' }, 'title'],
    ['a text that nobody sees', { markdown: '\n\u2060\n' }, 'markdown'],
    ['a topic of 61 characters', { topics: ['x'.repeat(61)] }, 'topics.0'],
    ['a topic without letters', { topics: ['🐦'] }, 'topics.0'],
    ['a script as a cover', { cover: { ...cover, url: 'javascript:alert(1)' } }, 'cover.url'],
    ['data as a cover', { cover: { ...cover, url: 'data:image/svg+xml,<svg/>' } }, 'cover.url'],
    ['another host by two slashes', { cover: { ...cover, url: '//example.com/a.jpg' } }, 'cover.url'],
    ['another host by a backslash', { cover: { ...cover, url: '/\\example.com/a.jpg' } }, 'cover.url'],
    ['another host by a tab', { cover: { ...cover, url: '/\t/example.com/a.jpg' } }, 'cover.url'],
    ['no address', { cover: { ...cover, url: 'a.jpg' } }, 'cover.url'],
    ['an address of 3,000 characters', { cover: { ...cover, url: `/${'x'.repeat(3_000)}` } }, 'cover.url'],
    ['no words for those who do not see', { cover: { ...cover, alt: '  ' } }, 'cover.alt'],
    ['a caption of 1,001 characters', { cover: { ...cover, caption: 'x'.repeat(1_001) } }, 'cover.caption'],
    ['a width of 0', { cover: { ...cover, width: 0 } }, 'cover.width'],
    ['a height below 0', { cover: { ...cover, height: -1 } }, 'cover.height'],
  ])('is refused with %s, naming the field', (_, input, path) => {
    expect(pathOf(input)).toEqual(['input', ...path.split('.')]);
  });

  it('is taken up to its limits, in characters as readers count them', () => {
    expect(
      pathOf({
        title: '👩‍👩‍👧'.repeat(200),
        markdown: 'é'.repeat(250_000),
        excerpt: 'x'.repeat(500),
        slug: 'x'.repeat(80),
        topics: Array.from({ length: 20 }, () => 'x'.repeat(60)),
        cover: { ...cover, alt: 'x'.repeat(500), caption: 'x'.repeat(1_000), width: 100_000, height: 1 },
      }),
    ).toBeNull();
  });

  it('is brought into one form: composed letters, one line for a title, addresses as browsers read them', () => {
    expect(
      checkArticle({
        title: '  Cafe\u0301\n au  lait ',
        markdown: 'Cafe\u0301  \nau lait',
        cover: { ...cover, url: ' /covers/../a b.jpg?x=1#y ', caption: ' ' },
      }),
    ).toMatchObject({
      title: 'Caf\u00e9 au lait',
      markdown: 'Caf\u00e9  \nau lait',
      cover: { url: '/a%20b.jpg?x=1#y', caption: null, width: null },
    });
  });

  it('keeps a stored picture as a path with its size, however it is addressed', () => {
    const name = `${'0'.repeat(32)}-1600x900.jpg`;
    for (const url of [`/media/${name}`, `https://cdn.example/media/${name}`])
      expect(checkArticle({ cover: { url, alt: 'A swift' } }).cover).toMatchObject({
        url: `/media/${name}`,
        width: 1600,
        height: 900,
      });
    const sized = { url: `/media/${name}`, alt: 'A swift', width: 800, height: 450 };
    expect(checkArticle({ cover: sized }).cover).toMatchObject({ width: 800, height: 450 });
    for (const url of [`https://other.example/media/${name}`, `/media/x/${name}`, `/media/${name}?a`])
      expect(checkArticle({ cover: { url, alt: 'A swift' } }).cover).toMatchObject({ url, width: null });
  });

  it('removes a field that is null, and keeps one that is absent', () => {
    expect(checkArticle({}).cover).toBeUndefined();
    expect(checkArticle({ cover: null }).cover).toBeNull();
    expect(checkArticle({}).topics).toBeNull();
    expect(checkArticle({ topics: [] }).topics).toEqual([]);
    expect(checkArticle({}).commentPolicy).toBeUndefined();
    expect(checkArticle({ commentPolicy: null }).commentPolicy).toBeNull();
  });
});
