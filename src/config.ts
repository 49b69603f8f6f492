import * as v from 'valibot';
import { PICTURES_PATH } from '../schema/content/picture/picture-name.ts';
import type { Settings } from '../schema/content/settings.ts';
import { DISCUSSIONS, HOLD, WITHOUT_LIMITS } from './config-discussions.ts';
import { MEDIA } from './config-media.ts';
import { RETENTION } from './config-retention.ts';
import {
  allowed,
  isOrigin,
  oneOf,
  onOrOff,
  period,
  postgresAddress,
  serverAddress,
  siteAddress,
  splitList,
  toAbsolutePath,
  type Variable,
  webAddress,
  wholeNumber,
} from './config-values.ts';
import { OBSERVABILITY, sendsTraces, traceSecrets } from './observability-config.ts';
import { OperatorError } from './operator-error.ts';
import { secretsIn } from './server-address.ts';

type Environment = Readonly<Record<string, string | undefined>>;

type Value<Described extends Variable> =
  | v.InferOutput<Described['schema']>
  | ([Described['default']] extends [null] ? null : never);

type Values<Group> = { [Key in keyof Group]: Group[Key] extends Variable ? Value<Group[Key]> : never };

/** Bytes of a key for HS256: no fewer than its digest has (RFC 7518, 3.2). */
const MIN_SECRET = 32;

