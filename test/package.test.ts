import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from './database.ts';
import { compiledProgram, runCommand } from './program.ts';

let directory: string;
let program: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'broadsheet-package-'));
  const dist = join(directory, 'a folder', 'dist');
  await cp(dirname(compiledProgram('src/main.ts')), dist, { recursive: true });
  await cp(join(import.meta.dirname, '../prisma/migrations'), join(dist, '../prisma/migrations'), { recursive: true });
  await writeFile(join(dist, '../package.json'), '{ "type": "module" }');
  program = join(dist, 'main.js');
});

afterAll(() => rm(directory, { recursive: true }));

it('verifies a database without any package beside it', async () => {
  const database = await createTestDatabase();
  try {
    const environment = { DATABASE_URL: database.url };
    expect(await runCommand(['verify'], { environment, program })).toEqual({
      code: 0,
      output: 'All derived data is correct.\n',
      errors: '',
    });
  } finally {
    await database.drop();
  }
});

it('says what to do where the embedded PostgreSQL is wanted and not installed', async () => {
  expect(await runCommand([], { environment: { DATA_DIR: join(directory, 'data') }, program })).toMatchObject({
    code: 1,
    errors: expect.stringMatching(
      /^The embedded PostgreSQL is not installed.*set DATABASE_URL.*optional packages\.\n$/,
    ),
  });
});
