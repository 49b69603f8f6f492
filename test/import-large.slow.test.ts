import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportReport } from '../src/import/report.ts';
import { isSoak } from './chaos/size.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { END, itemOf, startOf } from './fixtures/wordpress/export.ts';
import { compiledProgram } from './program.ts';

/** Megabytes of memory that an import may use for a file of any size. Node and the libraries alone use about 130. */
const MAX_MEGABYTES = 300;

/** The same for an archive, to write it and to read it. */
const MAX_ARCHIVE_MEGABYTES = 200;

/** Sixteen times as many in a soak. */
const ARTICLES = isSoak ? 2_000 : 125;
const COMMENTS_EACH = 8;

/** Characters. With the comments, the file has about 3 MB, or 45. */
const BODY_LENGTH = 20_000;

let database: TestDatabase;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'broadsheet-large-'));
});

afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

interface Measured {
  peakMegabytes: number;
  kinds: ImportReport['kinds'];
}

async function measure(command: 'import' | 'export', file: string, url: string): Promise<Measured> {
  const program = compiledProgram('test/fixtures/wordpress/measure.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, command, file, url]);
  return JSON.parse(stdout);
}

test('the import of a large file uses less than 300 MB of memory', { timeout: 180_000 }, async () => {
  const file = join(directory, 'large.xml');
  const out = createWriteStream(file);
  out.write(startOf({}));
  const paragraph = 'Words of a <em>long</em> article that was written <a href="https://example.com">long ago</a>.\n\n';
  const body = paragraph.repeat(Math.ceil(BODY_LENGTH / paragraph.length));
  for (let id = 1; id <= ARTICLES; id++) {
    const comments = Array.from({ length: COMMENTS_EACH }, (_, index) => {
      const number = id * COMMENTS_EACH + index;
      return { id: number, parent: index === 0 ? 0 : number - 1, email: `${number % 500}@guest.example` };
    });
    if (!out.write(itemOf({ id, body, comments }))) await once(out, 'drain');
  }
  out.end(END);
  await once(out, 'close');

  const { peakMegabytes, kinds } = await measure('import', file, database.url);
  const created = Object.fromEntries(kinds.map((kind) => [kind.kind, kind.created]));
  expect(created).toMatchObject({ articles: ARTICLES, comments: ARTICLES * COMMENTS_EACH, guests: 500 });
  expect(peakMegabytes).toBeLessThan(MAX_MEGABYTES);
});

test('the archive of it is written and read in less than 200 MB of memory', { timeout: 180_000 }, async () => {
  const archive = join(directory, 'archive.ndjson');
  const target = await createTestDatabase();
  try {
    const written = await measure('export', archive, database.url);
    const { peakMegabytes, kinds } = await measure('import', archive, target.url);
    const read = Object.fromEntries(kinds.map((kind) => [kind.kind, kind.created]));
    expect(read).toMatchObject({ articles: ARTICLES, comments: ARTICLES * COMMENTS_EACH });
    expect(written.peakMegabytes).toBeLessThan(MAX_ARCHIVE_MEGABYTES);
    expect(peakMegabytes).toBeLessThan(MAX_ARCHIVE_MEGABYTES);
  } finally {
    await target.drop();
  }
});
