import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportArchive } from '../src/archive/index.ts';
import { type Config, readConfig } from '../src/config.ts';
import { importFiles } from '../src/import/index.ts';
import { openPictures, prunePictures } from '../src/media/index.ts';
import type { Pictures } from '../src/media/pictures.ts';
import { openFormatTrial } from './fixtures/format-trial.ts';
import { photo, picture } from './fixtures/pictures.ts';
import { openS3Server, S3_KEY, type S3Server } from './fixtures/s3-server.ts';
import { notesOf } from './fixtures/wordpress/trial.ts';
import { startGateway, type TestGateway, tokenOf } from './gateway.ts';
import { write } from './seed.ts';

let server: S3Server;
let gateway: TestGateway;
let config: Config;
/** Another gateway's. */
let pictures: Pictures;

beforeAll(async () => {
  server = await openS3Server();
  const environment = {
    MEDIA: 's3://pictures/site',
    AWS_ENDPOINT_URL_S3: server.url,
    AWS_ACCESS_KEY_ID: S3_KEY.id,
    AWS_SECRET_ACCESS_KEY: S3_KEY.secret,
  };
  config = readConfig({ ...environment, DATABASE_URL: 'postgres://localhost/none' });
  pictures = openPictures(config)!;
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }), {
    ...environment,
    LOG_LEVEL: 'silent',
  });
});

afterAll(async () => {
  await gateway.stop();
  await pictures.close();
  await server.close();
});

beforeEach(() => {
  server.fault = () => null;
});

const keys = (): string[] => [...server.objects.keys()].map((key) => key.replace('pictures/site/', '')).sort();

async function upload(body: Buffer): Promise<Response> {
  const authorization = `Bearer ${await tokenOf({ name: 'Wes', role: 'WRITER' })}`;
  const headers = { authorization, 'content-type': 'image/jpeg' };
  return fetch(new URL('/media', gateway.url), { method: 'POST', headers, body: new Uint8Array(body) });
}

const get = (name: string, headers = {}) => fetch(new URL(`/media/${name}`, gateway.url), { headers });

describe('a gateway with a bucket', () => {
  let name: string;

  it('keeps what is uploaded there, and serves it with parts and narrower forms', async () => {
    const answer = await upload(await photo(900, 1_400));
    const { image } = (await answer.json()) as { image: { path: string } };
    name = image.path.slice(7);
    expect([answer.status, keys()]).toEqual([201, [name]]);
    expect((await sharp(await (await get(name)).arrayBuffer()).metadata()).width).toBe(1_400);
    const part = await get(name, { range: 'bytes=0-2' });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 0-2/${server.objects.get(`pictures/site/${name}`)!.bytes.length}`,
    ]);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(new Uint8Array([0xff, 0xd8, 0xff]));
    const narrower = await Promise.all([1, 2, 3].map(() => get(`${name}.320.webp`)));
    expect(narrower.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(server.asked.filter((line) => line.startsWith('PUT'))).toHaveLength(2);
    // Another gateway makes none again.
    server.asked.length = 0;
    const file = await pictures.open(`${name}.320.webp`);
    expect(file).toMatchObject({ size: expect.any(Number) });
    if (file !== null && file !== 'original') await file.close();
    expect(server.asked).toEqual([`GET /pictures/site/${name}.320.webp`]);
    expect((await get('0'.repeat(32) + name.slice(32))).status).toBe(404);
  });

  it('answers with 503 while the bucket fails, and nobody keeps that', async () => {
    server.fault = () => ({ status: 403, code: 'AccessDenied' });
    const answers = [
      await get(name),
      await get(`${name}.640.webp`),
      await upload(await picture(9, 9).jpeg().toBuffer()),
    ];
    expect(answers.map(({ status, headers }) => [status, headers.get('cache-control')])).toEqual(
      answers.map(() => [503, 'no-store']),
    );
    expect(await answers[0]!.text()).not.toContain('AccessDenied');
    server.fault = ({ method, url }) => (method === 'GET' && url!.endsWith(name) ? 'half' : null);
    await expect(get(name).then((response) => response.arrayBuffer())).rejects.toThrow();
    server.fault = () => null;
    expect((await get(`${name}.640.webp`)).status).toBe(200);
  });

  it('shows the picture itself while the bucket takes no narrower forms, and does not try each time', async () => {
    server.fault = ({ method }) => (method === 'PUT' ? { status: 403, code: 'QuotaExceeded' } : null);
    server.asked.length = 0;
    for (let time = 0; time < 2; time += 1) {
      const answer = await fetch(new URL(`/media/${name}.960.webp`, gateway.url), { redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).toEqual([302, name]);
    }
    expect(server.asked.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
  });

  it('removes what nothing shows, with its narrower forms', async () => {
    await gateway.sql.query(
      `UPDATE picture SET checked_at = now() - interval '2 days', unused_since = now() - interval '90 days'`,
    );
    const db = {
      query: async ({ text, values }: { text: string; values: readonly unknown[] }) =>
        (await gateway.sql.query({ text, values: [...values], rowMode: 'array' })).rows as never,
    };
    const change = (async (work: (tx: unknown) => Promise<unknown>) => work(db)) as never;
    await prunePictures(pictures, 86_400_000).step({ db, change, wakePublicationReaders() {} });
    expect(keys()).toEqual([]);
  });
});

describe('an import into a bucket', () => {
  it('reports what the bucket does not take, and goes on; another import completes it, and an archive has it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'old site '));
    const trial = await openFormatTrial();
    try {
      for (const [index, colour] of ['#111', '#777', '#eee'].entries())
        await writeFile(join(folder, `${index}.png`), await picture(20, 10, colour).png().toBuffer());
      const text = [0, 1, 2].map((index) => `![p](${index}.png)`).join(' ');
      await writeFile(join(folder, 'a.md'), `---\ntitle: A\ndate: 2024-01-01\n---\n${text}\n`);
      const choices = { site: 'https://old.example', media: [folder], pictures };
      let puts = 0;
      server.fault = ({ method }) => (method === 'PUT' && ++puts === 1 ? { status: 403, code: 'AccessDenied' } : null);
      const report = await trial.importFiles(folder, choices);
      expect(Object.entries(notesOf(report))).toEqual([
        [expect.stringMatching(/^pictures were not copied: the store of pictures answers PUT with AccessDenied/), 1],
      ]);
      expect(keys()).toHaveLength(2);
      expect(notesOf(await trial.importFiles(folder, choices))).toEqual({});
      expect(keys()).toHaveLength(3);

      const { file, pictures: copied } = await exportArchive({
        url: trial.url,
        path: join(folder, 'a.ndjson'),
        pictures,
      });
      expect(copied).toEqual({ copied: 3, missing: 0 });
      const before = keys();
      server.objects.clear();
      const target = await openFormatTrial();
      const into = { files: [file], url: target.url, out: new PassThrough().resume(), pictures };
      server.fault = ({ method, url }) =>
        method === 'PUT' && url!.endsWith(before[0]!) ? { status: 403, code: 'AccessDenied' } : null;
      expect((await importFiles(into)).notes).toMatchObject([
        { reason: expect.stringContaining('AccessDenied'), count: 1 },
      ]);
      expect(keys()).toEqual(before.slice(1));
      await target.close();
    } finally {
      await trial.close();
      await rm(folder, { recursive: true });
    }
  });
});
