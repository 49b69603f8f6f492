import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FolderStore } from '../src/media/folder-store.ts';
import { PictureConverter } from '../src/media/picture-converter.ts';
import { Pictures } from '../src/media/pictures.ts';
import { type FormatTrial, openFormatTrial } from './fixtures/format-trial.ts';
import { picture } from './fixtures/pictures.ts';
import { notesOf } from './fixtures/wordpress/trial.ts';
import { type ZipEntry, zipOf } from './zip-file.ts';

const NOT_COPIED = 'audio, video and other files were not copied: they stay at their addresses';
const SITE = 'https://old.example';

const converter = new PictureConverter();
let trial: FormatTrial;
let folder: string;
let pictures: Pictures;
let png: Buffer;

beforeAll(async () => {
  png = await picture(30, 20, '#123').png().toBuffer();
});

afterAll(() => converter.close());

beforeEach(async () => {
  trial = await openFormatTrial();
  folder = await mkdtemp(join(tmpdir(), 'old site '));
  pictures = new Pictures({ store: new FolderStore(join(folder, 'store')), converter, maxSize: 100_000 });
});

afterEach(async () => {
  await trial.close();
  await rm(folder, { recursive: true });
});

async function put(path: string, content: string | Buffer): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

const stored = async (): Promise<string[]> =>
  (await readdir(join(folder, 'store'), { recursive: true }).catch(() => [])).filter((name) => name.includes('.'));

const page = (body: string, fields = ''): string => `---\ntitle: A\ndate: 2024-01-01\n${fields}---\n${body}\n`;

async function bodies(): Promise<string[]> {
  const rows = await trial.rows<{ body_source: string }>('SELECT body_source FROM article ORDER BY slug');
  return rows.map((row) => row.body_source);
}

describe('people', () => {
  test('have copies of their pictures, and keep the address of one that cannot be copied', async () => {
    await put('uploads/jo.png', png);
    const users = [
      { id: '1', slug: 'jo', name: 'Jo', profile_image: '__GHOST_URL__/uploads/jo.png' },
      { id: '2', slug: 'al', name: 'Al', profile_image: 'https://gravatar.example/x.png' },
    ];
    const posts = users.map(({ id }) => ({
      ...{ id, uuid: `u${id}`, slug: `p${id}`, title: 'T', status: 'published', type: 'post', visibility: 'public' },
      ...{ published_at: '2024-01-01T00:00:00.000Z', html: '<p>x</p>' },
    }));
    const data = {
      ...{ posts, users, tags: [], posts_tags: [] },
      posts_authors: users.map(({ id }) => ({ post_id: id, author_id: id })),
    };
    const file = await put('export.json', JSON.stringify({ db: [{ meta: { version: '5.1.0' }, data }] }));
    const report = await trial.importFiles(file, { site: SITE, media: [join(folder, 'uploads')], pictures });
    expect(notesOf(report)).toEqual({ 'pictures of people were not copied: they are of another site': 1 });
    expect(await trial.rows('SELECT name, avatar_url FROM author ORDER BY name')).toEqual([
      { name: 'Al', avatar_url: 'https://gravatar.example/x.png' },
      { name: 'Jo', avatar_url: expect.stringMatching(/^\/media\/\w{32}-30x20\.png$/) },
    ]);
  });
});

