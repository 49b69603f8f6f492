import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig, VARIABLES } from '../src/config.ts';
import { readEnvironment } from '../src/environment.ts';
import { hidePassword } from '../src/server-address.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { runCommand } from './program.ts';
import { serve } from './serve.ts';

const SECRET = 'tulips and other flowers, 32 bytes';

const closers: (() => unknown)[] = [];
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'broadsheet-environment-'));
  await chmod(directory, 0o755);
  closers.push(() => rm(directory, { recursive: true }));
});

afterEach(() => closeAll(closers));

async function write(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

describe('the environment', () => {
  it('takes the value of every variable from the file that its NAME_FILE names, without the last line break', async () => {
    const text = 'text of the file';
    await write('value', `${text}\r\n`);
    const given = Object.fromEntries(VARIABLES.map(({ name }) => [`${name}_FILE`, 'value']));
    const { values, files, mistakes } = readEnvironment(given, directory);
    expect(mistakes).toEqual([]);
    for (const { name } of VARIABLES) {
      expect(values[name], name).toBe(text);
      expect(files.get(name), name).toBe('value');
    }
  });

  it('takes PGPASSWORD from a file, for the driver too', async () => {
    const path = await write('password', 'tulip\n');
    expect(readEnvironment({ PGPASSWORD_FILE: path }, directory)).toMatchObject({
      values: { PGPASSWORD: 'tulip' },
      forLibraries: { PGPASSWORD: 'tulip' },
    });
    expect(readEnvironment({ JWT_SECRET_FILE: path }, directory).forLibraries).toEqual({});
  });

  it('reads .env beneath what the process was given, also where that is empty or a file', async () => {
    const path = await write('level', 'debug');
    await write('.env', '# ours\nPORT=5000\nHOST="::"\nLOG_LEVEL=error\nPUBLIC_URL=https://example.com\nOTHER=1\n');
    const given = { PORT: '6000', LOG_LEVEL_FILE: path, PUBLIC_URL: '' };
    const { values, files, forLibraries } = readEnvironment(given, directory);
    expect(values).toMatchObject({ PORT: '6000', HOST: '::', LOG_LEVEL: 'debug', PUBLIC_URL: '', OTHER: '1' });
    expect(Object.fromEntries(files)).toEqual({ HOST: '.env', OTHER: '.env', LOG_LEVEL: path });
    expect(forLibraries).toEqual({ HOST: '::', OTHER: '1' });
  });

  it('has a line for each file that cannot be read or is empty, and for a variable that is given twice', async () => {
    const empty = await write('empty', '\n');
    const { mistakes } = readEnvironment(
      { JWT_SECRET_FILE: 'none', REDIS_URL_FILE: empty, PORT: '1', PORT_FILE: empty, HOST_FILE: directory },
      directory,
    );
    expect([...mistakes].sort()).toEqual([
      'HOST_FILE: the file cannot be read (EISDIR)',
      'JWT_SECRET_FILE: the file cannot be read (ENOENT)',
      'PORT: cannot be set together with PORT_FILE',
      'REDIS_URL_FILE: the file is empty',
    ]);
    expect(() => readConfig({ GRAPHIQL: 'maybe' }, mistakes)).toThrow(/PORT_FILE(.|\n)*GRAPHIQL: must be/);
  });

  it('names variables that are nearly those of Broadsheet, and none of other programs', () => {
    const misspelled = (...names: string[]) =>
      readEnvironment(Object.fromEntries(names.map((name) => [name, '1'])), directory).misspelled.map(
        ({ name, didYouMean }) => `${name} ${didYouMean}`,
      );
    expect(
      misspelled('DATABSE_URL', 'JWT_SECERT', 'JWT_SECERT_FILE', 'LOGLEVEL', 'CORS_ORIGIN', 'PROT', 'redis_url'),
    ).toEqual([
      'DATABSE_URL DATABASE_URL',
      'JWT_SECERT JWT_SECRET',
      'JWT_SECERT_FILE JWT_SECRET_FILE',
      'LOGLEVEL LOG_LEVEL',
      'CORS_ORIGIN CORS_ORIGINS',
      'PROT PORT',
      'redis_url REDIS_URL',
    ]);
    const others =
      'PATH HOME HOSTNAME HOSTS HOSTTYPE POST PWD USER LOGNAME LANG TERM SHELL EDITOR TZ TMPDIR NODE_ENV NODE_OPTIONS ' +
      'PGHOST PGPORT PGDATA PGPASSFILE KUBERNETES_PORT KUBERNETES_SERVICE_HOST REDIS_PORT REDIS_HOST DATABASE_PORT ' +
      'BROADSHEET_PORT BROADSHEET_SERVICE_HOST HTTP_PROXY NO_PROXY JWT_KEY LOG_FORMAT CACHE_URL PUBLIC_HOST LOG_FILE';
    expect(misspelled(...others.split(' '), ...VARIABLES.map(({ name }) => name))).toEqual([]);
  });
});

describe('an address as it is shown', () => {
  it.each([
    ['postgres://me:tulip@db:5432/news', 'postgres://me:***@db:5432/news'],
    ['postgres://me:tulip@host@db/news?sslmode=require', 'postgres://me:***@db/news?sslmode=require'],
    ['postgres://db/news?user=me&password=tulip', 'postgres://db/news?user=me&password=***'],
    ['postgres://me@db/news', 'postgres://me@db/news'],
    ['redis://:tulip@[::1]:6379/0', 'redis://:***@[::1]:6379/0'],
    ['https://id.example.com/realms/a/keys', 'https://id.example.com/realms/a/keys'],
    ['https://me:tulip@id.example.com/a/keys?key=tulip', 'https://***@id.example.com/a/keys?***'],
    ['tulip', '***'],
  ])('has no password: %s', (address, shown) => {
    expect(hidePassword(address, '***')).toBe(shown);
  });
});

/** Milliseconds for tests that start several processes in turn. */
const SEVERAL_STARTS = 120_000;

describe('the command', { timeout: SEVERAL_STARTS }, () => {
  it('prints what holds and where it comes from, without secrets', async () => {
    await write('.env', `JWT_SECRET=${SECRET}\nRATE_LIMITS=off\n`);
    await write('url', 'postgres://me:tulip@db/news\n');
    const environment = { DATABASE_URL_FILE: 'url', PORT: '5000', JWT_SECERT: SECRET };
    const { code, output, errors } = await runCommand(['config', '--json'], { environment, directory });
    expect(JSON.parse(output)).toMatchObject({
      PORT: { value: '5000', source: 'environment' },
      HOST: { value: '127.0.0.1', source: 'default' },
      REDIS_URL: { value: null, source: 'default' },
      DATABASE_URL: { value: 'postgres://me:***@db/news', source: 'url' },
      JWT_SECRET: { value: '***', source: '.env' },
      HOLD_FREQUENT: { value: '0', source: 'RATE_LIMITS=off' },
    });
    expect(errors).toBe('JWT_SECERT: is no variable of Broadsheet; did you mean JWT_SECRET?\n');
    expect(code).toBe(0);
    const lines = (await runCommand(['config'], { environment, directory })).output.split('\n');
    expect(lines.map((line) => line.split(/ {2,}/))).toContainEqual(['JWT_SECRET', '***', '.env']);
  });

  it('prints the configuration also when it has mistakes, lists these, and exits with 1', async () => {
    const environment = { PORT: SECRET, JWT_SECRET_FILE: 'none' };
    const { code, output, errors } = await runCommand(['config', '--json'], { environment, directory });
    expect(JSON.parse(output)).toMatchObject({ PORT: { value: '(not allowed)', source: 'environment' } });
    expect(errors.trimEnd().split('\n')).toEqual([
      'JWT_SECRET_FILE: the file cannot be read (ENOENT)',
      'PORT: must be a whole number from 0 to 65535',
    ]);
    expect(code).toBe(1);
  });

  it('serves with a configuration from files, and logs a misspelled variable', async () => {
    const database = await createTestDatabase();
    closers.push(() => database.drop());
    const path = await write('url', `${database.url}\n`);
    const environment = { DATABASE_URL_FILE: path, DATABSE_URL: 'x', NODE_ENV: 'production', JWT_SECRET: SECRET };
    const gateway = await serve(environment, closers);
    expect((await fetch(new URL('/ready', gateway.url))).status).toBe(200);
    expect(gateway.log).toContain('"name":"DATABSE_URL","didYouMean":"DATABASE_URL"');
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toBe(0);
  });
});
