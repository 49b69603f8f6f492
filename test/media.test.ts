import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readPictureName } from '../schema/content/picture/picture-name.ts';
import { renderText } from '../schema/content/text/render.ts';
import { FolderStore, openPictures } from '../src/media/index.ts';
import { PictureConverter } from '../src/media/picture-converter.ts';
import { PictureProcess, startPictureWorker } from '../src/media/picture-process.ts';
import { Pictures } from '../src/media/pictures.ts';
import { ownProgram } from '../src/own-program.ts';
import { photo, picture } from './fixtures/pictures.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let folder: string;
let gateway: TestGateway;
let pictures: Pictures;
/** Names of a large JPEG that was taken sideways, and of a small PNG. */
let large: string;
let small: string;

const record = async (): Promise<void> => {};
const add = async (bytes: Buffer): Promise<string> => (await pictures.add(bytes, record)).name;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'media folder '));
  pictures = openPictures({ media: folder, mediaMaxSize: 5_000_000, databaseUrl: null, dataDir: folder })!;
  large = await add(await photo(900, 1_400));
  small = await add(await picture(64, 48).png().toBuffer());
  gateway = await startGateway(
    async (sql) => {
      await write(sql, { authors: [{ id: 1 }], articles: [{ id: 1, cover: true }] });
      const text = [
        `![A swift](/media/${large})`,
        `<img src="/media/${large}" alt="b" width="300" height="193" loading="eager">`,
        `[![c](/media/${small})](/media/${large})`,
        `[f](/media/${large}.640.webp)`,
        `![d](/media/none.jpg) ![e](https://other.example/media/${large})`,
      ].join('\n\n');
      await sql.query('UPDATE article SET body_html = $1, cover_url = $2', [
        renderText(text, 'MARKDOWN', 'article').html,
        `/media/${large}`,
      ]);
    },
    { MEDIA: folder, MEDIA_URL: 'https://cdn.example/m/', PUBLIC_URL: 'https://news.example/blog/' },
  );
});

afterAll(async () => {
  await gateway.stop();
  await pictures.close();
  await rm(folder, { recursive: true });
});

/** A PNG of so many pixels, of which it has none. */
async function pngOf(width: number, height: number): Promise<Buffer> {
  const png = await picture(1, 1).png().toBuffer();
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Not a URL: that would normalise the path.
    const { hostname, port } = new URL(gateway.url);
    request({ hostname, port, path, method, headers, agent: false }, (response) => {
      buffer(response).then(
        (body) => resolve({ status: response.statusCode!, headers: response.headers, body }),
        reject,
      );
    })
      .once('error', reject)
      .end();
  });
}

it('pictures are decoded by the sources, too', async () => {
  const worker = startPictureWorker(ownProgram('media/picture-worker.ts'));
  expect(await once(worker, 'message')).toMatchObject([{ ready: true }, undefined]);
  worker.kill();
  await once(worker, 'close');
});

