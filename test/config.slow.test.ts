import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Config, ConfigError, readConfig } from '../src/config.ts';
import { createTestDatabase } from './database.ts';
import { runCommand } from './program.ts';

const SECRET = 'thirty-two bytes, and a few more';

const POSTGRES_ADDRESS =
  'an address such as postgres://user:password@host:5432/database; percent-encode the password if it has an @ and a ?';

const HOLD = {
  firstComment: false,
  links: 3,
  repeatedWithin: 86_400,
  frequent: 10,
  busyArticle: 120,
  length: 5_000,
  shouting: 80,
};

const DEFAULTS: Config = {
  port: 4000,
  host: '127.0.0.1',
  databaseUrl: null,
  replicaUrls: null,
  replicaMaxLag: 30_000,
  dataDir: resolve('.data'),
  migrate: true,
  sampleContent: true,
  databaseConnections: 10,
  statementTimeout: 10_000,
  connectTimeout: 5_000,
  eventsKept: 30 * 86_400_000,
  guestEmailsKept: null,
  removedTextsKept: null,
  versionsKept: null,
  reportsKept: null,
  media: null,
  s3Region: 'us-east-1',
  s3Endpoint: null,
  s3KeyId: null,
  s3Secret: null,
  s3SessionToken: null,
  mediaUrl: null,
  mediaMaxSize: 20_000_000,
  unusedMediaKept: 30 * 86_400_000,
  costLimit: 10_000,
  graphiql: true,
  corsOrigins: ['*'],
  trustedDocuments: null,
  trustedDocumentsOnly: false,
  logLevel: 'info',
  logOperations: 0.01,
  logSlowOperation: 1_000,
  logSlowStatement: 500,
  metricsPort: null,
  jwtSecret: null,
  jwksUrl: null,
  jwtIssuer: null,
  jwtAudience: null,
  jwtRolesClaim: 'roles',
  localTokens: true,
  sendsTraces: false,
  jwksCooldown: 30_000,
  cacheSize: 64_000_000,
  cacheStaleOnError: 0,
  cacheControl: 'no-cache',
  cacheTagHeader: null,
  rateLimits: 'memory',
  costBudget: 300_000,
  redisUrl: null,
  trustProxy: 0,
  connectionsPerAddress: 10_000,
  requestsPerAddress: 2_500,
  keepAliveTimeout: 620_000,
  headersTimeout: 20_000,
  bodyTimeout: 300_000,
  drainSeconds: 0,
  publicUrl: null,
  settings: {
    publicUrl: null,
    mediaUrl: '/media/',
    commentPolicy: 'OPEN',
    editWindow: 900,
    reportLimit: 5,
    hold: HOLD,
    configuredHold: HOLD,
  },
};