/** Everything that can be set, with its default. Times are milliseconds, sizes bytes, unless the comment says otherwise. */
const GATEWAY = {
  /** TCP port; 0 takes a free one. */
  port: { name: 'PORT', default: '4000', schema: wholeNumber(0, 65_535) },
  /** Address to listen on. The default can be reached from this machine only. */
  host: {
    name: 'HOST',
    default: '127.0.0.1',
    schema: allowed('an address or host name to listen on', v.pipe(v.string(), v.regex(/^[A-Za-z0-9.:_-]+$/))),
  },
  /** A PostgreSQL server, 15 or newer, percent-encoded for every library. Null starts the embedded one. */
  databaseUrl: {
    name: 'DATABASE_URL',
    default: null,
    schema: postgresAddress(),
    secret: 'address',
  },
  /** Standby servers of DATABASE_URL, which answer queries of readers. A comma in a password is written %2C. Null for none. */
  replicaUrls: {
    name: 'DATABASE_REPLICA_URLS',
    default: null,
    schema: allowed(
      'addresses such as postgres://user:password@host:5432/database, separated by commas',
      v.pipe(v.string(), v.transform(splitList), v.array(postgresAddress())),
    ),
    secret: 'addresses',
  },
  /** How far a standby may be behind before it is left out. */
  replicaMaxLag: { name: 'REPLICA_MAX_LAG', default: '30000', schema: wholeNumber(100, 3_600_000) },
  /** Where the embedded PostgreSQL and other local state are kept. */
  dataDir: { name: 'DATA_DIR', default: '.data', schema: v.pipe(v.string(), v.transform(toAbsolutePath)) },
  /** Apply pending migrations at the start; otherwise the gateway does not start while there are some. */
  migrate: { name: 'MIGRATE', default: 'on', schema: onOrOff() },
  /** Fill an embedded database that is empty with sample content. */
  sampleContent: { name: 'SAMPLE_CONTENT', default: 'on', schema: onOrOff() },
  /**
   * Connections to the database: more than the database has cores helps only against latency. At least two: a query that
   * holds one for its snapshot may need another for Prisma.
   */
  databaseConnections: { name: 'DATABASE_CONNECTIONS', default: '10', schema: wholeNumber(2, 500) },
  /** Longest that a statement may run before it is cancelled. */
  statementTimeout: { name: 'STATEMENT_TIMEOUT', default: '10000', schema: wholeNumber(100, 600_000) },
  /** Longest wait for a connection to the database. */
  connectTimeout: { name: 'CONNECT_TIMEOUT', default: '5000', schema: wholeNumber(100, 60_000) },
  /** How long the events of a discussion are kept: a client that was away for longer reads the whole discussion again. */
  eventsKept: { name: 'EVENTS_KEPT', default: '30', schema: period(3_650) },
  ...RETENTION,
  ...MEDIA,
  /**
   * Points that one operation may cost, ten times as many for staff; see "Cost" in the clients' guide. A page of a front end
   * costs some hundred.
   */
  costLimit: { name: 'COST_LIMIT', default: '10000', schema: wholeNumber(100, 1_000_000_000) },
  /** GraphiQL for browsers. */
  graphiql: { name: 'GRAPHIQL', default: 'on', schema: onOrOff() },
  /** Origins whose pages may use the gateway from a browser; `*` for all. No cookie authenticates a request. */
  corsOrigins: {
    name: 'CORS_ORIGINS',
    default: '*',
    schema: allowed(
      '* or origins such as https://example.com, separated by commas',
      v.pipe(v.string(), v.transform(splitList), v.everyItem(isOrigin)),
    ),
  },
  /**
   * The address of the site that shows the texts, which may have a path. Relative links and media in texts are resolved
   * against it, as from a page in that folder. Null leaves them as they were written.
   */
  publicUrl: { name: 'PUBLIC_URL', default: null, schema: siteAddress() },
  /** A manifest of documents that clients name by their ids; null for none. */
  trustedDocuments: {
    name: 'TRUSTED_DOCUMENTS',
    default: null,
    schema: v.pipe(v.string(), v.transform(toAbsolutePath)),
  },
  /** Execute no other documents than those of the manifest. */
  trustedDocumentsOnly: { name: 'TRUSTED_DOCUMENTS_ONLY', default: 'off', schema: onOrOff() },
  /** The level of logging; each level includes those before it. */
  logLevel: { name: 'LOG_LEVEL', default: 'info', schema: oneOf(['silent', 'error', 'info', 'debug']) },
  ...OBSERVABILITY,
  /** Signs tokens with HS256. Null when keys come from `jwksUrl`, or when tokens are only for trying things out. */
  jwtSecret: {
    name: 'JWT_SECRET',
    default: null,
    schema: allowed(`at least ${MIN_SECRET} bytes long`, v.pipe(v.string(), v.minBytes(MIN_SECRET))),
    secret: 'value',
  },
  /** Where the identity provider publishes its keys (RS256, ES256, EdDSA). */
  jwksUrl: {
    name: 'JWT_JWKS_URL',
    default: null,
    schema: webAddress(),
    secret: 'address',
  },
  /** Least time between two fetches of those keys because a token names a key that is not among them. */
  jwksCooldown: { name: 'JWT_JWKS_COOLDOWN', default: '30000', schema: wholeNumber(0, 3_600_000) },
  /** The required `iss` of a token; null accepts any. */
  jwtIssuer: { name: 'JWT_ISSUER', default: null, schema: v.string() },
  /** The value that `aud` of a token must be or contain; null accepts any. */
  jwtAudience: { name: 'JWT_AUDIENCE', default: null, schema: v.string() },
  /** The claim that holds roles; dots lead into objects, such as `realm_access.roles`. */
  jwtRolesClaim: { name: 'JWT_ROLES_CLAIM', default: 'roles', schema: v.string() },
  /** Bytes of memory for responses that are sent again while nothing in them has changed; 0 turns that off. */
  cacheSize: { name: 'CACHE_SIZE', default: '64000000', schema: wholeNumber(0, 100_000_000_000) },
  /** How long kept responses are sent unchecked while the database does not answer. By default none is. */
  cacheStaleOnError: { name: 'CACHE_STALE_ON_ERROR', default: '0', schema: wholeNumber(0, 86_400_000) },
  /** The header of GET responses that are the same for all readers. By default caches keep them, but ask each time. */
  cacheControl: {
    name: 'CACHE_CONTROL',
    default: 'no-cache',
    schema: allowed('the value of a Cache-Control header', v.pipe(v.string(), v.regex(/^[\x20-\x7e]+$/))),
  },
  /** The header with the tags of a GET response, such as Cache-Tag or Surrogate-Key. Null for none. */
  cacheTagHeader: {
    name: 'CACHE_TAG_HEADER',
    default: null,
    schema: allowed('the name of a header', v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]+$/))),
  },
  /** Where rate limits are counted: in this process, or for several gateways in the database or in Redis. */
  rateLimits: { name: 'RATE_LIMITS', default: 'memory', schema: oneOf(['memory', 'postgres', 'redis', 'off']) },
  /**
   * Points that the operations of one anonymous address, or of one signed-in reader, may cost in a minute. A page of an
   * article with its discussion costs about 150: fifty readers behind one address who open one every second cost 450,000.
   */
  costBudget: { name: 'COST_BUDGET', default: '300000', schema: wholeNumber(1_000, 1_000_000_000) },
  /** A Redis server that several gateways share. Null for none. */
  redisUrl: {
    name: 'REDIS_URL',
    default: null,
    schema: serverAddress(
      /^rediss?:\/\//i,
      'an address such as redis://user:password@host:6379/0, or rediss:// for TLS',
      ({ host, path }) => host !== '' && /^\d{0,5}$/.test(path),
    ),
    secret: 'address',
  },
  /** Proxies in front of the gateway whose entries in X-Forwarded-For are trusted. */
  trustProxy: { name: 'TRUST_PROXY', default: '0', schema: wholeNumber(0, 10) },
  /**
   * Sockets and streams that one address may have open: an IPv4 address, or an IPv6 network of /64. Many people share an
   * address, all of them where proxies in front are not trusted; each connection takes some 30 kB.
   */
  connectionsPerAddress: { name: 'CONNECTIONS_PER_ADDRESS', default: '10000', schema: wholeNumber(1, 1_000_000) },
  /**
   * Requests of one address that may be in progress at a time, over HTTP and WebSocket: an IPv4 address, or an IPv6
   * network of /64. Further ones are refused with 429. It bounds memory, some 10 kB each, and not the use of the database.
   */
  requestsPerAddress: { name: 'REQUESTS_PER_ADDRESS', default: '2500', schema: wholeNumber(1, 1_000_000) },
  /**
   * How long an idle connection stays open for its client's next request. Longer than proxies keep theirs (AWS 60 s, nginx
   * 60 s, Google Cloud 600 s): a proxy that uses a connection at the moment when the gateway closes it loses the request.
   */
  keepAliveTimeout: { name: 'KEEP_ALIVE_TIMEOUT', default: '620000', schema: wholeNumber(1_000, 3_600_000) },
  /** How long the headers of a request may take, which fit in a few packets. */
  headersTimeout: { name: 'HEADERS_TIMEOUT', default: '20000', schema: wholeNumber(1_000, 600_000) },
  /** How long a whole request may take to arrive: by default, the largest at 27 kbit/s. */
  bodyTimeout: { name: 'BODY_TIMEOUT', default: '300000', schema: wholeNumber(1_000, 3_600_000) },
  /** Seconds between the signal to stop and the end of accepting connections, in which load balancers see it at /ready. */
  drainSeconds: { name: 'DRAIN_SECONDS', default: '0', schema: wholeNumber(0, 3_600) },
} satisfies Record<string, Variable>;