describe('a picture that is taken', () => {
  it('is turned upright, and has nothing of what the camera wrote', async () => {
    expect(large).toMatch(/^[0-9a-f]{32}-1400x900\.jpg$/);
    const { body } = await get(`/media/${large}`);
    const metadata = await sharp(body).metadata();
    expect(metadata).toMatchObject({ width: 1_400, height: 900 });
    expect([metadata.exif, metadata.orientation, metadata.xmp]).toEqual([undefined, undefined, undefined]);
    expect(body.includes('Secretphone')).toBe(false);
  });

  it('has the same name when it is taken again, and leaves no other file', async () => {
    expect(await add(await photo(900, 1_400))).toBe(large);
    const files = await readdir(folder, { recursive: true });
    expect(files.filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('keeps its type and its frames', async () => {
    const frames = await Promise.all(['#111', '#eee'].map((colour) => picture(40, 30, colour).png().toBuffer()));
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const name = await add(gif);
    expect(name).toMatch(/-40x30\.gif$/);
    expect(await sharp((await get(`/media/${name}`)).body, { animated: true }).metadata()).toMatchObject({ pages: 2 });
    const webp = await sharp(frames, { join: { animated: true } })
      .withMetadata({ orientation: 3 })
      .webp()
      .toBuffer();
    const first = await sharp((await get(`/media/${await add(webp)}`)).body).stats();
    expect(first.channels[0]!.mean).toBeCloseTo(0x11, -1);
    expect(await add(await picture(40, 30).avif().toBuffer())).toMatch(/-40x30\.webp$/);
    expect(await add(await picture(40, 30).webp().toBuffer())).toMatch(/-40x30\.webp$/);
  });
});

describe('what is no picture, or too much of one', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['HTML', () => Buffer.from('<html><script>alert(1)</script>'), 'WRONG_TYPE'],
    ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'WRONG_TYPE'],
    ['a TIFF', () => picture(4, 4).tiff().toBuffer(), 'WRONG_TYPE'],
    ['an empty file', () => Buffer.alloc(0), 'WRONG_TYPE'],
    ['a larger file', () => Buffer.alloc(5_000_001), 'TOO_LARGE'],
    ['the beginning of a JPEG alone', async () => (await photo(900, 600)).subarray(0, 600), 'UNREADABLE'],
    ['a PNG that ends early', async () => (await picture(400, 400).png().toBuffer()).subarray(0, 100), 'UNREADABLE'],
    ['an SVG behind the first bytes of a JPEG', () => Buffer.from('\xff\xd8\xff<svg/>', 'latin1'), 'UNREADABLE'],
    ['a PNG that says to have 100 million pixels', () => pngOf(10_000, 10_000), 'TOO_MANY_PIXELS'],
    ['a PNG with a long side', () => picture(20_000, 1).png().toBuffer(), 'TOO_MANY_PIXELS'],
  ])('%s is refused', async (_what, make, fault) => {
    await expect(Promise.resolve(make()).then(add)).rejects.toMatchObject({ name: 'PictureError', fault });
  });

  it('leaves the next picture alone', async () => {
    expect(await add(await picture(64, 48).png().toBuffer())).toBe(small);
  });
});

describe('two gateways on one folder', () => {
  it('take the same picture and make the same narrower form at the same time, and each has it once', async () => {
    const other = openPictures({ media: folder, mediaMaxSize: 5_000_000, databaseUrl: null, dataDir: folder })!;
    const bytes = await picture(700, 300, '#2a6').png().toBuffer();
    const [name, same] = await Promise.all([add(bytes), other.add(bytes, record).then((stored) => stored.name)]);
    expect(same).toBe(name);
    const answers = await Promise.all([
      ...[1, 2, 3].map(() => get(`/media/${name}.640.webp`)),
      other.open(`${name}.640.webp`).then(async (file) => {
        if (file === null || file === 'original') throw new Error('It was not made.');
        return { status: 200, body: await buffer(file.stream()) };
      }),
    ]);
    for (const { status, body } of answers) expect([status, body.equals(answers[0]!.body)]).toEqual([200, true]);
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.includes(`/${name}`));
    expect(files.map((file) => file.slice(3)).sort()).toEqual([name, `${name}.640.webp`]);
    await other.close();
  });
});

