import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { until } from './gateway.ts';
import { serve } from './serve.ts';

const closers: (() => unknown)[] = [];

afterEach(() => closeAll(closers));

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

it('the health check of the image fails while the gateway stands still, and succeeds when it runs again', async () => {
  const database = await createTestDatabase();
  closers.push(() => database.drop());
  const { url, child } = await serve({ DATABASE_URL: database.url }, closers);
  await until('the check succeeds', async () => (await checkHealth(url)) === 0);
  child.kill('SIGSTOP');
  expect(await checkHealth(url)).toBe(1);
  child.kill('SIGCONT');
  await until('the check succeeds again', async () => (await checkHealth(url)) === 0);
});
