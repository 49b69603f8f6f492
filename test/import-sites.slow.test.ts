import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImportError } from '../src/import/import-error.ts';
import { exportOf, type PostSpec } from './fixtures/wordpress/export.ts';
import { countsOf, openTrial, type Trial } from './fixtures/wordpress/trial.ts';

let trial: Trial;

beforeEach(async () => {
  trial = await openTrial();
});

afterEach(() => trial.close());

const guid = (id: number, site = 'https://old.example') => `${site}/?p=${id}`;
const posts: PostSpec[] = [1, 2].map((id) => ({
  id,
  guid: guid(id),
  comments: [{ id: id * 10, text: `On ${id}.`, date: `2020-02-0${id} 00:00:00` }],
}));
const site = (url: string, ours: PostSpec[] = posts) => exportOf({ url, posts: ours });

const counts = () =>
  trial.rows('SELECT (SELECT count(*)::int FROM article) AS articles, (SELECT count(*)::int FROM comment) AS comments');
const ONCE = [{ articles: 2, comments: 2 }];

test.each(['https://old.example', 'http://www.old.example', 'https://www.old.example/', 'HTTP://OLD.example'])(
  'a file of %s is of the site http://old.example',
  async (url) => {
    await trial.import(site('http://old.example'));
    const before = await trial.everything();
    const report = await trial.import(site(url));
    expect(report.source).toBe('wordpress:http://old.example');
    expect(await trial.everything()).toEqual(before);
  },
);

test('the same site under http and https, as in real files, is imported once', async () => {
  for (const scheme of ['http', 'https'])
    await trial.import(await readFile(new URL(`./fixtures/wordpress/cases/site-${scheme}.xml`, import.meta.url)));
  expect(await counts()).toEqual([{ articles: 2, comments: 1 }]);
});

describe('a site that has moved', () => {
  test.each([
    ['with its guids', posts],
    ['without guids', posts.map(({ guid: _, ...post }) => post)],
  ])('%s is not imported before the operator has said which it is', async (_name, ours) => {
    await trial.import(site('https://old.example', ours));
    const before = await trial.everything();
    await expect(trial.import(site('https://new.example', ours))).rejects.toThrow(ImportError);
    await expect(trial.import(site('https://new.example', ours))).rejects.toThrow(
      /^2 of the articles .* https:\/\/new\.example .*--site https:\/\/old\.example/,
    );
    expect(await trial.everything()).toEqual(before);
    await trial.import(site('https://new.example', ours), { site: 'https://old.example' });
    expect(await trial.everything()).toEqual(before);
    await trial.import(site('https://new.example', ours), { site: 'https://new.example' });
    expect(await counts()).toEqual([{ articles: 4, comments: 4 }]);
  });

  test('and has other numbers now is recognised by its guids', async () => {
    await trial.import(site('https://old.example'));
    const moved = posts.map((post) => ({
      ...post,
      id: post.id === 1 ? 2 : 77,
      comments: post.comments!.map((comment) => ({ ...comment, id: comment.id + 10 })),
    }));
    await trial.import(site('https://old.example', moved));
    expect(await counts()).toEqual(ONCE);
    expect(
      await trial.rows(
        'SELECT comment.body_text AS text, article.title FROM comment JOIN article ON article.id = article_id',
      ),
    ).toEqual(
      expect.arrayContaining([
        { text: 'On 1.', title: 'Post 2' },
        { text: 'On 2.', title: 'Post 77' },
      ]),
    );
  });

  test('and whose guids were replaced is recognised by its numbers', async () => {
    await trial.import(site('https://old.example'));
    const moved = posts.map((post) => ({
      ...post,
      guid: guid(post.id, 'https://new.example'),
    }));
    await trial.import(site('https://new.example', moved), { site: 'https://old.example' });
    expect(await counts()).toEqual(ONCE);
  });
});

test('another post with the number of an imported one is another article', async () => {
  await trial.import(site('https://old.example'));
  await trial.import(site('https://old.example', [{ id: 1, guid: 'https://old.example/?p=501', slug: 'other' }]));
  expect(await trial.rows('SELECT slug FROM article ORDER BY id')).toEqual([
    { slug: 'post-1' },
    { slug: 'post-2' },
    { slug: 'other' },
  ]);
});

test('a file without an address is imported with --site, one without numbers by its guids', async () => {
  const nameless = site('', posts).replace(/<wp:post_id>\d+<\/wp:post_id>/g, '');
  await expect(trial.import(nameless)).rejects.toThrow(/does not name its site.*--site/);
  await expect(trial.import(nameless, { site: 'old.example' })).rejects.toThrow(/--site old\.example is no/);
  const report = await trial.import(nameless, { site: 'https://old.example' });
  expect(countsOf(report, 'articles')).toMatchObject({ created: 2, skipped: {} });
  await trial.import(site('https://old.example'));
  expect(await counts()).toEqual(ONCE);
});

test('a file with posts alone is asked for its site, and imported with it', async () => {
  const bare = site('https://old.example').replace(/(<channel>)[\s\S]*?(?=<item>)/, '$1');
  await expect(trial.import(bare)).rejects.toThrow(/does not name its site.*--site/);
  await trial.import(bare, { site: 'https://old.example' });
  expect(await counts()).toEqual(ONCE);
});

test('the files of one export are imported together, and a fault names its file', async () => {
  const [first, second] = posts.map((post) => site('https://old.example', [post]));
  const report = await trial.importAll([first!, second!.replace('https://old.example', 'http://www.old.example')]);
  expect(countsOf(report, 'articles')).toMatchObject({ created: 2 });
  expect(await counts()).toEqual(ONCE);
  await expect(trial.importAll([first!, second!.slice(0, -30)])).rejects.toThrow(
    /2\.xml: Line \d+: the file ends inside of/,
  );
  await expect(trial.importAll([first!, site('https://else.example', [])])).rejects.toThrow(/2\.xml: .*--site/);
});

test('an e-mail address as a login or a name is no public name and no address of a page', async () => {
  const mail = 'jo@private.example';
  const content = exportOf({
    authors: [{ id: 1, login: mail, name: mail }],
    posts: [
      { id: 1, creator: mail, comments: [{ id: 1, author: mail, email: mail }] },
      { id: 2, creator: 'bo@private.example' },
    ],
  });
  await trial.import(content);
  expect(await trial.rows('SELECT name, slug, kind::text FROM author ORDER BY author.kind, id')).toEqual([
    { name: 'Author', slug: 'author', kind: 'STAFF' },
    { name: 'Author', slug: 'author-2', kind: 'STAFF' },
    { name: 'Anonymous', slug: expect.stringMatching(/^guest-/), kind: 'GUEST' },
  ]);
});
