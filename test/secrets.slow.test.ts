import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig, secretsOf } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { createRedaction } from '../src/redaction.ts';
import { isSoak } from './chaos/size.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase, onServer, type TestDatabase } from './database.ts';
import { until } from './gateway.ts';
import { runCommand } from './program.ts';
import { serve } from './serve.ts';

/** What every secret of these tests contains, as it is and encoded. */
const WORD = 'Gloxinia';

/** Passwords that break a URL parser, or that a parser changes. */
const PASSWORDS = [
  '#',
  '/',
  '@',
  '?',
  '%',
  '%zz',
  '%41',
  ' ',
  '"',
  "'",
  '\\',
  ':',
  '[',
  '&',
  '=',
  '+',
  'ü',
  '密码',
  '{}',
  '<>',
  '$1',
  '://',
  '@@',
  '/?#',
  '\t',
].map((odd) => `${WORD}${odd}${WORD}`);

/** A port on which nothing listens: one that was free a moment ago may be another test's by now. */
const CLOSED_PORT = 1;

/** Values that are no address at all, or none of this kind. */
const MALFORMED = [
  `postgres://me:${WORD}`,
  `postgres://me:${WORD}@host:99999/db`,
  `postgres:me:${WORD}@host`,
  `mysql://me:${WORD}@host/db`,
  `redis://me:${WORD}@host`,
  WORD,
  `postgres://me:${WORD}?@x?@host`,
  `postgres://me:a@b:c@d@/${WORD}#`,
  `//me:${WORD}@host/db`,
];

const closers: (() => unknown)[] = [];
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-secrets-'));
});

afterAll(async () => {
  await closeAll(closers);
  await rm(dataDir, { recursive: true });
});

/** Runs the command to its end. @returns all that it has written */
async function run(environment: Record<string, string>): Promise<string> {
  const { output, errors } = await runCommand([], { environment: { DATA_DIR: dataDir, PORT: '0', ...environment } });
  return output + errors;
}

/** Runs work on all values, some at a time. */
async function forEach<Value>(values: readonly Value[], work: (value: Value) => Promise<void>): Promise<void> {
  const left = [...values];
  const runNext = async (): Promise<void> => {
    for (let value = left.shift(); value !== undefined; value = left.shift()) await work(value);
  };
  await Promise.all([1, 2, 3, 4].map(runNext));
}

describe('the command writes no secret', { timeout: 120_000 }, () => {
  it('of a database that does not answer, whatever its password is', () =>
    // Each start gives the variables three passwords, so that every password is used, and in a soak by every variable.
    forEach(
      PASSWORDS.slice(0, isSoak ? PASSWORDS.length : 9).map((first, n) => [
        first,
        ...[8, 16].map((later) => PASSWORDS[(n + later) % PASSWORDS.length]!),
      ]),
      async ([first = WORD, second = WORD, third = WORD]) => {
        const output = await run({
          DATABASE_URL: `postgres://me:${first}@127.0.0.1:${CLOSED_PORT}/news`,
          REDIS_URL: `redis://:${second}@127.0.0.1:${CLOSED_PORT}`,
          JWT_SECRET: `${third} of thirty-two bytes or more`,
          LOG_LEVEL: 'debug',
        });
        expect(output, first).toContain(`DATABASE_URL: no PostgreSQL answers at 127.0.0.1:${CLOSED_PORT}`);
        expect(output, first).not.toContain(WORD);
      },
    ));

  it('of values that are not allowed, or that are given to the wrong variable', () =>
    forEach([...MALFORMED.entries()], async ([n, value]) => {
      const short = `${WORD} ${n}`;
      const output = await run({
        DATABASE_URL: value,
        REDIS_URL: value.replace('redis:', 'postgres:'),
        JWT_SECRET: short,
        JWT_JWKS_URL: value,
        ...Object.fromEntries(
          ['PORT', 'HOST', 'LOG_LEVEL', 'GRAPHIQL', 'CORS_ORIGINS', 'EVENTS_KEPT', 'JWT_ISSUER'].map((name) => [
            name,
            short,
          ]),
        ),
      });
      expect(output).toMatch(/^PORT: must be /m);
      expect(output).toContain('JWT_SECRET: must be at least 32 bytes long');
      expect(output, value).not.toContain(WORD);
      // One line for each variable, and no stack.
      expect(output).not.toMatch(/^ +at /m);
    }));
});

