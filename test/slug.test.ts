import { describe, expect, it } from 'vitest';
import { findFreeSlug, slugOf } from '../schema/content/text/slug.ts';

describe('slugs', () => {
  it.each([
    ['Don’t panic: C++ & “Rust”!', 'dont-panic-c-rust'],
    ['  Überraschung in Zürich  ', 'uberraschung-in-zurich'],
    ['café naïve — 100%', 'cafe-naive-100'],
    ['Привет, мир', 'privet-mir'],
    ['你好，世界', 'ni-hao-shi-jie'],
    ['Ελληνικά', 'ellinika'],
    ['안녕하세요', 'annyeonghaseyo'],
    ['e\u0301t\u00e9', 'ete'],
    ['🎉', 'untitled'],
    ['', 'untitled'],
    ['--..--', 'untitled'],
  ])('of %j is %j', (title, slug) => {
    expect(slugOf(title)).toBe(slug);
  });

  it('are cut between words at 80 characters, and inside a word that is longer', () => {
    expect(slugOf('sixteen letters! '.repeat(10))).toBe('sixteen-letters-'.repeat(5).slice(0, -1));
    expect(slugOf('x'.repeat(200))).toBe('x'.repeat(80));
  });

  it('have one form, whatever the title', () => {
    for (let code = 0x20; code < 0x3000; code += 7) {
      const slug = slugOf(`${String.fromCodePoint(code)}a${String.fromCodePoint(code + 3)} ${code}`);
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    }
  });

  it('are numbered until one is free, and stay within 80 characters', async () => {
    const taken = ['news', 'news-2', 'x'.repeat(80)];
    const findTaken = async (candidates: string[]) => candidates.filter((slug) => taken.includes(slug));
    expect(await findFreeSlug('fresh', findTaken)).toBe('fresh');
    expect(await findFreeSlug('news', findTaken)).toBe('news-3');
    expect(await findFreeSlug('x'.repeat(80), findTaken)).toBe(`${'x'.repeat(78)}-2`);
  });

  it('are looked up in batches, each four times as large as the one before, and none twice', async () => {
    const batches: string[][] = [];
    const slug = await findFreeSlug('news', async (candidates) => {
      batches.push(candidates);
      return candidates.filter((candidate) => candidate !== 'news-100');
    });
    expect(slug).toBe('news-100');
    expect(batches.map(({ length }) => length)).toEqual([8, 32, 128]);
    expect(new Set(batches.flat()).size).toBe(8 + 32 + 128);
  });
});
