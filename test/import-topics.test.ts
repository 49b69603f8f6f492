import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportOf } from './fixtures/wordpress/export.ts';
import { notesOf, openTrial, type Trial } from './fixtures/wordpress/trial.ts';

let trial: Trial;

beforeEach(async () => {
  trial = await openTrial();
});

afterEach(() => trial.close());

test('terms in different scripts are different topics, whose addresses are numbered, and stay so', async () => {
  const encoded = (name: string) => encodeURIComponent(name).toLowerCase();
  const names = ['时事', '事实', '東京', '东京', 'мир', '😀', '🎉'];
  const content = exportOf({
    posts: [{ id: 1, categories: [...names, 'Mir'].map((name) => ['post_tag', encoded(name), name]) }],
    categories: [...names, 'Mir'].map((name) => ({ slug: encoded(name), name })),
  });
  await trial.import(content);
  const topics = () =>
    trial.rows<{ name: string; slug: string; count: number }>(
      'SELECT name, slug, article_count AS count FROM topic ORDER BY id',
    );
  const first = await topics();
  expect(first.map(({ name, count }) => [name, count])).toEqual([...names, 'Mir'].map((name) => [name, 1]));
  expect(new Set(first.map(({ slug }) => slug)).size).toBe(8);
  expect(Object.fromEntries(first.map(({ name, slug }) => [name, slug]))).toMatchObject({
    мир: 'mir-2',
    Mir: 'mir',
    '😀': 'u1f600',
  });
  await trial.import(content);
  expect(await topics()).toEqual(first);
  // Another site has some of them, and one whose address is another's transliteration.
  await trial.import(
    exportOf({
      url: 'https://b.example',
      posts: [
        {
          id: 9,
          categories: [
            ['post_tag', encoded('мир'), 'Мир'],
            ['post_tag', 'shi-shi', 'Shi-Shi'],
          ],
        },
      ],
    }),
  );
  expect((await topics()).filter(({ count }) => count === 2).map(({ name }) => name)).toEqual(['мир']);
  expect((await topics()).map(({ name }) => name)).toEqual([...names, 'Mir', 'Shi-Shi']);
});

test('authors that a plug-in lists as terms are no topics, and those besides the first are reported', async () => {
  const authors = ['jo', 'jo', 'cap-bo', 'cap-bo', 'Cy'].map((name): [string, string, string] => [
    'author',
    name,
    name,
  ]);
  const report = await trial.import(
    exportOf({ authors: [{ id: 1, login: 'jo', name: 'Jo' }], posts: [{ id: 1, creator: 'jo', categories: authors }] }),
  );
  expect(notesOf(report)).toEqual({ 'has further authors, who were not imported': 2 });
  expect(await trial.rows('SELECT FROM topic')).toEqual([]);
});
