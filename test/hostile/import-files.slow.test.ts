import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportArchive } from '../../src/archive/index.ts';
import { isSoak } from '../chaos/size.ts';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import type { ImportOutcome } from '../fixtures/import-all.ts';
import { exportOf } from '../fixtures/wordpress/export.ts';
import { openTrial } from '../fixtures/wordpress/trial.ts';
import { compiledProgram } from '../program.ts';
import { hostileImportFiles } from './import-files.ts';

/** Megabytes of the heap of the process that imports all of them. */
const HEAP = 256;

/** Of so many files, the suite imports one. */
const EVERY = isSoak ? 1 : 4;

/** What only a fault of the program says. */
const FAULT =
  /undefined(?! entity)|not a function|TypeError|RangeError|heap|relation|column "|22021|invalid byte|ECONN|syntax error at or near/i;

let database: TestDatabase;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'broadsheet-hostile-'));
});

afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

async function archiveText(): Promise<string> {
  const trial = await openTrial();
  await trial.import(exportOf({ posts: [{ id: 1, comments: [{ id: 1 }] }, { id: 2 }] }));
  const { file } = await exportArchive({ url: trial.url, path: join(directory, 'archive') });
  await trial.close();
  return (await readFile(file, 'utf8')).trimEnd();
}

it('300 hostile files of all formats are refused with a reason, or imported, by a process with a small heap', {
  timeout: 600_000,
}, async () => {
  const all = hostileImportFiles(await archiveText());
  expect(all.length).toBeGreaterThan(300);
  const hostile = all.filter((_, index) => index % EVERY === 0);
  const files = hostile.map(({ format }, index) => ({ format, file: join(directory, `${index}.import`) }));
  for (const [index, { content }] of hostile.entries()) await writeFile(files[index]!.file, content);

  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP}`, compiledProgram('test/fixtures/import-all.ts'), database.url],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  child.stdin.end(JSON.stringify(files));
  const [output, code] = await Promise.all([
    text(child.stdout),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  expect(code).toBe(0);

  const { outcomes } = JSON.parse(output) as { outcomes: ImportOutcome[] };
  const wrong = outcomes.flatMap(({ error, isImportError, rows }, index) => {
    const { format, name, mayPass = false } = hostile[index]!;
    const isRefused = error !== null && isImportError && rows === 0 && !FAULT.test(error.replace(/\/\S+/g, ''));
    return isRefused || (mayPass && error === null) ? [] : [{ format, name, error, rows }];
  });
  expect(wrong).toEqual([]);
});
