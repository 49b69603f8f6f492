import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FormatTrial, fixturePath, openFormatTrial } from './fixtures/format-trial.ts';
import { exportOf } from './fixtures/wordpress/export.ts';
import { type ZipEntry, zipOf } from './zip-file.ts';

let trial: FormatTrial;
let directory: string;

beforeAll(async () => {
  trial = await openFormatTrial();
  directory = await mkdtemp(join(tmpdir(), 'broadsheet zip '));
});

afterAll(async () => {
  await trial.close();
  await rm(directory, { recursive: true });
});

beforeEach(async () => {
  await trial.client.query('TRUNCATE author, topic, article, comment, provenance, search_document CASCADE');
});

async function archive(entries: readonly ZipEntry[], name = 'export.zip'): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, zipOf(entries));
  return file;
}

const titles = async () =>
  (await trial.rows<{ title: string }>('SELECT title FROM article ORDER BY id')).map((row) => row.title);

const part = (id: number) => exportOf({ posts: [{ id, comments: [{ id: id * 10 }] }] });

describe('an archive', () => {
  it('as wordpress.com sends it is imported with all files in it, whatever their names, and without what else it has', async () => {
    const file = await archive(
      [
        { name: 'site.2024-01-01/', content: '', method: 0 },
        { name: 'site.2024-01-01/site.wordpress.2024-01-01.001.xml', content: part(2) },
        { name: 'site.2024-01-01/site.wordpress.2024-01-01.000.xml', content: part(1), method: 0 },
        { name: 'site.2024-01-01/third', content: gzipSync(part(3)) },
        { name: '__MACOSX/site.2024-01-01/._site.xml', content: 'noise' },
        { name: 'site.2024-01-01/.DS_Store', content: part(9) },
        { name: 'site.2024-01-01/picture.jpg', content: Buffer.from([0xff, 0xd8, 0xff, 0]) },
      ],
      'export.xml',
    );
    const report = await trial.importFiles(file);
    expect(await titles()).toEqual(['Post 1', 'Post 2', 'Post 3']);
    expect(report.kinds.find(({ kind }) => kind === 'comments')).toMatchObject({ created: 3 });
    expect((await trial.importFiles(file)).kinds.find(({ kind }) => kind === 'articles')).toMatchObject({
      unchanged: 3,
    });
  });

  it('is imported with a plain file and with another archive of the same export', async () => {
    const plain = join(directory, 'plain.xml');
    await writeFile(plain, part(3));
    const archives = [
      await archive([{ name: '1.xml', content: part(1) }], '1.zip'),
      await archive([{ name: '2.xml', content: part(2) }], '2.zip'),
    ];
    await trial.importFiles([plain, ...archives]);
    expect((await titles()).sort()).toEqual(['Post 1', 'Post 2', 'Post 3']);
  });

  it('of a Ghost export, of a Disqus export and of a Markdown folder is imported', async () => {
    const ghost = await readFile(fixturePath('ghost/version-5.json'));
    await trial.importFiles(await archive([{ name: 'backup/ghost.json', content: ghost }]));
    expect((await titles()).length).toBeGreaterThan(0);
    const disqus = await readFile(fixturePath('disqus/links.xml'));
    const { kinds } = await trial.importFiles(await archive([{ name: 'disqus.xml', content: disqus }]));
    expect(kinds.find(({ kind }) => kind === 'comments')?.read).toBeGreaterThan(0);
    const report = await trial.importFiles(
      await archive([
        { name: 'site-main/content/posts/first.md', content: '---\ntitle: First page\ndate: 2020-01-01\n---\nWords' },
        { name: 'site-main/content/posts/second.md', content: 'no front matter' },
        { name: 'site-main/node_modules/x/third.md', content: '---\ntitle: Third\ndate: 2020-01-01\n---\nWords' },
      ]),
    );
    expect(report.source).toBe('markdown:site-main');
    expect(report.kinds.find(({ kind }) => kind === 'other items')?.skipped[0]?.examples[0]?.id).toBe(
      'content/posts/second.md',
    );
    expect(await titles()).toContain('First page');
    expect(await titles()).not.toContain('Third');
  });
});

