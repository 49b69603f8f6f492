import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FolderStore } from '../src/media/folder-store.ts';
import { PictureConverter } from '../src/media/picture-converter.ts';
import { Pictures } from '../src/media/pictures.ts';
import { type FormatTrial, openFormatTrial } from './fixtures/format-trial.ts';
import { photo, picture } from './fixtures/pictures.ts';
import { countsOf, notesOf } from './fixtures/wordpress/trial.ts';

let trial: FormatTrial;
let folder: string;
let pictures: Pictures;
const converter = new PictureConverter();
let jpeg: Buffer;
let png: Buffer;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  jpeg = await photo(80, 120);
  png = await picture(30, 20, '#123').png().toBuffer();
});

afterAll(() => converter.close());

beforeEach(async () => {
  trial = await openFormatTrial();
  folder = await mkdtemp(join(tmpdir(), 'old site '));
  pictures = new Pictures({ store: new FolderStore(join(folder, 'store')), converter, maxSize: 100_000 });
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await trial.close();
  await rm(folder, { recursive: true });
});

async function put(path: string, content: string | Buffer): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

/** The files of the store. */
async function stored(): Promise<string[]> {
  const files = await readdir(join(folder, 'store'), { recursive: true }).catch(() => []);
  return files.filter((name) => name.includes('.')).sort();
}

interface Site {
  url: string;
  /** Paths that were asked for. */
  asked: string[];
}

/** A site on this machine. */
async function openSite(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Site> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url!);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

interface Post {
  html: string;
  image?: string;
}

/** A Ghost export, whose posts have the slugs a, b, c and so on. */
function ghostExport(posts: readonly Post[]): string {
  const rows = posts.map(({ html, image }, index) => ({
    ...{ id: String(index), uuid: `u${index}`, slug: 'abcdefghijk'[index], title: `T${index}`, status: 'published' },
    ...{
      type: 'post',
      visibility: 'public',
      published_at: '2024-01-01T00:00:00.000Z',
      html,
      feature_image: image ?? null,
    },
  }));
  const data = {
    posts: rows,
    users: [{ id: '1', slug: 'jo', name: 'Jo' }],
    tags: [],
    posts_tags: [],
    posts_authors: rows.map(({ id }) => ({ post_id: id, author_id: '1' })),
  };
  return JSON.stringify({ db: [{ meta: { version: '5.1.0' }, data }] });
}

async function importGhost(posts: readonly Post[], media: string[], choices = {}) {
  const file = await put('export.json', ghostExport(posts));
  return trial.importFiles(file, { site: 'https://old.example', media, pictures, firstWait: 1, ...choices });
}

const articles = () =>
  trial.rows<{
    slug: string;
    body_source: string;
    body_html: string;
    cover_url: string | null;
    cover_width: number | null;
  }>('SELECT slug, body_source, body_html, cover_url, cover_width FROM article ORDER BY slug');

const JPEG = /\/media\/[0-9a-f]{32}-120x80\.jpg/;

