import { resolve } from 'node:path';
import type { CommentPolicy } from '../prisma/client/enums.ts';
import type { Settings } from '../schema/content/settings.ts';

/** Everything that can be set, with its default. Times are milliseconds, sizes bytes, unless the name says otherwise. */
export interface Config {
  /** TCP port; 0 takes a free one. */
  port: number;
  /** Address to listen on. Only this machine reaches the default. */
  host: string;
  /** A PostgreSQL server, 15 or newer. Null starts the embedded one. */
  databaseUrl: string | null;
  /** Where the embedded PostgreSQL and other local state are kept. */
  dataDir: string;
  /** Fill an embedded database that is empty with sample content. */
  sampleContent: boolean;
  /** Connections to the database: more than the database has cores only helps against latency. */
  databaseConnections: number;
  /** Longest that a statement may run before it is cancelled. */
  statementTimeout: number;
  /** Longest wait for a connection to the database. */
  connectTimeout: number;
  /** How long the events of a discussion are kept: a client that was away for longer reads it anew. */
  eventsKept: number;
  /** GraphiQL for browsers. */
  graphiql: boolean;
  /** Origins whose pages may use the gateway from a browser; `*` for all. Nothing here rests on cookies. */
  corsOrigins: readonly string[];
  /** What is logged: each level includes those before it. */
  logLevel: LogLevel;
  /** Signs tokens with HS256. Null when keys come from `jwksUrl`, or when tokens are only for trying things out. */
  jwtSecret: string | null;
  /** Where the identity provider publishes its keys (RS256, ES256, EdDSA). */
  jwksUrl: string | null;
  /** Least time between two readings of those keys for the sake of a key that is not among them. */
  jwksCooldown: number;
  /** What `iss` of a token must be; null for whatever it is. */
  jwtIssuer: string | null;
  /** What `aud` of a token must be or hold; null for whatever it is. */
  jwtAudience: string | null;
  /** The claim that holds roles; dots lead into objects, such as `realm_access.roles`. */
  jwtRolesClaim: string;
  /** Take tokens signed with a secret under `dataDir` while nothing else signs them. Never in production. */
  localTokens: boolean;
  /** Where it is counted who does what how often: in this process, or for several in the database or in Redis. */
  rateLimits: (typeof RATE_LIMITS)[number];
  /** A Redis server that several gateways share. Null for none. */
  redisUrl: string | null;
  /** Proxies in front of the gateway whose word on X-Forwarded-For is taken. */
  trustProxy: number;
  /** Sockets and streams that one address may have open: an IPv4 address, or an IPv6 network of /64. */
  connectionsPerAddress: number;
  /** What is decided about discussions; times there are seconds. */
  settings: Settings;
}

