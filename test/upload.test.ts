import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { createChange } from '../src/change.ts';
import { FolderStore, openPictures, prunePictures, prunePicturesNow } from '../src/media/index.ts';
import { PictureConverter } from '../src/media/picture-converter.ts';
import { Pictures } from '../src/media/pictures.ts';
import { photo, picture } from './fixtures/pictures.ts';
import { startGateway, type TestGateway, tokenOf, until } from './gateway.ts';
import { write } from './seed.ts';

let folder: string;
let gateway: TestGateway;
let jpeg: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uploads '));
  jpeg = await photo(900, 1_400);
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1, kind: 'STAFF' }], articles: [{ id: 1 }] }), {
    MEDIA: folder,
    MEDIA_MAX_SIZE: '500kB',
    MEDIA_URL: 'https://cdn.example/m/',
    RATE_LIMITS: 'memory',
    CORS_ORIGINS: 'https://editor.example',
  });
});

afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true });
});

type Role = 'READER' | 'WRITER' | 'MODERATOR' | 'ADMIN';

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: { image?: Image; errors?: { message: string; extensions: { code: string } }[] };
}

interface Image {
  url: string;
  path: string;
  width: number;
  height: number;
  type: string;
  variants: { url: string; width: number }[];
}

interface Upload {
  role?: Role | null;
  name?: string;
  type?: string | null;
  headers?: Record<string, string>;
  method?: string;
}

async function upload(
  body: Buffer | string,
  { role = 'WRITER', name = 'Wes', type = 'image/jpeg', headers = {}, method = 'POST' }: Upload = {},
): Promise<Answer> {
  const authorization = role && `Bearer ${await tokenOf({ name, role })}`;
  const url = new URL('/media', gateway.url);
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method,
      agent: false,
      headers: {
        ...(type && { 'content-type': type }),
        ...(authorization && { authorization }),
        ...(!('transfer-encoding' in headers) && { 'content-length': body.length }),
        ...headers,
      },
    });
    sent.once('response', (response) => {
      text(response).then(
        (received) =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: received ? JSON.parse(received) : {},
          }),
        reject,
      );
    });
    // A body that is refused need not be sent to its end.
    sent.once('error', reject).end(body);
  });
}

const codeOf = ({ status, body }: Answer) => [status, body.errors?.[0]?.extensions.code];
const files = async () => (await readdir(folder, { recursive: true })).filter((name) => name.includes('.'));