describe('GET /media/', () => {
  it('answers with type, size and headers that let everybody keep it', async () => {
    const { status, headers, body } = await get(`/media/${small}`);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(body.length),
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      etag: `"${small}"`,
      'accept-ranges': 'bytes',
      'access-control-allow-origin': '*',
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect((await get(`/media/${small}`, { 'if-none-match': `"x", W/"${small}"` })).status).toBe(304);
  });

  it('answers HEAD without a body', async () => {
    const whole = await get(`/media/${large}`);
    const { status, headers, body } = await get(`/media/${large}`, {}, 'HEAD');
    expect([status, headers['content-length'], body.length]).toEqual([200, String(whole.body.length), 0]);
  });

  it('sends the part that is asked for', async () => {
    const { body: whole } = await get(`/media/${large}`);
    const size = whole.length;
    const part = async (range: string, more = {}) => {
      const { status, headers, body } = await get(`/media/${large}`, { range, ...more });
      return [status, headers['content-range'], body.equals(whole) ? 'all' : body.toString('hex')];
    };
    const hex = (from: number, to: number) => whole.subarray(from, to).toString('hex');
    expect(await part('bytes=0-9')).toEqual([206, `bytes 0-9/${size}`, hex(0, 10)]);
    expect(await part(`bytes=${size - 3}-`)).toEqual([
      206,
      `bytes ${size - 3}-${size - 1}/${size}`,
      hex(size - 3, size),
    ]);
    expect(await part('bytes=-4')).toEqual([206, `bytes ${size - 4}-${size - 1}/${size}`, hex(size - 4, size)]);
    expect(await part(`bytes=5-${size * 2}`)).toEqual([206, `bytes 5-${size - 1}/${size}`, hex(5, size)]);
    expect(await part(`bytes=${size}-`)).toEqual([416, `bytes */${size}`, '']);
    expect(await part('bytes=-0')).toEqual([416, `bytes */${size}`, '']);
    for (const range of ['bytes=9-3', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=-', 'bytes=a-b'])
      expect(await part(range)).toEqual([200, undefined, 'all']);
    expect(await part('bytes=0-9', { 'if-range': '"another"' })).toEqual([200, undefined, 'all']);
    expect(await part('bytes=0-9', { 'if-range': `"${large}"` })).toEqual([206, `bytes 0-9/${size}`, hex(0, 10)]);
  });

  it('makes the narrower forms that the graph names when they are asked for, once, and no others', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => get(`/media/${large}.640.webp`)));
    for (const { status, headers, body } of answers) {
      expect([status, headers['content-type']]).toEqual([200, 'image/webp']);
      expect(await sharp(body).metadata()).toMatchObject({ format: 'webp', width: 640, height: 411 });
    }
    const files = await readdir(folder, { recursive: true });
    expect(files.filter((name) => name.includes(`${large}.640.`)).length).toBe(1);
    for (const width of ['641', '1920', '0640', '99999', ''])
      expect((await get(`/media/${large}.${width}.webp`)).status).toBe(404);
  });

  it.each([
    '/media/',
    '/media/none.jpg',
    '/media/../media.test.ts',
    '/media/..%2f..%2fetc%2fpasswd',
    '/media/%2e%2e/x',
    `/media/x/${'0'.repeat(32)}-1x1.jpg`,
    `/media/${'0'.repeat(32)}-1x1.jpg`,
    `/media/${'0'.repeat(32)}-1x1.svg`,
    `/media/${'0'.repeat(32)}-640x640.jpg.320.webp`,
    '/media/%00',
  ])('has nothing at %j', async (path) => {
    const { status, body } = await get(path);
    expect([404, 400]).toContain(status);
    expect(body.toString()).not.toContain('root:');
  });

  it('refuses other methods', async () => {
    expect(await get(`/media/${small}`, {}, 'DELETE')).toMatchObject({ status: 405 });
    expect((await readFile(join(folder, small.slice(0, 2), small))).length).toBeGreaterThan(0);
  });

  it('shows the picture itself where a narrower form cannot be made', async () => {
    const { data, info } = await sharp({ create: { width: 700, height: 10, channels: 3, background: '#fff' } })
      .png()
      .toBuffer({ resolveWithObject: true });
    const name = `${'f'.repeat(32)}-${info.width}x${info.height}.png`;
    await pictures.store.write(name, data.subarray(0, 80));
    const { status, headers } = await get(`/media/${name}.320.webp`);
    expect([status, headers.location, headers['cache-control']]).toEqual([302, name, 'no-store']);
    const closed = openPictures({ media: folder, mediaMaxSize: 5_000_000, databaseUrl: null, dataDir: folder })!;
    await closed.close();
    const failures: unknown[] = [];
    expect(await closed.open(`${large}.320.webp`, (error) => failures.push(error))).toBe('original');
    expect(failures).toEqual([expect.any(Error)]);
  });
});