describe('from a folder', () => {
  test('covers and pictures of bodies are copied, and a second import reads no file again', async () => {
    await put('uploads/2020/01/a swift.jpg', jpeg);
    await put('uploads/2020/01/b.png', png);
    const posts = [
      {
        html: `<p><img src="__GHOST_URL__/wp-content/uploads/2020/01/a%20swift-300x200.jpg" alt="A" srcset="x.jpg 2x"></p>
          <p><a href='https://www.old.example/uploads/2020/01/b.png'><img src="/uploads/2020/01/b.png?w=30&amp;x=1" alt="B"/></a></p>`,
        image: '__GHOST_URL__/uploads/2020/01/b.png',
      },
      { html: '<p>No picture</p>' },
    ];
    const report = await importGhost(posts, [join(folder, 'uploads')]);
    expect(notesOf(report)).toEqual({});
    const [first, second] = await articles();
    const [jpg, small] = [/-120x80\.jpg$/, /-30x20\.png$/].map(
      (end) => (names: string[]) => names.find((name) => end.test(name)),
    );
    const names = (await stored()).map((name) => `/media/${name.slice(3)}`);
    expect(names).toHaveLength(2);
    expect(first!.body_source).toContain(`<img src="${jpg!(names)}" alt="A" width="300" height="200">`);
    expect(first!.body_source).toContain(`<a href="${small!(names)}"><img src="${small!(names)}" alt="B" /></a>`);
    expect(first!.body_html).toContain(`<img src="${jpg!(names)}" alt="A" width="300" height="200" />`);
    expect(first).toMatchObject({ cover_url: small!(names), cover_width: 30 });
    expect(second!.body_source).toBe('<p>No picture</p>');

    const before = await trial.everything();
    const added: Buffer[] = [];
    const counting = Object.assign(Object.create(pictures), { add: (bytes: Buffer) => added.push(bytes) });
    const again = await importGhost(posts, [join(folder, 'uploads')], { pictures: counting });
    expect(countsOf(again, 'articles')).toMatchObject({ unchanged: 2 });
    expect(added).toEqual([]);
    expect(await trial.everything()).toEqual(before);
  });

  test('without --media addresses stay, and a later import with it changes the articles', async () => {
    await put('uploads/b.png', png);
    const posts = [{ html: '<p><img src="__GHOST_URL__/uploads/b.png" alt="B"></p>' }];
    await importGhost(posts, []);
    expect((await articles())[0]!.body_source).toContain('https://old.example/uploads/b.png');
    expect(countsOf(await importGhost(posts, [join(folder, 'uploads')], { dryRun: true }), 'articles')).toMatchObject({
      unchanged: 1,
    });
    expect(await stored()).toEqual([]);
    expect(countsOf(await importGhost(posts, [join(folder, 'uploads')]), 'articles')).toMatchObject({ updated: 1 });
    expect((await articles())[0]!.body_source).toMatch(/"\/media\/\w+-30x20\.png"/);
  });

  test('what cannot be copied keeps its address, and is reported with its article', async () => {
    await put('uploads/huge.jpg', Buffer.alloc(100_001, '\xff\xd8\xff', 'latin1'));
    await put('uploads/page.png', '<html>');
    await put('secret/key.png', png);
    await put('uploads/b.png', png);
    await symlink(join(folder, 'secret'), join(folder, 'uploads/link'));
    const sources = [
      '__GHOST_URL__/uploads/none.png',
      '__GHOST_URL__/uploads/huge.jpg',
      '__GHOST_URL__/uploads/page.png',
      '__GHOST_URL__/uploads/..%2fsecret%2fkey.png',
      '__GHOST_URL__/uploads/link/key.png',
      'https://other.example/b.png',
    ];
    const html = sources.map((source) => `<img src="${source}" alt="">`).join('\n');
    const reportFile = join(folder, 'report.ndjson');
    const report = await importGhost([{ html, image: '/uploads/none.jpg' }], [join(folder, 'uploads')], { reportFile });
    expect(notesOf(report)).toEqual({
      'pictures were not copied: no file was found': 4,
      'pictures were not copied: larger than 0.1 MB': 1,
      'pictures were not copied: pictures may be JPEG, PNG, GIF, WebP and AVIF; this file is none of them.': 1,
      'pictures were not copied: they are of another site': 1,
    });
    expect(report.notes[0]!.examples[0]).toMatchObject({
      id: 'u0',
      title: expect.stringMatching(/^T0: https:..old.example.uploads/),
    });
    const [row] = await articles();
    for (const source of sources)
      expect(row!.body_source).toContain(`src="${source.replace('__GHOST_URL__', 'https://old.example')}"`);
    expect(row!.cover_url).toBeNull();
    expect(await stored()).toEqual([]);
  });

  test('a form of WordPress that is cut keeps its own file', async () => {
    await put('uploads/a.jpg', jpeg);
    await put('uploads/a-20x20.jpg', await picture(20, 20).jpeg().toBuffer());
    await importGhost(
      [
        {
          html: '<img src="/uploads/a-20x20.jpg" alt=""> <img src="/uploads/a-60x40.jpg" alt="" width="60" height="40">',
        },
      ],
      [join(folder, 'uploads')],
    );
    const [row] = await articles();
    expect(row!.body_source).toMatch(
      /-20x20\.jpg" alt="" width="20" height="20"> <img src="\/media\/\w+-120x80\.jpg" alt="" width="60" height="40">/,
    );
  });
});

