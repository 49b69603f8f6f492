import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import initializeSqlite from 'sql.js/dist/sql-wasm-inline.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImportError } from '../src/import/import-error.ts';
import { type FormatTrial, fixturePath, openFormatTrial } from './fixtures/format-trial.ts';
import { countsOf } from './fixtures/wordpress/trial.ts';

let trial: FormatTrial;
let folder: string;

beforeEach(async () => {
  trial = await openFormatTrial();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-site-names-'));
});

afterEach(async () => {
  await trial.close();
  await rm(folder, { recursive: true });
});

const count = async (table: string) =>
  (await trial.rows<{ count: number }>(`SELECT count(*)::int FROM ${table}`))[0]!.count;

describe('a Ghost export, which does not name its site,', () => {
  const file = fixturePath('ghost/version-5.json');

  test('that was imported without --site is the same site with it, and gets its addresses', async () => {
    const first = await trial.importFiles(file);
    const articles = await count('article');
    const named = await trial.importFiles(file, { site: 'https://birds.example' });
    expect(named.source).toBe(first.source);
    expect(countsOf(named, 'articles')).toMatchObject({ created: 0 });
    expect(await count('article')).toBe(articles);
    expect(await trial.rows("SELECT slug FROM article WHERE body_html LIKE '%https://birds.example/%'")).not.toEqual(
      [],
    );
    expect(countsOf(await trial.importFiles(file, { site: 'https://birds.example' }), 'articles')).toMatchObject({
      created: 0,
      updated: 0,
    });
  });

  test.each([undefined, 'https://new.example'])('is refused with --site %s after another one', async (site) => {
    await trial.importFiles(file, { site: 'https://birds.example' });
    const again = trial.importFiles(file, site === undefined ? {} : { site });
    await expect(again).rejects.toThrow(ImportError);
    await expect(again).rejects.toThrow(/of the articles .* again with --site https:\/\/birds\.example, also if/);
  });
});

describe('a database of Isso', () => {
  let file: string;

  beforeEach(async () => {
    await trial.importFiles(fixturePath('feed/garden.json'));
    const { Database } = await initializeSqlite();
    const database = new Database();
    database.run(await readFile(fixturePath('isso/current.sql'), 'utf8'));
    file = join(folder, 'comments.db');
    await writeFile(file, database.export());
    database.close();
  });

  test('that was imported without --site is the same one with it', async () => {
    await trial.importFiles(file);
    const comments = await count('comment');
    await trial.importFiles(file, { site: 'https://garden.example' });
    expect(await count('comment')).toBe(comments);
  });

  test('that was imported with --site is refused without it, so that no comment is there twice', async () => {
    await trial.importFiles(file, { site: 'https://garden.example' });
    const comments = await count('comment');
    await expect(trial.importFiles(file)).rejects.toThrow(/of the comments .* with --site https:\/\/garden\.example/);
    expect(await count('comment')).toBe(comments);
  });
});

describe('a folder of Markdown', () => {
  test('that was renamed is the same site', async () => {
    const [first, second] = [join(folder, 'blog'), join(folder, 'weblog')];
    await cp(fixturePath('markdown/jekyll'), first, { recursive: true });
    await cp(fixturePath('markdown/jekyll'), second, { recursive: true });
    const { source } = await trial.importFiles(first);
    const articles = await count('article');
    expect((await trial.importFiles(second)).source).toBe(source);
    expect((await trial.importFiles(second, { site: 'https://blog.example' })).source).toBe(source);
    expect(await count('article')).toBe(articles);
  });

  test('that shares a few pages with another one is another site', async () => {
    const page = (title: string) => `---\ntitle: ${title}\ndate: 2020-01-01\n---\n\nText.\n`;
    const write = async (site: string, titles: string[]): Promise<string> => {
      await mkdir(join(folder, site));
      for (const title of titles) await writeFile(join(folder, site, `${title}.md`), page(title));
      return join(folder, site);
    };
    await trial.importFiles(await write('one', ['hello', 'only-here']));
    const report = await trial.importFiles(await write('two', ['hello', 'there', 'and-there']));
    expect(report.source).toBe('markdown:two');
    expect(await count('article')).toBe(5);
  });
});