describe('narrower forms', () => {
  it('leave no file when their picture is removed while one is made', async () => {
    const converter = new PictureConverter();
    const path = join(folder, 'removed');
    const store = new (class extends FolderStore {
      override async write(name: string, bytes: Buffer): Promise<void> {
        // As another gateway does when nothing shows the picture any more.
        if (name !== taken) await removing.remove(taken);
        await super.write(name, bytes);
      }
    })(path);
    const removing = new Pictures({ store, converter, maxSize: 5_000_000 });
    let taken = '';
    await removing.add(await photo(900, 1_400), async ({ name }) => {
      taken = name;
    });
    expect(await removing.open(`${taken}.320.webp`)).toBe('original');
    expect((await readdir(path, { recursive: true })).filter((file) => file.includes('.'))).toEqual([]);
    await removing.close();
  });

  it('are made after pictures that are uploaded', async () => {
    const converter = new PictureConverter();
    const bytes = await picture(400, 300).png().toBuffer();
    const begun = vi.spyOn(PictureProcess.prototype, 'convert');
    const convert = (width: number | null) => converter.convert({ bytes, width });
    await Promise.all([...Array.from({ length: 10 }, () => convert(320)), convert(null)]);
    const order = begun.mock.calls.map(([{ task }]) => task.width);
    begun.mockRestore();
    // One or two were begun before it.
    expect(order.indexOf(null)).toBeLessThanOrEqual(2);
    await converter.close();
  });

  it.each([
    ['200 pictures', 1_000, 201],
    ['256 MB', 100_000_000, 3],
  ])('have no more than %s read at a time', async (_what, size, count) => {
    const reading: Readable[] = [];
    const store = new FolderStore(folder);
    store.has = async () => true;
    store.open = async (name) => {
      if (readPictureName(name) === null) return null;
      const stream = () => {
        reading.push(new Readable({ read() {} }));
        return reading.at(-1)!;
      };
      return { size, stream, async close() {} };
    };
    const many = new Pictures({ store, converter: new PictureConverter(), maxSize: 1 });
    const name = (index: number): string => `${String(index).padStart(32, '0')}-400x300.png.320.webp`;
    const asked = Array.from({ length: count }, (_, index) => many.open(name(index)));
    expect(await Promise.race(asked)).toBe('original');
    expect(reading).toHaveLength(count - 1);
    for (const stream of reading) stream.destroy(new Error('It is enough.'));
    expect(await Promise.all(asked)).toEqual(asked.map(() => 'original'));
    await many.close();
  });
});

interface Articles {
  articles: { nodes: [{ cover: unknown; body: { html: string } }] };
}

describe('the graph', () => {
  it('has the forms of a stored cover for srcset, without a statement', async () => {
    const { data, statements } = await gateway.ask(
      '{ articles { nodes { cover { url width height variants { url width height type } } } } }',
    );
    const [{ cover }] = (data as unknown as Articles).articles.nodes;
    expect(cover).toEqual({
      url: `https://cdn.example/m/${large}`,
      width: 640,
      height: 480,
      variants: [
        { url: `https://cdn.example/m/${large}.320.webp`, width: 320, height: 206, type: 'image/webp' },
        { url: `https://cdn.example/m/${large}.640.webp`, width: 640, height: 411, type: 'image/webp' },
        { url: `https://cdn.example/m/${large}.960.webp`, width: 960, height: 617, type: 'image/webp' },
        { url: `https://cdn.example/m/${large}.1280.webp`, width: 1_280, height: 823, type: 'image/webp' },
        { url: `https://cdn.example/m/${large}`, width: 1_400, height: 900, type: 'image/jpeg' },
      ],
    });
    expect(statements).toHaveLength(1);
  });

  it('completes the stored pictures of a body, and no others', async () => {
    const { data } = await gateway.ask('{ articles { nodes { body { html } } } }');
    const { html } = (data as unknown as Articles).articles.nodes[0].body;
    const at = `https://cdn.example/m/${large}`;
    const srcset = `srcset="${[320, 640, 960, 1_280].map((width) => `${at}.${width}.webp ${width}w`).join(', ')}, ${at} 1400w"`;
    expect(html).toContain(
      `<img src="${at}" alt="A swift" width="1400" height="900" ${srcset} sizes="auto, (max-width: 1400px) 100vw, 1400px" loading="lazy" />`,
    );
    expect(html).toContain(`${srcset} sizes="auto, (max-width: 300px) 100vw, 300px" />`);
    expect(html.match(/width="300"/g)).toHaveLength(1);
    expect(html).toContain(
      `<a href="${at}"><img src="https://cdn.example/m/${small}" alt="c" width="64" height="48" loading="lazy" /></a>`,
    );
    expect(html).toContain(`<a href="${at}.640.webp">f</a>`);
    expect(html).toContain('<img src="https://news.example/media/none.jpg" alt="d" />');
    expect(html).toContain(`<img src="https://other.example/media/${large}" alt="e" />`);
  });
});