/** Every variable, in the order of the guide. */
export const VARIABLES: readonly Variable[] = [GATEWAY, DISCUSSIONS, HOLD].flatMap((group) =>
  Object.values<Variable>(group),
);

export interface Config extends Values<typeof GATEWAY> {
  /** Accept tokens signed with a secret under `dataDir` while nothing else signs them. Never in production. */
  localTokens: boolean;
  /** Traces are sent: the variables of OpenTelemetry say where to. */
  sendsTraces: boolean;
  settings: Settings;
}

/** One or more environment variables have values that are not allowed; one line each in the message. */
export class ConfigError extends OperatorError {
  override name = 'ConfigError';
}

/**
 * Reads the configuration from environment variables; an empty one counts as not set.
 * @param found mistakes that reading the variables themselves has shown
 * @throws ConfigError with a line for each mistake: variable and what is allowed. A value is never shown, because a
 *   secret may have been given to the wrong variable
 */
export function readConfig(environment: Environment, found: readonly string[] = []): Config {
  const mistakes = [...found];
  const gateway = readGroup(GATEWAY, environment, mistakes);
  const discussions = readGroup(DISCUSSIONS, environment, mistakes);
  const hold = readGroup(HOLD, environment, mistakes);
  mistakes.push(...contradictions(environment));
  if (gateway.headersTimeout > gateway.bodyTimeout)
    mistakes.push('HEADERS_TIMEOUT: cannot be longer than BODY_TIMEOUT');
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'));

  const { rateLimits, jwtSecret, jwksUrl } = gateway;
  const limits = { ...hold, ...(rateLimits === 'off' && WITHOUT_LIMITS) };
  const localTokens = jwtSecret === null && jwksUrl === null && environment.NODE_ENV !== 'production';
  return {
    ...gateway,
    localTokens,
    sendsTraces: sendsTraces(environment),
    settings: {
      ...discussions,
      publicUrl: gateway.publicUrl,
      mediaUrl:
        gateway.mediaUrl ?? (gateway.publicUrl ? new URL(PICTURES_PATH, gateway.publicUrl).href : PICTURES_PATH),
      hold: limits,
      configuredHold: limits,
    },
  };
}

