import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readWhole } from '../src/media/read-whole.ts';
import type { S3Options } from '../src/media/s3-client.ts';
import type { S3Place } from '../src/media/s3-place.ts';
import { objectAddress, readBucketAddress } from '../src/media/s3-place.ts';
import { S3Store } from '../src/media/s3-store.ts';
import { type Fault, openS3Server, S3_KEY, type S3Server } from './fixtures/s3-server.ts';

const NAME = '0123456789abcdef0123456789abcdef-40x30.png';
/** More than the buffers of a connection hold, so that one can be cut in the middle. */
const BYTES = Buffer.alloc(3_000_000, 'picture ');

let server: S3Server;
let store: S3Store;

const open = (choices: Partial<S3Place> = {}, options: S3Options = {}): S3Store =>
  new S3Store(
    {
      ...{ bucket: 'pictures', prefix: 'site/', region: 'eu-central-1', endpoint: server.url },
      credentials: { accessKeyId: S3_KEY.id, secretAccessKey: S3_KEY.secret },
      ...choices,
    },
    { firstWait: 1, ...options },
  );

/** The faults of the next requests. */
function failNext(...faults: (Fault | null)[]): void {
  server.fault = () => faults.shift() ?? null;
}

beforeAll(async () => {
  server = await openS3Server();
  store = open();
});

afterAll(async () => {
  await store.close();
  await server.close();
});

beforeEach(() => {
  server.fault = () => null;
  server.objects.clear();
  server.asked.length = 0;
});

const readOf = async (): Promise<Buffer> => readWhole((await store.open(NAME))!);

describe('a bucket', () => {
  it('has what was written, whole and in parts, until it is removed', async () => {
    expect([await store.has(NAME), await store.open(NAME)]).toEqual([false, null]);
    await store.write(NAME, BYTES);
    expect(server.objects.get(`pictures/site/${NAME}`)).toMatchObject({ type: 'image/png' });
    expect((await readOf()).equals(BYTES)).toBe(true);
    const file = (await store.open(NAME))!;
    expect(file.size).toBe(BYTES.length);
    const parts = await file.stream({ start: 1_000_000, end: 1_000_006 }).toArray();
    expect(Buffer.concat(parts).toString()).toBe('picture');
    await store.write(NAME, BYTES);
    expect(server.asked.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
    await (await store.open(NAME))!.close();
    await store.remove(NAME);
    await store.remove(NAME);
    expect(await store.has(NAME)).toBe(false);
  });

  it('serves others while many pictures are not read', async () => {
    await store.write(NAME, BYTES);
    const unread = await Promise.all(Array.from({ length: 40 }, () => store.open(NAME)));
    expect(await store.has(NAME)).toBe(true);
    for (const file of unread) await file!.close();
  });

  it('is checked by a file that does not stay', async () => {
    expect(await store.check()).toEqual({ place: 's3://pictures/site/', free: null });
    expect(server.objects.size).toBe(0);
  });

  it('has no names that lead elsewhere', async () => {
    for (const name of ['../a.png', 'a/b.png', 'a%2fb.png', '.png', 'a.png?x', ''])
      await expect(store.open(name)).rejects.toThrow('no name of a picture');
    expect(server.asked).toEqual([]);
  });

  it('takes credentials that hold for some time', async () => {
    const other = open({
      credentials: { accessKeyId: S3_KEY.id, secretAccessKey: S3_KEY.secret, sessionToken: 'T/=+' },
    });
    await other.write(NAME, BYTES);
    expect(server.objects.size).toBe(1);
    await other.close();
  });
});

describe('a bucket that fails', () => {
  it.each<[string, Fault]>([
    ['500', { status: 500, code: 'InternalError' }],
    ['503', { status: 503, code: 'SlowDown' }],
    ['a connection that is cut', 'cut'],
  ])('is asked again after %s', async (_what, fault) => {
    failNext(fault, fault, null, fault, fault);
    await store.write(NAME, BYTES);
    failNext(fault, fault);
    expect((await readOf()).equals(BYTES)).toBe(true);
  });

  it('is asked again after no answer, and after an error that never ends', async () => {
    await store.write(NAME, BYTES);
    const impatient = open({}, { idleLimit: 3_000 });
    failNext('silent', { status: 503, neverEnds: true });
    expect((await readWhole((await impatient.open(NAME))!)).equals(BYTES)).toBe(true);
    await impatient.close();
  });

  it('has nothing of an upload that never arrives whole', async () => {
    server.fault = ({ method }) => (method === 'PUT' ? 'cut' : null);
    await expect(store.write(NAME, BYTES)).rejects.toMatchObject({ name: 'StoreError' });
    expect(server.asked.filter((line) => line.startsWith('PUT'))).toHaveLength(3);
    expect(server.objects.size).toBe(0);
    expect(await store.open(NAME)).toBeNull();
  });

  it.each<[string, Fault, string]>([
    ['403', { status: 403, code: 'AccessDenied' }, 's3:ListBucket'],
    ['400 without a body of S3', { status: 400 }, 'Fault'],
  ])('is not asked again after %s', async (_what, fault, message) => {
    server.fault = () => fault;
    await expect(store.open(NAME)).rejects.toThrow(message);
    expect(server.asked).toHaveLength(1);
  });

  it('says what is wrong with its configuration', async () => {
    const other = open({ bucket: 'other' });
    await expect(other.write(NAME, BYTES)).rejects.toMatchObject({ code: 'NoSuchBucket' });
    const wrong = open({ credentials: { accessKeyId: S3_KEY.id, secretAccessKey: 'x' } });
    await expect(wrong.open(NAME)).rejects.toThrow('AWS_SECRET_ACCESS_KEY');
    const gone = open({ endpoint: 'http://127.0.0.1:1' });
    await expect(gone.has(NAME)).rejects.toMatchObject({ name: 'StoreError', code: 'ECONNREFUSED' });
    for (const one of [other, wrong, gone]) await one.close();
  });

  it('ends a file that it does not send whole', async () => {
    await store.write(NAME, BYTES);
    failNext('half');
    await expect(readOf()).rejects.toMatchObject({ name: 'StoreError' });
  });
});

describe('the address of an object', () => {
  it.each([
    ['s3://pics', {}, 'https://pics.s3.eu-central-1.amazonaws.com/a.png'],
    ['s3://my.pics/b/c//', {}, 'https://s3.eu-central-1.amazonaws.com/my.pics/b/c/a.png'],
    ['s3://pics/b', { endpoint: 'https://minio.example:9000/' }, 'https://minio.example:9000/pics/b/a.png'],
    ['s3://pics', { region: 'cn-north-1' }, 'https://pics.s3.cn-north-1.amazonaws.com.cn/a.png'],
    ['s3://pics/../x', {}, null],
    ['s3://Pics', {}, null],
    ['/folder', {}, null],
  ])('of %s', (address, choices, url) => {
    const place = readBucketAddress(address);
    const rest = { region: 'eu-central-1', endpoint: null, credentials: { accessKeyId: '', secretAccessKey: '' } };
    expect(place && objectAddress({ ...rest, ...place, ...choices }, 'a.png').href).toBe(url);
  });
});