export const LOG_LEVELS = ['silent', 'error', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const RATE_LIMITS = ['memory', 'postgres', 'redis', 'off'] as const;

/** Milliseconds in each unit that a period may be given in. */
const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Bytes of a key for HS256: no fewer than its digest has (RFC 7518, 3.2). */
const LEAST_SECRET = 32;

type Environment = Readonly<Record<string, string | undefined>>;

/** One or more environment variables hold what they must not; one line each in the message. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads the configuration from environment variables; an empty one counts as not set.
 * @throws ConfigError with a line for each mistake: variable, value and what is allowed
 */
export function readConfig(environment: Environment): Config {
  const mistakes: string[] = [];

  function read<Value>(
    name: string,
    otherwise: Value,
    allowed: string,
    parse: (text: string) => Value | undefined,
  ): Value {
    const text = environment[name];
    if (text === undefined || text === '') return otherwise;
    const value = parse(text);
    if (value === undefined) mistakes.push(`${name}=${shown(name, text)}: must be ${allowed}`);
    return value ?? otherwise;
  }
  const whole = (name: string, otherwise: number, least: number, most: number): number =>
    read(name, otherwise, `a whole number from ${least} to ${most}`, (text) => {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
      return value >= least && value <= most ? value : undefined;
    });
  const days = (name: string, otherwise: number, most: number): number =>
    read(
      name,
      otherwise * UNITS.d,
      `days such as ${otherwise}, or a time such as 90s, 15m or 12h, from 1s to ${most}d`,
      (text) => {
        const [, count = '', unit = 'd'] = /^(\d{1,10})([smhd])?$/.exec(text) ?? [];
        const value = Number(count) * UNITS[unit as keyof typeof UNITS];
        return value >= UNITS.s && value <= most * UNITS.d ? value : undefined;
      },
    );
  const choice = <Choice extends string>(name: string, otherwise: Choice, choices: readonly Choice[]): Choice =>
    read(name, otherwise, `one of ${choices.join(', ')}`, (text) =>
      choices.find((known) => known === text.toLowerCase()),
    );
  const text = (name: string, allowed = '', isAllowed = (_: string): boolean => true): string | null =>
    read<string | null>(name, null, allowed, (value) => (isAllowed(value) ? value : undefined));

  const rateLimits = choice('RATE_LIMITS', 'memory', RATE_LIMITS);
  const config: Config = {
    port: whole('PORT', 4000, 0, 65_535),
    host: read('HOST', '127.0.0.1', 'an address or host name to listen on', (text) =>
      /^[A-Za-z0-9.:_-]+$/.test(text) ? text : undefined,
    ),
    databaseUrl: read<string | null>(
      'DATABASE_URL',
      null,
      'an address such as postgres://user:password@host:5432/database',
      (text) => (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text) ? text : undefined),
    ),
    dataDir: resolve(environment.DATA_DIR || '.data'),
    sampleContent: choice('SAMPLE_CONTENT', 'on', ['on', 'off']) === 'on',
    databaseConnections: whole('DATABASE_CONNECTIONS', 10, 1, 500),
    statementTimeout: whole('STATEMENT_TIMEOUT', 10_000, 100, 600_000),
    connectTimeout: whole('CONNECT_TIMEOUT', 5_000, 100, 60_000),
    eventsKept: days('EVENTS_KEPT', 30, 3_650),
    graphiql: choice('GRAPHIQL', 'on', ['on', 'off']) === 'on',
    corsOrigins: read(
      'CORS_ORIGINS',
      ['*'],
      '* or origins such as https://example.com, separated by commas',
      (text) => {
        const origins = text.split(',').map((origin) => origin.trim());
        return origins.every((origin) => origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin))
          ? origins
          : undefined;
      },
    ),
    logLevel: choice('LOG_LEVEL', 'info', LOG_LEVELS),
    jwtSecret: text(
      'JWT_SECRET',
      `at least ${LEAST_SECRET} bytes long`,
      (secret) => Buffer.byteLength(secret) >= LEAST_SECRET,
    ),
    jwksUrl: text('JWT_JWKS_URL', 'an address that begins with https:// or http://', isWebAddress),
    jwksCooldown: whole('JWT_JWKS_COOLDOWN', 30_000, 0, 3_600_000),
    jwtIssuer: text('JWT_ISSUER'),
    jwtAudience: text('JWT_AUDIENCE'),
    jwtRolesClaim: environment.JWT_ROLES_CLAIM || 'roles',
    localTokens: false,
    rateLimits,
    redisUrl: text('REDIS_URL', 'an address such as redis://user:password@host:6379/0, or rediss:// for TLS', isRedis),
    trustProxy: whole('TRUST_PROXY', 0, 0, 10),
    // Many people share an address, all of them where proxies in front are not trusted; each takes some 30 kB here.
    connectionsPerAddress: whole('CONNECTIONS_PER_ADDRESS', 10_000, 1, 1_000_000),
    settings: {
      commentPolicy: choice('COMMENT_POLICY', 'open', ['open', 'moderated', 'closed']).toUpperCase() as CommentPolicy,
      editWindow: whole('COMMENT_EDIT_WINDOW', 900, 0, 31_536_000),
      reportLimit: whole('REPORT_LIMIT', 5, 1, 1_000),
      hold: {
        firstComment: choice('HOLD_FIRST_COMMENT', 'off', ['on', 'off']) === 'on',
        links: whole('HOLD_LINKS', 3, 0, 1_000),
        // Off together with the limits of frequency: a load test repeats itself.
        repeatedWithin: rateLimits === 'off' ? 0 : whole('HOLD_REPEATED_WITHIN', 86_400, 0, 31_536_000),
        frequent: rateLimits === 'off' ? 0 : whole('HOLD_FREQUENT', 10, 0, 10_000),
        length: whole('HOLD_LENGTH', 5_000, 0, 1_000_000),
        shouting: whole('HOLD_SHOUTING', 80, 0, 100),
      },
    },
  };
  const { jwtSecret, jwksUrl, jwtIssuer, jwtAudience } = config;
  if (environment.JWT_SECRET && environment.JWT_JWKS_URL)
    mistakes.push('JWT_JWKS_URL: cannot stand beside JWT_SECRET; tokens are signed one way');
  if (!environment.JWT_SECRET && !environment.JWT_JWKS_URL)
    for (const [name, value] of Object.entries({ JWT_ISSUER: jwtIssuer, JWT_AUDIENCE: jwtAudience }))
      if (value !== null) mistakes.push(`${name}=${value}: needs JWT_SECRET or JWT_JWKS_URL beside it`);
  if (rateLimits === 'redis' && !environment.REDIS_URL) mistakes.push('RATE_LIMITS=redis: needs REDIS_URL beside it');
  config.localTokens = jwtSecret === null && jwksUrl === null && environment.NODE_ENV !== 'production';
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'));
  return config;
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

/** A host and perhaps the number of a database: what else an address may say is for others to read. */
function isRedis(text: string): boolean {
  if (!/^rediss?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { hostname, pathname } = new URL(text);
  return hostname !== '' && /^(\/\d{0,5})?$/.test(pathname);
}

/** A value as a message may show it: addresses of databases hold passwords, and secrets are for nobody. */
function shown(name: string, text: string): string {
  if (name === 'JWT_SECRET') return '***';
  // Up to the last @: a password may hold whatever its writer forgot to encode.
  return text.replace(/(:\/\/[^:@/]*):.*@/s, '$1:***@').replace(/\b(password=)[^&]*/gi, '$1***');
}