test('pictures beside a Markdown page, in its site and in its front matter are copied; code stays', async () => {
  await put(
    'site/content/posts/swifts/index.md',
    `---
title: Swifts
date: 2024-01-01
cover: {image: bird one.jpg, alt: A swift}
---
![A swift](<bird one.jpg> "High") and [![small](sub/b.png)](sub/b.png)

![up](../../assets/c.png) ![front](/img/d.png) ![none](none.png) ![odd](<odd (1.png>)

![ref][d]

\`![code](sub/b.png)\`

\`\`\`
![code](sub/b.png)
\`\`\`

[d]: /img/d.png "D"
`,
  );
  await put('site/content/posts/swifts/bird one.jpg', jpeg);
  await put('site/content/posts/swifts/sub/b.png', png);
  await put('site/content/assets/c.png', await picture(10, 10).png().toBuffer());
  await put('site/static/img/d.png', await picture(11, 11).png().toBuffer());
  const report = await trial.importFiles(join(folder, 'site'), {
    media: [join(folder, 'site')],
    pictures,
    site: 'https://new.example',
  });
  expect(notesOf(report)).toEqual({ 'pictures were not copied: no file was found': 2 });
  const [row] = await articles();
  expect(row!.body_html).toContain('<img src="https://new.example/posts/swifts/odd%20(1.png" alt="odd" />');
  const small = /\(\/media\/\w+-30x20\.png\)/.source;
  expect(row!.cover_url).toMatch(JPEG);
  expect(row!.body_source).toMatch(
    new RegExp(String.raw`!\[A swift\]\(${JPEG.source} "High"\) and \[!\[small\]${small}\]${small}`),
  );
  expect(row!.body_source).toMatch(
    /!\[up\]\(\/media\/\w+-10x10\.png\) !\[front\]\(\/media\/\w+-11x11\.png\) !\[none\]\(https:\/\/new\.example\/posts\/swifts\/none\.png\)/,
  );
  expect(row!.body_source).toMatch(/^\[d\]: \/media\/\w+-11x11\.png "D"$/m);
  expect(row!.body_source.match(/!\[code\]\(sub\/b\.png\)/g)).toHaveLength(2);
});

test('a picture that was kept before the database was made gets its row, so that backups have it', async () => {
  const { name } = await pictures.add(png, async () => {});
  await put('site/a.md', `---\ntitle: A\ndate: 2024-01-01\n---\n![a](/media/${name})\n`);
  await trial.importFiles(join(folder, 'site'), { media: [join(folder, 'site')], pictures });
  expect(await trial.rows('SELECT name, unused_since FROM picture')).toEqual([{ name, unused_since: null }]);
});