/** The address of a database, as every library reads it; null for a text that is none. */
export function readDatabaseUrl(text: string): string | null {
  const { success, output } = v.safeParse(GATEWAY.databaseUrl.schema, text);
  return success ? output : null;
}

function readGroup<Group extends Record<string, Variable>>(
  group: Group,
  environment: Environment,
  mistakes: string[],
): Values<Group> {
  const values = Object.entries(group).map(([key, variable]) => {
    const text = environment[variable.name] || variable.default;
    if (text === null) return [key, null];
    const { success, output, issues } = v.safeParse(variable.schema, text);
    if (!success) mistakes.push(`${variable.name}: must be ${issues[0].message}`);
    return [key, output];
  });
  return Object.fromEntries(values) as Values<Group>;
}

/** Variables that do not go together, one line each. */
function* contradictions(environment: Environment): Generator<string> {
  const { JWT_SECRET, JWT_JWKS_URL, RATE_LIMITS, REDIS_URL, TRUSTED_DOCUMENTS, TRUSTED_DOCUMENTS_ONLY } = environment;
  const { MEDIA, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment;
  if (JWT_SECRET && JWT_JWKS_URL)
    yield 'JWT_JWKS_URL: cannot be set together with JWT_SECRET; tokens are signed one way';
  if (!JWT_SECRET && !JWT_JWKS_URL)
    for (const { name } of [GATEWAY.jwtIssuer, GATEWAY.jwtAudience])
      if (environment[name]) yield `${name}: needs JWT_SECRET or JWT_JWKS_URL as well`;
  if (MEDIA?.startsWith('s3://') && !(AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY))
    yield 'MEDIA: a bucket needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY as well';
  if (RATE_LIMITS?.toLowerCase() === 'redis' && !REDIS_URL) yield 'RATE_LIMITS=redis: needs REDIS_URL as well';
  if (TRUSTED_DOCUMENTS_ONLY?.toLowerCase() === 'on' && !TRUSTED_DOCUMENTS)
    yield 'TRUSTED_DOCUMENTS_ONLY=on: needs TRUSTED_DOCUMENTS as well';
}

/** Every secret of the environment, for the redaction of output; also of variables whose value is not allowed. */
export function secretsOf(environment: Environment): string[] {
  const secrets = Object.values<Variable>(GATEWAY).flatMap(({ name, secret }) => {
    const text = environment[name];
    if (!secret || !text) return [];
    if (secret === 'value') return [text];
    return secret === 'address' ? secretsIn(text) : [text, ...splitList(text).flatMap(secretsIn)];
  });
  // PostgreSQL's driver reads it when the address has no password.
  return [...secrets, ...traceSecrets(environment), ...(environment.PGPASSWORD ? [environment.PGPASSWORD] : [])];
}