describe('feeds', () => {
  const HOME = 'https://old.example/blog/';
  const rss = `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
      xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Old</title><link>${HOME}</link><item>
    <title>A</title><link>${HOME}a/</link><guid>${HOME}a/</guid><pubDate>Mon, 01 Jan 2024 00:00:00 GMT</pubDate>
    <media:thumbnail url="${HOME}a.png"/>
    <content:encoded><![CDATA[<p><img src="../b.png" alt=""></p>]]></content:encoded></item></channel></rss>`;
  const atom = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Old</title><id>${HOME}</id>
    <link href="${HOME}"/><updated>2024-01-01T00:00:00Z</updated><entry><title>A</title><id>${HOME}a/</id>
    <link href="${HOME}a/"/><updated>2024-01-01T00:00:00Z</updated>
    <content type="html">&lt;img src="/blog/b.png" alt=""&gt;&lt;a href="/blog/a.png"&gt;a&lt;/a&gt;</content></entry></feed>`;
  const json = JSON.stringify({
    ...{ version: 'https://jsonfeed.org/version/1.1', title: 'Old', home_page_url: HOME },
    items: [
      {
        ...{ id: '1', url: `${HOME}a/`, title: 'A', date_published: '2024-01-01T00:00:00Z', image: `${HOME}a.png` },
        content_html: '<img src="../b.png" alt="">',
      },
    ],
  });

  test.each([
    ['rss.xml', rss],
    ['atom.xml', atom],
    ['feed.json', json],
  ])('have copies of their pictures: %s', async (name, text) => {
    await put('files/a.png', png);
    await put('files/b.png', await picture(9, 9).png().toBuffer());
    const report = await trial.importFiles(await put(name, text), { media: [join(folder, 'files')], pictures });
    expect(notesOf(report)).toEqual({});
    const [row] = await trial.rows<{ body_source: string; cover_url: string | null }>(
      'SELECT body_source, cover_url FROM article',
    );
    expect(row!.body_source).toMatch(/<img src="\/media\/\w+-9x9\.png"/);
    expect(`${row!.cover_url} ${row!.body_source}`).toMatch(/\/media\/\w+-30x20\.png/);
  });
});

describe('files that are no pictures', () => {
  test('are reported with their articles where they are of the site, and keep their addresses', async () => {
    const body = [
      '<video src="/v/a.mp4" poster="/b.png" controls></video>',
      '<audio controls><source src="https://www.old.example/a.mp3"></audio>',
      '[Slides](/files/a.pdf) [Page](/about) ![p](/b.png) <audio src="https://other.example/b.mp3"></audio>',
    ].join('\n\n');
    await put('site/a.md', page(body));
    await put('site/static/b.png', png);
    const report = await trial.importFiles(join(folder, 'site'), {
      site: SITE,
      media: [join(folder, 'site')],
      pictures,
    });
    expect(notesOf(report)).toEqual({ [NOT_COPIED]: 3 });
    expect(report.notes[0]!.examples.map(({ title }) => title)).toContain('A: /v/a.mp4');
    const [source] = await bodies();
    expect(source).toMatch(/<video src="https:\/\/old.example\/v\/a.mp4" poster="\/media\/\w+-30x20.png" controls/);
    expect(source).toContain('<source src="https://www.old.example/a.mp3">');
    expect(source).toContain('[Slides](https://old.example/files/a.pdf) [Page](/about)');
    expect(await stored()).toHaveLength(1);
  });
});

describe('a zip archive of Markdown', () => {
  const archive = (entries: ZipEntry[]) => put('site.zip', zipOf(entries));
  const importZip = async (entries: ZipEntry[]) => {
    const file = await archive(entries);
    return trial.importFiles(file, { media: [file], pictures });
  };

  test('has pictures beside its pages and in the folders that generators serve', async () => {
    const report = await importZip([
      { name: 'my-site/content/posts/one/index.md', content: page('![p](p.png) ![q](/q.png)', 'cover: p.png\n') },
      { name: 'my-site/content/posts/one/p.png', content: png },
      { name: 'my-site/content/p.png', content: await picture(8, 8).png().toBuffer() },
      { name: 'my-site/static/q.png', content: await picture(9, 9).png().toBuffer() },
    ]);
    expect(notesOf(report)).toEqual({});
    expect((await bodies())[0]).toMatch(/^!\[p\]\(\/media\/\w+-30x20.png\) !\[q\]\(\/media\/\w+-9x9.png\)$/);
    expect(await trial.rows('SELECT cover_width FROM article')).toEqual([{ cover_width: 30 }]);
  });

  test('has no picture that leads out of it, is none, or is larger than allowed', async () => {
    await put('secret.png', png);
    const sources = ['../secret.png', 'b.png', 'c.png', '..%2fsecret.png', 'e.png', 'f.png'];
    await put('site/a.md', page(sources.map((source) => `![](${source})`).join(' ')));
    const file = await archive([
      { name: 'b.png', content: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>' },
      { name: 'c.png', content: Buffer.alloc(100_001) },
      // It expands to more than the directory says.
      { name: 'e.png', content: Buffer.alloc(50_000_000), size: 1_000 },
      { name: 'f.png', content: png, checksum: 1 },
    ]);
    const report = await trial.importFiles(join(folder, 'site'), { media: [file], pictures });
    expect(notesOf(report)).toEqual({
      'pictures were not copied: the archive is damaged: the content has another checksum': 1,
      'pictures were not copied: the zip archive is damaged or incomplete (too many bytes in the stream. expected 1000. got at least 16384)': 1,
      'pictures were not copied: no file was found': 2,
      'pictures were not copied: pictures may be JPEG, PNG, GIF, WebP and AVIF; this file is none of them.': 1,
      'pictures were not copied: larger than 0.1 MB': 1,
    });
    expect(await stored()).toEqual([]);
  });
});
