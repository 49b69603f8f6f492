import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { serve } from './serve.ts';

const closers: (() => unknown)[] = [];

afterEach(() => closeAll(closers));

/** Has the event loop stand still after a message, for longer than the check waits. */
const STANDSTILL = `
  const cell = new Int32Array(new SharedArrayBuffer(4));
  process.once('message', () => {
    process.send('stands');
    Atomics.wait(cell, 0, 0, 15_000);
    process.send('runs');
  });
`;

/** Runs the command of the Dockerfile's HEALTHCHECK. @returns its exit code */
async function checkHealth(gatewayUrl: string): Promise<number> {
  const dockerfile = await readFile(join(import.meta.dirname, '../Dockerfile'), 'utf8');
  const [program, ...options] = JSON.parse(/^HEALTHCHECK .*CMD (\[.*\])$/m.exec(dockerfile)![1]!) as string[];
  expect(program).toBe('node');
  const env = { PATH: process.env.PATH, PORT: new URL(gatewayUrl).port };
  return new Promise((resolve) => {
    execFile(process.execPath, options, { env }, (error) => resolve(error ? Number(error.code) : 0));
  });
}

it('the health check of the image fails while the event loop stands still, and succeeds when it runs again', async () => {
  const database = await createTestDatabase();
  closers.push(() => database.drop());
  const path = join(tmpdir(), `broadsheet-standstill-${process.pid}.mjs`);
  await writeFile(path, STANDSTILL);
  closers.push(() => rm(path));
  const { url, child } = await serve({ DATABASE_URL: database.url }, closers, ['--import', pathToFileURL(path).href]);
  const message = () => new Promise((resolve) => child.once('message', resolve));
  expect(await checkHealth(url)).toBe(0);
  const stands = message();
  child.send('stand');
  expect(await stands).toBe('stands');
  const runs = message();
  expect(await checkHealth(url)).toBe(1);
  await runs;
  expect(await checkHealth(url)).toBe(0);
});