describe('the configuration', () => {
  it('uses the default where a variable is unset or empty', () => {
    expect(readConfig({})).toEqual(DEFAULTS);
    expect(readConfig({ PORT: '', DATABASE_URL: '', DATA_DIR: '', GRAPHIQL: '', CORS_ORIGINS: '' })).toEqual(DEFAULTS);
  });

  it.each<[Record<string, string>, Partial<Config>]>([
    [{ PORT: '0' }, { port: 0 }],
    [{ PORT: '65535' }, { port: 65_535 }],
    [{ CACHE_SIZE: '100000000000' }, { cacheSize: 100_000_000_000 }],
    [{ HOST: '::' }, { host: '::' }],
    [{ HOST: 'news.example.com' }, { host: 'news.example.com' }],
    [{ DATABASE_URL: 'postgres://a:b@db:5432/news' }, { databaseUrl: 'postgres://a:b@db:5432/news' }],
    [
      { DATABASE_URL: 'postgresql://db/news?sslmode=verify-full' },
      { databaseUrl: 'postgresql://db/news?sslmode=verify-full' },
    ],
    // Passwords as they are pasted: the last @ that a host follows ends them.
    ...[
      ['p#w', 'p%23w'],
      ['p/w', 'p%2Fw'],
      ['p@w', 'p%40w'],
      ['p?w', 'p%3Fw'],
      ['100%', '100%25'],
      ['%zz', '%25zz'],
      ['p w', 'p%20w'],
      [`p"'w`, 'p%22%27w'],
      ['p:w', 'p%3Aw'],
      ['p[w]', 'p%5Bw%5D'],
      ['pässwörd', 'p%C3%A4ssw%C3%B6rd'],
      ['p%23w', 'p%23w'],
      ['p%FFw', 'p%25FFw'],
      ['1/x@y', '1%2Fx%40y'],
      ['@', '%40'],
    ].flatMap(([typed, encoded]): [Record<string, string>, Partial<Config>][] => [
      [{ DATABASE_URL: `postgres://a:${typed}@db:5/n` }, { databaseUrl: `postgres://a:${encoded}@db:5/n` }],
      [{ REDIS_URL: `redis://:${typed}@db:5/1` }, { redisUrl: `redis://:${encoded}@db:5/1` }],
    ]),
    [
      { DATABASE_URL: 'postgres://db/n?user=a@b&password=p%40w' },
      { databaseUrl: 'postgres://db/n?user=a@b&password=p%40w' },
    ],
    [
      { DATABASE_URL: 'postgres:///n?host=/var/run/postgresql' },
      { databaseUrl: 'postgres:///n?host=/var/run/postgresql' },
    ],
    [{ DATABASE_URL: 'postgres://[::1]:5432/n' }, { databaseUrl: 'postgres://[::1]:5432/n' }],
    [{ DATABASE_URL: 'postgres://%2Fvar%2Frun/n' }, { databaseUrl: 'postgres://%2Fvar%2Frun/n' }],
    [{ DATA_DIR: '/var/data' }, { dataDir: '/var/data' }],
    [{ DATA_DIR: 'here' }, { dataDir: resolve('here') }],
    [{ SAMPLE_CONTENT: 'off' }, { sampleContent: false }],
    [{ DATABASE_CONNECTIONS: '500' }, { databaseConnections: 500 }],
    [{ STATEMENT_TIMEOUT: '100' }, { statementTimeout: 100 }],
    [{ CONNECT_TIMEOUT: '60000' }, { connectTimeout: 60_000 }],
    [{ EVENTS_KEPT: '7' }, { eventsKept: 7 * 86_400_000 }],
    [{ EVENTS_KEPT: '3650d' }, { eventsKept: 3_650 * 86_400_000 }],
    [{ EVENTS_KEPT: '12h' }, { eventsKept: 12 * 3_600_000 }],
    [{ EVENTS_KEPT: '15m' }, { eventsKept: 15 * 60_000 }],
    [{ EVENTS_KEPT: '1s' }, { eventsKept: 1_000 }],
    [{ GRAPHIQL: 'off' }, { graphiql: false }],
    [
      { CORS_ORIGINS: 'https://example.com, http://localhost:3000, capacitor://localhost' },
      { corsOrigins: ['https://example.com', 'http://localhost:3000', 'capacitor://localhost'] },
    ],
    [{ LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
    [{ JWT_SECRET: SECRET }, { jwtSecret: SECRET, localTokens: false }],
    [
      { JWT_JWKS_URL: 'https://id.example.com/keys', JWT_ISSUER: 'https://id.example.com/', JWT_AUDIENCE: 'news' },
      {
        jwksUrl: 'https://id.example.com/keys',
        jwtIssuer: 'https://id.example.com/',
        jwtAudience: 'news',
        localTokens: false,
      },
    ],
    [{ JWT_JWKS_COOLDOWN: '0' }, { jwksCooldown: 0 }],
    [{ JWT_ROLES_CLAIM: 'realm_access.roles' }, { jwtRolesClaim: 'realm_access.roles' }],
    [{ NODE_ENV: 'production' }, { localTokens: false }],
    [{ RATE_LIMITS: 'postgres' }, { rateLimits: 'postgres' }],
    [
      { RATE_LIMITS: 'redis', REDIS_URL: 'rediss://:tulip@cache:6380/1' },
      { rateLimits: 'redis', redisUrl: 'rediss://:tulip@cache:6380/1' },
    ],
    [{ COST_BUDGET: '1000000000' }, { costBudget: 1_000_000_000 }],
    [{ REDIS_URL: 'redis://[::1]' }, { redisUrl: 'redis://[::1]' }],
    [
      { RATE_LIMITS: 'off' },
      {
        rateLimits: 'off',
        settings: {
          ...DEFAULTS.settings,
          hold: { ...HOLD, repeatedWithin: 0, frequent: 0, busyArticle: 0 },
          configuredHold: { ...HOLD, repeatedWithin: 0, frequent: 0, busyArticle: 0 },
        },
      },
    ],
    [{ TRUST_PROXY: '2' }, { trustProxy: 2 }],
    [{ COMMENT_POLICY: 'moderated' }, { settings: { ...DEFAULTS.settings, commentPolicy: 'MODERATED' } }],
    [{ COMMENT_POLICY: 'CLOSED' }, { settings: { ...DEFAULTS.settings, commentPolicy: 'CLOSED' } }],
  ])('accepts %j', (environment, expected) => {
    expect(readConfig(environment)).toEqual({ ...readConfig({}), ...expected });
  });

  it.each([
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '-1', 'a whole number from 0 to 65535'],
    ['PORT', '4e3', 'a whole number from 0 to 65535'],
    ['PORT', ' 80', 'a whole number from 0 to 65535'],
    ['HOST', 'http://example.com', 'an address or host name to listen on'],
    ['DATABASE_URL', 'mysql://db/news', POSTGRES_ADDRESS],
    ['DATABASE_URL', 'postgres://', POSTGRES_ADDRESS],
    ['DATABASE_URL', 'postgres://me:tulip@host?a@db/news', POSTGRES_ADDRESS],
    ['DATABASE_URL', 'postgres://me:tulip@db:65536/news', POSTGRES_ADDRESS],
    ['SAMPLE_CONTENT', 'true', 'one of on, off'],
    ['DATABASE_CONNECTIONS', '1', 'a whole number from 2 to 500'],
    ['STATEMENT_TIMEOUT', '99', 'a whole number from 100 to 600000'],
    ['CONNECT_TIMEOUT', '1.5', 'a whole number from 100 to 60000'],
    ['EVENTS_KEPT', '0s', 'days such as 30, or a time such as 90s, 15m or 12h, from 1s to 3650d'],
    ['EVENTS_KEPT', '3651', 'days such as 30, or a time such as 90s, 15m or 12h, from 1s to 3650d'],
    ['EVENTS_KEPT', '1.5', 'days such as 30, or a time such as 90s, 15m or 12h, from 1s to 3650d'],
    ['EVENTS_KEPT', '2w', 'days such as 30, or a time such as 90s, 15m or 12h, from 1s to 3650d'],
    ['EVENTS_KEPT', '30 d', 'days such as 30, or a time such as 90s, 15m or 12h, from 1s to 3650d'],
    ['GRAPHIQL', 'yes', 'one of on, off'],
    ['CORS_ORIGINS', 'https://example.com/', '* or origins such as https://example.com, separated by commas'],
    ...[
      'null',
      'file://',
      'https://Example.com',
      'https://example.com:443',
      'https://a@example.com',
      'capacitor://localhost/',
    ].map((value): [string, string, string] => [
      'CORS_ORIGINS',
      value,
      '* or origins such as https://example.com, separated by commas',
    ]),
    ['CORS_ORIGINS', 'example.com', '* or origins such as https://example.com, separated by commas'],
    ['LOG_LEVEL', 'loud', 'one of silent, error, info, debug'],
    ['JWT_JWKS_URL', 'file:///keys', 'an address that begins with https:// or http://'],
    ['RATE_LIMITS', 'on', 'one of memory, postgres, redis, off'],
    ...['http://cache', 'redis:///', 'redis://cache/first', 'cache:6379'].map((url): [string, string, string] => [
      'REDIS_URL',
      url,
      'an address such as redis://user:password@host:6379/0, or rediss:// for TLS; percent-encode the password if it has an @ and a ?',
    ]),
    ['COMMENT_POLICY', 'none', 'one of open, moderated, closed'],
    ['TRUST_PROXY', 'true', 'a whole number from 0 to 10'],
  ])('rejects %s=%s with a message that describes what is allowed', (name, value, allowed) => {
    const read = () => readConfig({ [name]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(new ConfigError(`${name}: must be ${allowed}`));
  });

  it('rejects token settings that contradict each other, and hides the secret', () => {
    const mistakes = (environment: Record<string, string>): string => {
      try {
        readConfig(environment);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(mistakes({ JWT_SECRET: 'tulip' })).toBe('JWT_SECRET: must be at least 32 bytes long');
    expect(mistakes({ JWT_SECRET: SECRET, JWT_JWKS_URL: 'https://id.example.com/keys' })).toBe(
      'JWT_JWKS_URL: cannot be set together with JWT_SECRET; tokens are signed one way',
    );
    expect(mistakes({ JWT_ISSUER: 'https://id.example.com/', JWT_AUDIENCE: 'news' }).split('\n')).toEqual([
      'JWT_ISSUER: needs JWT_SECRET or JWT_JWKS_URL as well',
      'JWT_AUDIENCE: needs JWT_SECRET or JWT_JWKS_URL as well',
    ]);
  });

  it('rejects RATE_LIMITS=redis without REDIS_URL', () => {
    expect(() => readConfig({ RATE_LIMITS: 'redis' })).toThrow(
      new ConfigError('RATE_LIMITS=redis: needs REDIS_URL as well'),
    );
  });

  it('rejects HEADERS_TIMEOUT above BODY_TIMEOUT', () => {
    expect(() => readConfig({ HEADERS_TIMEOUT: '5001', BODY_TIMEOUT: '5000' })).toThrow(
      new ConfigError('HEADERS_TIMEOUT: cannot be longer than BODY_TIMEOUT'),
    );
    expect(readConfig({ HEADERS_TIMEOUT: '5000', BODY_TIMEOUT: '5000' })).toMatchObject({ headersTimeout: 5_000 });
  });

  it('rejects TRUSTED_DOCUMENTS_ONLY=on without TRUSTED_DOCUMENTS', () => {
    expect(() => readConfig({ TRUSTED_DOCUMENTS_ONLY: 'on' })).toThrow(
      new ConfigError('TRUSTED_DOCUMENTS_ONLY=on: needs TRUSTED_DOCUMENTS as well'),
    );
    expect(readConfig({ TRUSTED_DOCUMENTS_ONLY: 'on', TRUSTED_DOCUMENTS: '/documents.json' })).toMatchObject({
      trustedDocuments: '/documents.json',
      trustedDocumentsOnly: true,
    });
  });

  it('reports all mistakes at once, one line each, without values', () => {
    try {
      readConfig({ PORT: 'x', DATABASE_URL: 'mysql://me:tulip@db/news', LOG_LEVEL: 'loud' });
      expect.unreachable();
    } catch (error) {
      const lines = (error as Error).message.split('\n');
      expect(lines.map((line) => line.split(':', 1)[0])).toEqual(['PORT', 'DATABASE_URL', 'LOG_LEVEL']);
      expect(lines.join()).not.toContain('tulip');
    }
  });
});

/** Milliseconds for tests that start several processes in turn, each of which compiles the sources again. */
const SEVERAL_STARTS = 120_000;

describe('the command', { timeout: SEVERAL_STARTS }, () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-config-'));
  });
  afterAll(() => rm(dataDir, { recursive: true }));

  /** Starts a gateway that fails. */
  async function run(environment: Record<string, string>): Promise<{ code: number | null; errors: string }> {
    const { code, errors } = await runCommand([], { environment: { DATA_DIR: dataDir, ...environment } });
    return { code, errors };
  }

  it('exits with 1 and prints all mistakes', async () => {
    const { code, errors } = await run({ PORT: '70000', GRAPHIQL: 'maybe', DATABASE_URL: 'redis://me:tulip@db' });
    expect(code).toBe(1);
    expect(errors.trimEnd().split('\n')).toEqual([
      'PORT: must be a whole number from 0 to 65535',
      `DATABASE_URL: must be ${POSTGRES_ADDRESS}`,
      'GRAPHIQL: must be one of on, off',
    ]);
  });

  it('exits with 1 and suggests a command for a misspelled one', async () => {
    const { code, errors } = await runCommand(['exprot'], { environment: { DATA_DIR: dataDir } });
    expect(code).toBe(1);
    expect(errors).toBe("error: unknown command 'exprot'\n(Did you mean export?)\n");
  });

  it('exits with 1 and prints one line when its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as { port: number };
    const { url, drop } = await createTestDatabase();
    const { code, errors } = await run({ PORT: String(port), DATABASE_URL: url, LOG_LEVEL: 'error' });
    other.close();
    await drop();
    expect(code).toBe(1);
    expect(errors).toBe(
      `PORT=${port}: something else is listening on 127.0.0.1:${port}; stop it, or choose another port (0 takes a free one)\n`,
    );
  });

  it('exits with 1 and prints one line when the database cannot be reached or rejects the login', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => free.once('listening', done));
    const { port } = free.address() as { port: number };
    await new Promise((done) => free.close(done));
    expect(await run({ DATABASE_URL: `postgres://me:tulip@127.0.0.1:${port}/news` })).toEqual({
      code: 1,
      errors: `DATABASE_URL: no PostgreSQL answers at 127.0.0.1:${port} (ECONNREFUSED)\n`,
    });

    const { url } = inject('database');
    const missing = new URL(url);
    missing.pathname = 'no_such_database';
    expect(await run({ DATABASE_URL: missing.href })).toEqual({
      code: 1,
      errors: `DATABASE_URL: ${missing.host} refused the connection: database "no_such_database" does not exist\n`,
    });

    const stranger = new URL(url);
    stranger.username = 'stranger';
    stranger.password = 'tulip';
    const { code, errors } = await run({ DATABASE_URL: stranger.href });
    expect(code).toBe(1);
    // The first when the server checks passwords, the second when it does not.
    expect(errors).toMatch(
      /^DATABASE_URL: \S+ refused the connection: (password authentication failed for user|role) "stranger".*\n$/,
    );
  });
});
