import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageManifest } from '../.config/package.mjs';
import { createTestDatabase } from './database.ts';
import { compiledProgram, runCommand } from './program.ts';

let directory: string;
let program: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'broadsheet-package-'));
  const dist = join(directory, 'a folder', 'dist');
  await cp(dirname(compiledProgram('src/main.ts')), dist, { recursive: true });
  await cp(join(import.meta.dirname, '../prisma/migrations'), join(dist, '../prisma/migrations'), { recursive: true });
  await writeFile(join(dist, '../package.json'), JSON.stringify(packageManifest()));
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

it('decodes pictures with what the package depends on, and names what is missing without it', async () => {
  const environment = { DATA_DIR: join(directory, 'none'), MEDIA: join(directory, 'media') };
  const doctor = async () => (await runCommand(['doctor'], { environment, program })).output;
  expect(await doctor()).toMatch(/^ERROR +pictures .*decodes pictures did not start.*optional packages/m);

  const packages = join(dirname(dirname(program)), 'node_modules');
  await mkdir(packages);
  for (const name of Object.keys(packageManifest().optionalDependencies))
    await symlink(join(import.meta.dirname, '../node_modules', name), join(packages, name));
  try {
    expect(await doctor()).toMatch(/^ok +pictures /m);
  } finally {
    await rm(packages, { recursive: true });
  }
});