describe('POST /media', () => {
  it('keeps the picture of a writer, and says where it is and how large', async () => {
    const { status, headers, body } = await upload(jpeg);
    expect([status, headers.location]).toEqual([201, body.image!.url]);
    expect(body.image).toMatchObject({ width: 1_400, height: 900, type: 'image/jpeg' });
    expect(body.image!.url).toBe(`https://cdn.example/m/${body.image!.path.slice('/media/'.length)}`);
    expect(body.image!.variants.map(({ width }) => width)).toEqual([320, 640, 960, 1_280, 1_400]);
    const rows = await gateway.sql.query('SELECT name, bytes FROM picture');
    expect(rows.rows).toEqual([{ name: body.image!.path.slice(7), bytes: expect.any(Number) }]);
    expect(await files()).toHaveLength(1);
  });

  it('gives an image that updateArticle takes as a cover, by either address', async () => {
    const { image } = (await upload(jpeg)).body;
    const [{ id, version }] = (
      (await gateway.ask('{ articles { nodes { id version } } }')).data as never as {
        articles: { nodes: [{ id: string; version: number }] };
      }
    ).articles.nodes;
    const admin = gateway.as({ name: 'Ada', role: 'ADMIN' });
    for (const [step, url] of [image!.url, image!.path].entries()) {
      const { data } = await admin.ask(
        `mutation ($input: UpdateArticleInput!) { updateArticle(input: $input) {
          ... on ArticleSuccess { article { version cover { url width height variants { width } } } } ... on Error { message } } }`,
        {
          input: {
            id,
            expectedVersion: version + Math.min(step, 1),
            cover: { url, alt: 'A swift' },
            title: `Title ${step}`,
          },
        },
      );
      expect(data).toMatchObject({
        updateArticle: { article: { cover: { url: image!.url, width: 1_400, height: 900, variants: { length: 5 } } } },
      });
    }
    const stored = await gateway.sql.query('SELECT cover_url FROM article');
    expect(stored.rows).toEqual([{ cover_url: image!.path }]);
  });

  it('gives an image that updateProfile takes, by either address', async () => {
    const { image } = (await upload(jpeg)).body;
    const writer = gateway.as({ name: 'Wes', role: 'WRITER' });
    for (const avatarUrl of [image!.url, image!.path]) {
      const { data } = await writer.ask(
        'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { ... on ProfileSuccess { author { avatarUrl } } } }',
        { input: { avatarUrl } },
      );
      expect(data).toEqual({ updateProfile: { author: { avatarUrl: image!.url } } });
      const { rows } = await gateway.sql.query("SELECT avatar_url FROM author WHERE name = 'Wes'");
      expect(rows).toEqual([{ avatar_url: image!.path }]);
    }
  });

  it('answers with 503 while the database fails', async () => {
    const other = new pg.Client({ connectionString: gateway.databaseUrl });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE picture');
    const answer = upload(jpeg);
    const waiting = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO picture%'";
    await until('it waits', async () => (await gateway.sql.query(`SELECT ${waiting}`)).rowCount === 1);
    await gateway.sql.query(`SELECT pg_terminate_backend(pid) ${waiting}`);
    await other.end();
    expect([...codeOf(await answer), (await answer).headers['retry-after']]).toEqual([503, 'SERVICE_UNAVAILABLE', '2']);
  });

  it.each<[string, () => Promise<Answer>, [number, string]]>([
    ['nobody', () => upload(jpeg, { role: null }), [401, 'UNAUTHENTICATED']],
    [
      'a token that is none',
      () => upload(jpeg, { role: null, headers: { authorization: 'Bearer x' } }),
      [401, 'UNAUTHENTICATED'],
    ],
    ['a reader', () => upload(jpeg, { role: 'READER', name: 'Bea' }), [403, 'FORBIDDEN']],
    ['a form', () => upload(jpeg, { type: 'multipart/form-data; boundary=x' }), [415, 'UNSUPPORTED_MEDIA_TYPE']],
    ['a body without a type', () => upload(jpeg, { type: null }), [415, 'UNSUPPORTED_MEDIA_TYPE']],
    ['a coded body', () => upload(jpeg, { headers: { 'content-encoding': 'gzip' } }), [415, 'UNSUPPORTED_MEDIA_TYPE']],
    [
      'an SVG',
      () => upload('<svg xmlns="http://www.w3.org/2000/svg"/>', { type: 'image/svg+xml' }),
      [415, 'UNSUPPORTED_MEDIA_TYPE'],
    ],
    ['an empty body', () => upload(''), [415, 'UNSUPPORTED_MEDIA_TYPE']],
    ['half of a picture', () => upload(jpeg.subarray(0, 1_000)), [422, 'INVALID_INPUT']],
    [
      'many pixels',
      () =>
        picture(16_384, 2)
          .png()
          .toBuffer()
          .then((png) => upload(png)),
      [422, 'INVALID_INPUT'],
    ],
    ['a GET', () => upload('', { method: 'GET' }), [405, 'METHOD_NOT_ALLOWED']],
  ])('refuses %s, and keeps nothing', async (_what, send, expected) => {
    const before = await files();
    expect(codeOf(await send())).toEqual(expected);
    expect(await files()).toEqual(before);
  });

  it('refuses a file that is too large, announced or not', async () => {
    const large = Buffer.alloc(500_001, '\xff\xd8\xff', 'latin1');
    expect(codeOf(await upload('x', { headers: { 'content-length': '500001' } }))).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    expect(codeOf(await upload(large, { headers: { 'transfer-encoding': 'chunked' } }))).toEqual([
      413,
      'PAYLOAD_TOO_LARGE',
    ]);
  });

  it('lets pages of allowed origins send, and no others', async () => {
    const preflight = (origin: string) =>
      upload('', {
        method: 'OPTIONS',
        role: null,
        type: null,
        headers: { origin, 'access-control-request-headers': 'authorization, content-type' },
      });
    expect((await preflight('https://editor.example')).headers['access-control-allow-origin']).toBe(
      'https://editor.example',
    );
    expect((await preflight('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('leaves places for others while one writer sends slowly', async () => {
    const authorization = `Bearer ${await tokenOf({ name: 'Slow', role: 'WRITER' })}`;
    const url = new URL('/media', gateway.url);
    const slow = Array.from({ length: 4 }, () => {
      const headers = { authorization, 'content-type': 'image/jpeg', 'content-length': 1_000, expect: '100-continue' };
      const sent = request(url, { method: 'POST', agent: false, headers });
      sent.on('error', () => {});
      sent.flushHeaders();
      return sent;
    });
    await Promise.all(slow.map((sent) => new Promise((resolve) => sent.once('continue', resolve))));
    for (const sent of slow) sent.write('x');
    expect(codeOf(await upload(jpeg, { name: 'Slow' }))).toEqual([429, 'RATE_LIMITED']);
    expect((await upload(jpeg)).status).toBe(201);
    for (const sent of slow) sent.destroy();
    await until('the places are free again', async () => (await upload(jpeg, { name: 'Slow' })).status === 201);
  });

  it('limits how often a writer may, before the file is read', async () => {
    let refused: Answer | undefined;
    for (let sent = 0; sent < 61 && !refused; sent += 1) {
      const answer = await upload('x', { name: 'Bot' });
      if (answer.status === 429) refused = answer;
    }
    expect([...codeOf(refused!), Number(refused!.headers['retry-after'])]).toEqual([
      429,
      'RATE_LIMITED',
      expect.any(Number),
    ]);
  });
});

/** Uploads a picture of one colour. @returns its name */
async function keep(colour: string): Promise<string> {
  const file = await picture(400, 20, colour).png().toBuffer();
  const { body } = await upload(file, { type: 'image/png', role: 'ADMIN' });
  return body.image!.path.slice('/media/'.length);
}

describe('a picture that nothing shows', () => {
  it('is removed after some time, and never one of an article, a former revision, or a profile', async () => {
    const names: string[] = [];
    for (const digit of [1, 2, 3, 4, 5, 6, 7]) names.push(await keep(`#${digit}00`));
    const [body, revision, avatar, unused, fresh, ofLateBio, ofLateArticle] = names;
    const { sql } = gateway;
    await sql.query(`UPDATE article SET cover_url = NULL, body_source = $1`, [`![](https://cdn.example/m/${body})`]);
    await sql.query(
      `INSERT INTO article_revision (article_id, version, title, slug, excerpt, body_source) VALUES (1, 1000, 't', 's', 'e', $1)`,
      [`<img src="/media/${revision}">`],
    );
    await sql.query('UPDATE author SET avatar_url = $1 WHERE id = 1', [`/media/${avatar}`]);
    await new Promise((resolve) =>
      request(new URL(`/media/${unused}.320.webp`, gateway.url), (response) =>
        response.resume().once('end', resolve),
      ).end(),
    );
    expect((await files()).filter((name) => name.includes(unused!))).toHaveLength(2);

    const pictures = openPictures({ media: folder, mediaMaxSize: 500_000, databaseUrl: null, dataDir: folder })!;
    const db = {
      query: async ({ text: statement, values }: { text: string; values: readonly unknown[] }) =>
        (await sql.query({ text: statement, values: [...values], rowMode: 'array' })).rows as never,
    };
    const job = prunePictures(pictures, 86_400_000);
    let saveBetween = async (): Promise<unknown> => undefined;
    const change = (async (work: (tx: unknown) => Promise<unknown>) => {
      await saveBetween();
      return work(db);
    }) as unknown as ReturnType<typeof createChange>;
    const run = async () => {
      await sql.query(`UPDATE picture SET checked_at = now() - interval '2 days'`);
      await job.step({ db, change, wakePublicationReaders() {} });
      return (await sql.query('SELECT name FROM picture WHERE unused_since IS NOT NULL ORDER BY name')).rows.map(
        ({ name }) => name,
      );
    };
    // The gateway may do the same at the same time.
    expect(await run()).toEqual(expect.arrayContaining([unused, fresh]));
    expect(await run()).not.toContain(body);
    await sql.query(`UPDATE picture SET unused_since = now() - interval '2 days' WHERE name = ANY ($1)`, [
      [unused, fresh, ofLateBio, ofLateArticle],
    ]);
    // Somebody uses it before anybody has looked again.
    await sql.query('UPDATE article SET cover_url = $1', [`/media/${fresh}`]);
    // Somebody saves it after the texts were searched, one of them in a transaction that began before.
    saveBetween = async () => {
      await sql.query(`UPDATE author SET bio_source = $1, updated_at = now() - interval '5 seconds'`, [
        `![](/media/${ofLateBio})`,
      ]);
      await sql.query('UPDATE article SET body_source = body_source || $1, updated_at = now()', [
        `![](/media/${ofLateArticle})`,
      ]);
    };
    await run();
    const left = (await sql.query('SELECT name FROM picture')).rows.map(({ name }) => name);
    expect(left).toEqual(expect.arrayContaining([body, revision, avatar, fresh, ofLateBio, ofLateArticle]));
    expect(left).not.toContain(unused);
    expect((await files()).filter((name) => name.includes(unused!))).toEqual([]);
    await pictures.close();
  });

  it('is removed from a store that takes longer than a transaction may wait', async () => {
    const name = await keep('#800');
    await gateway.sql.query(`UPDATE picture SET unused_since = now() - interval '2 days' WHERE name = $1`, [name]);
    const other = new pg.Client({ connectionString: gateway.databaseUrl });
    other.on('error', () => {});
    await other.connect();
    const db = {
      query: async ({ text: statement, values }: { text: string; values: readonly unknown[] }) =>
        (await other.query({ text: statement, values: [...values], rowMode: 'array' })).rows as never,
    };
    const store = new FolderStore(folder);
    const pictures = new Pictures({ store, converter: new PictureConverter(), maxSize: 1 });
    const remove = store.remove.bind(store);
    const limits = new Set<string>();
    store.remove = async (file) => {
      const { rows } = await other.query('SHOW idle_in_transaction_session_timeout');
      limits.add(rows[0].idle_in_transaction_session_timeout);
      await remove(file);
    };
    const change = async <Result>(work: (tx: typeof db) => Promise<Result>): Promise<Result> => {
      await other.query(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = '10s'`);
      const result = await work(db);
      await other.query('COMMIT');
      return result;
    };
    await prunePicturesNow({ db, change, pictures, kept: 86_400_000 });
    expect((await gateway.sql.query('SELECT FROM picture WHERE name = $1', [name])).rowCount).toBe(0);
    // The store may take any time.
    expect([...limits]).toEqual(['0']);
    await pictures.close();
    await other.end();
  });

  it('is looked for by the gateway itself once a day', async () => {
    await gateway.sql.query(`UPDATE picture SET checked_at = now() - interval '2 days'`);
    await until('the gateway has looked for pictures', async () => {
      const { rows } = await gateway.sql.query(
        `SELECT count(*)::int AS old FROM picture WHERE checked_at < now() - interval '1 day'`,
      );
      return rows[0].old === 0;
    });
  });
});