describe('a gateway with odd secrets', { timeout: 120_000 }, () => {
  const role = `odd_${process.pid}`;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await onServer(`CREATE ROLE ${role} LOGIN SUPERUSER`);
  });
  afterAll(async () => {
    await closeAll(closers);
    await database.drop();
    await onServer(`DROP ROLE ${role}`);
  });

  /** The address of the role, with its password as it is. */
  const addressWith = (password: string): string => {
    const { host, pathname } = new URL(database.url);
    return `postgres://${role}:${password}@${host}${pathname}`;
  };

  it('signs in with each password as it is typed, unless it is percent-encoded already', async () => {
    for (const password of PASSWORDS.filter((one) => !one.includes('%41'))) {
      await onServer(`ALTER ROLE ${role} PASSWORD ${pg.escapeLiteral(password)}`);
      for (const typed of [password, encodeURIComponent(password)]) {
        const client = new pg.Client({
          connectionString: readConfig({ DATABASE_URL: addressWith(typed) }).databaseUrl!,
        });
        await client.connect();
        expect((await client.query('SELECT current_user AS name')).rows).toEqual([{ name: role }]);
        await client.end();
      }
    }
  });

  it('answers and logs nothing of them, also while Redis and the database fail', async () => {
    const password = `${WORD}#/@? "%`;
    await onServer(`ALTER ROLE ${role} PASSWORD ${pg.escapeLiteral(password)}`);
    const gateway = await serve(
      {
        DATABASE_URL: addressWith(
          password.replace('?', '%3F').replace('#', '%23').replace('/', '%2F').replace('@', '%40').replace(/%$/, '%25'),
        ),
        REDIS_URL: `redis://me:${WORD}#@127.0.0.1:${CLOSED_PORT}`,
        RATE_LIMITS: 'redis',
        JWT_SECRET: `${WORD} of thirty-two bytes or more`,
        LOG_LEVEL: 'debug',
        DATA_DIR: dataDir,
      },
      closers,
    );
    const answers: string[] = [];
    const ask = async (path: string, init?: RequestInit): Promise<void> => {
      const response = await fetch(new URL(path, gateway.url), init);
      answers.push(JSON.stringify([...response.headers]), await response.text());
    };
    const post = (authorization?: string): Promise<void> =>
      ask('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
        body: JSON.stringify({ query: '{ topics { totalCount } }' }),
      });
    await onServer(`ALTER ROLE ${role} PASSWORD 'another'`);
    await onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);
    await Promise.all([post(), post('Bearer x.y.z'), ask('/ready'), ask('/health'), ask('/metrics')]);
    expect(answers.join()).toContain('SERVICE_UNAVAILABLE');
    await until('the failure is in the log', () => gateway.log.includes('password authentication failed'));
    expect(gateway.log + answers.join()).not.toContain(WORD);
  });
});

describe('the redaction', () => {
  it.each(PASSWORDS)('finds %s as it is, decoded, encoded and quoted', (password) => {
    const address = `postgres://me:${password}@host/db`;
    const redact = createRedaction(secretsOf({ DATABASE_URL: address, JWT_SECRET: password }));
    const { databaseUrl } = readConfig({ DATABASE_URL: address });
    const decoded = decodeURIComponent(new URL(databaseUrl!).password);
    for (const text of [
      address,
      databaseUrl!,
      password,
      decoded,
      encodeURIComponent(password),
      JSON.stringify(password),
    ])
      expect(redact(`before ${text} after`), text).not.toContain(WORD);
  });

  it('replaces secrets in every text of a log line, in causes and in nested fields, and leaves it JSON', () => {
    const lines: string[] = [];
    const secret = `${WORD}","msg":"`;
    const log = createLogger({
      level: 'debug',
      out: { write: (text) => lines.push(text) },
      redact: createRedaction([secret]),
    });
    const cause = new Error(`Invalid URL: ${secret}`);
    log.error(`At ${secret}`, { err: new Error('No.', { cause }), place: { url: [secret] } });
    log.error(`At ${secret}`, { err: secret });
    log.close();
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ msg: 'At ***' });
    expect(lines.join()).not.toContain(WORD);
  });
});