describe('from the site', () => {
  test('pictures are fetched once, tried again, and followed through redirects', async () => {
    const site = await openSite((request, response) => {
      if (request.url === '/a.jpg') response.end(jpeg);
      else if (request.url === '/moved.png') response.writeHead(301, { location: '/new%20place.png' }).end();
      else if (request.url === '/new%20place.png') response.end(png);
      else if (request.url === '/busy.jpg')
        site.asked.filter((path) => path === '/busy.jpg').length < 3
          ? response.writeHead(503, { 'retry-after': '0' }).end()
          : response.end(jpeg);
      else response.writeHead(404).end();
    });
    const html = ['a.jpg', 'a.jpg', 'a-60x40.jpg', 'moved.png', 'busy.jpg', 'none.jpg']
      .map((name) => `<img src="__GHOST_URL__/${name}" alt="">`)
      .join('');
    const report = await importGhost([{ html }, { html: '<img src="/a.jpg" alt="">' }], [site.url]);
    expect(notesOf(report)).toEqual({ 'pictures were not copied: the site answers with 404': 1 });
    expect(site.asked.sort()).toEqual([
      '/a.jpg',
      '/busy.jpg',
      '/busy.jpg',
      '/busy.jpg',
      '/moved.png',
      '/new%20place.png',
      '/none.jpg',
    ]);
    expect((await articles()).map(({ body_source: source }) => source.match(/\/media\//g)?.length)).toEqual([5, 1]);
    site.asked.length = 0;
    await importGhost([{ html }, { html: '<img src="/a.jpg" alt="">' }], [site.url]);
    expect(site.asked).toEqual(['/none.jpg']);
  });

  test('no private address is asked unless it was named, neither by a name, nor after a redirect', async () => {
    const inner = await openSite((_, response) => response.end(jpeg));
    const site = await openSite((request, response) => {
      const targets: Record<string, string> = {
        '/2.jpg': 'http://169.254.169.254/latest',
        '/3.jpg': 'http://localhost',
        '/4.jpg': 'http://[::ffff:127.0.0.1]',
        '/5.jpg': 'http://0x7f.1',
        '/6.jpg': 'file:///etc',
      };
      response.writeHead(302, { location: `${targets[request.url!] ?? inner.url}/secret.jpg` }).end();
    });
    const html = [1, 2, 3, 4, 5, 6].map((name) => `<img src="__GHOST_URL__/${name}.jpg" alt="">`).join('');
    const report = await importGhost([{ html }], [site.url]);
    expect(notesOf(report)).toEqual({
      'pictures were not copied: the address has a port, and its site was not named with --media': 1,
      'pictures were not copied: the address is not public, and its site was not named with --media': 4,
      'pictures were not copied: the address is none of http or https, or has a password': 1,
    });
    expect(inner.asked).toEqual([]);
  });

  test('endless, slow and broken answers end, and so does asking a site that never answers', async () => {
    const site = await openSite((request, response) => {
      if (request.url === '/endless.jpg') {
        const timer = setInterval(() => response.write(Buffer.alloc(50_000, '\xff\xd8\xff', 'latin1')), 1);
        response.once('close', () => clearInterval(timer));
      } else if (request.url === '/announced.jpg')
        response.writeHead(200, { 'content-length': 10_000_000_000 }).write('x');
      else if (request.url === '/loop.jpg') response.writeHead(302, { location: '/loop.jpg' }).end();
      else request.socket.destroy();
    });
    const names = ['endless', 'announced', 'loop', ...Array.from({ length: 40 }, (_, index) => `dead${index}`)];
    const report = await importGhost(
      [{ html: names.map((name) => `<img src="/${name}.jpg" alt="">`).join('') }],
      [site.url],
    );
    const notes = notesOf(report);
    expect(notes).toMatchObject({
      'pictures were not copied: larger than 0.1 MB': 2,
      'pictures were not copied: the site redirects too often': 1,
    });
    expect(Object.values(notes).reduce((sum, count) => sum + count)).toBe(43);
    expect(
      notes['pictures were not copied: the site does not answer, and was not asked for more of them'],
    ).toBeGreaterThan(0);
    expect(await stored()).toEqual([]);
  });

  test('an import that is interrupted leaves no partial file, and the next one goes on from there', async () => {
    const interruption = new AbortController();
    const site = await openSite((request, response) => {
      if (request.url === '/a.jpg') response.end(jpeg);
      else if (!interruption.signal.aborted) {
        interruption.abort();
        response.write(png.subarray(0, 20));
      } else response.end(png);
    });
    // Ten articles are read at a time.
    const long = Array.from({ length: 11 }, (_, index) => ({
      html: `<img src="/${index < 10 ? 'a.jpg' : 'b.png'}" alt="">`,
    }));
    await expect(importGhost(long, [site.url], { signal: interruption.signal })).rejects.toThrow();
    expect((await trial.rows('SELECT FROM article')).length).toBe(0);
    expect((await stored()).filter((name) => name.endsWith('.partial'))).toEqual([]);
    site.asked.length = 0;
    await importGhost(long, [site.url]);
    expect(site.asked).toEqual(['/b.png']);
    expect((await stored()).map((name) => name.slice(36))).toEqual(expect.arrayContaining(['120x80.jpg', '30x20.png']));
  });
});

test('a place that is neither a folder nor an address is refused before anything is read', async () => {
  await expect(importGhost([], ['ftp://old.example/'])).rejects.toThrow('neither a folder nor an address');
  await expect(importGhost([], [join(folder, 'none')])).rejects.toThrow('is no folder');
  await expect(importGhost([], [folder], { pictures: null })).rejects.toThrow('MEDIA');
});