describe('an archive is refused, with its place and the reason, when', () => {
  const good = { name: '1.xml', content: part(1) };
  it.each<[string, () => ZipEntry[], RegExp]>([
    [
      'a file in it is damaged',
      () => [good, { name: 'a/2.xml', content: part(2).slice(0, -40) }],
      /export\.zip, a\/2\.xml: Line \d+: the file ends inside of <wp:comment>/,
    ],
    [
      'a path leads out of it',
      () => [good, { name: '../../etc/cron.d/x', content: part(2) }],
      /export\.zip: has a path that leads out .*\.\.\/\.\.\/etc\/cron\.d\/x/,
    ],
    ['a path is absolute', () => [{ name: '/etc/passwd', content: part(2) }], /export\.zip: has a path that leads out/],
    [
      'it has no export',
      () => [{ name: 'a.txt', content: 'words' }],
      /export\.zip has no file of a known format\. It has a\.txt\./,
    ],
    ['it is empty', () => [], /export\.zip has no file of a known format\. It is empty\./],
    [
      'it has archives',
      () => [{ name: 'inner.zip', content: zipOf([good]) }],
      /has no file of a known format\. It has inner\.zip/,
    ],
    [
      'it has exports of two formats',
      () => [good, { name: 'g.json', content: '{"db":[{"data":{"posts":[]}}]}' }],
      /several formats.*wordpress \(1\.xml\), ghost \(g\.json\)/,
    ],
    [
      'it is of two sites',
      () => [good, { name: '2.xml', content: exportOf({ url: 'https://other.example' }) }],
      /2\.xml: The file is of https:\/\/other\.example/,
    ],
    ['a file is encrypted', () => [{ ...good, encrypted: true }], /1\.xml: the file is encrypted/],
    ['a file has another checksum', () => [{ ...good, checksum: 7 }], /1\.xml: the archive is damaged: .*checksum/],
    ['a file is longer than it says', () => [{ ...good, size: 10 }], /1\.xml: the zip archive is damaged/],
    ['a file is shorter than it says', () => [{ ...good, size: 100_000 }], /1\.xml: the zip archive is damaged/],
    [
      'it has another compression',
      () => [{ ...good, method: 99 }],
      /1\.xml: the zip archive is damaged or incomplete \(.*compression/,
    ],
    [
      'its files overlap',
      () => [good, ...Array.from({ length: 50 }, (_, i) => ({ ...good, name: `${i}.xml`, overlaps: true }))],
      /files overlap, as in a zip bomb/,
    ],
    [
      'a file in it is a bomb',
      () => [{ name: '1.xml', content: Buffer.concat([Buffer.from(part(1)), Buffer.alloc(70_000_000, ' ')]) }],
      /1\.xml: .*times as large .* zip bomb/,
    ],
  ])('%s', async (_name, entries, message) => {
    await expect(trial.importFiles(await archive(entries()))).rejects.toThrow(message);
    expect(await titles()).toEqual([]);
  });

  it('it is truncated', async () => {
    const file = await archive([good]);
    await writeFile(file, zipOf([good]).subarray(0, -30));
    await expect(trial.importFiles(file)).rejects.toThrow(/export\.zip: the zip archive is damaged or incomplete/);
  });
});

it('a gzipped bomb is refused', async () => {
  const file = join(directory, 'bomb.xml.gz');
  await writeFile(file, gzipSync(Buffer.concat([Buffer.from(part(1)), Buffer.alloc(70_000_000, '<!-- nothing -->')])));
  await expect(trial.importFiles(file)).rejects.toThrow(/times as large as its compressed form/);
  expect(await titles()).toEqual([]);
});
