import { readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadRedis } from '../../bus/index.ts';
import { type Config, ConfigError } from '../../config.ts';
import type { Environment } from '../../environment.ts';
import { readTrustedDocuments } from '../../execution/index.ts';
import { openPictures } from '../../media/index.ts';
import { projectRoot } from '../../root.ts';
import { type Finding, failure, ok, skipped, warning } from './finding.ts';

/** Bytes of free space below which the embedded database, or the folder of pictures, may soon take nothing, and below which it takes none. */
const LITTLE_SPACE = 2e9;
const NO_SPACE = 200e6;

/** Milliseconds that the identity provider may take. */
const KEYS_LIMIT = 5_000;

export async function checkNode(): Promise<Finding> {
  const { engines } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const [wanted, present] = [engines.node.replace('>=', ''), process.versions.node].map((text) =>
    text.split('.').map(Number),
  ) as [number[], number[]];
  const isOlder = present[0]! < wanted[0]! || (present[0] === wanted[0] && present[1]! < wanted[1]!);
  const detail = `Node.js ${process.versions.node}`;
  return isOlder ? failure('node', `${detail}; ${engines.node} is needed`) : ok('node', detail);
}

export function checkConfiguration(
  { misspelled }: Environment,
  readConfig: () => Config,
): { finding: Finding; config: Config | null } {
  try {
    const config = readConfig();
    const hints = misspelled.map(({ name, didYouMean }) => `${name} is no variable; did you mean ${didYouMean}?`);
    const finding =
      hints.length > 0 ? warning('configuration', hints.join(' ')) : ok('configuration', 'All values are allowed');
    return { finding, config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { finding: failure('configuration', error.message), config: null };
  }
}

export async function checkSpace({ dataDir, databaseUrl }: Config): Promise<Finding> {
  if (databaseUrl !== null) return skipped('disk space', 'The data is on the server in DATABASE_URL');
  let directory = dataDir;
  for (;;) {
    try {
      const { bavail, bsize } = await statfs(directory);
      const free = bavail * bsize;
      const detail = `${(free / 1e9).toFixed(1)} GB are free for ${dataDir}`;
      if (free < NO_SPACE) return failure('disk space', detail);
      return free < LITTLE_SPACE ? warning('disk space', detail) : ok('disk space', detail);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(directory) === directory)
        return failure('disk space', `${dataDir}: ${(error as Error).message}`);
      // It is created by the first start.
      directory = dirname(directory);
    }
  }
}

export async function checkPictures(config: Config): Promise<Finding> {
  const pictures = openPictures(config);
  if (pictures === null) return skipped('pictures', 'MEDIA is not set: none are kept');
  try {
    const { place, free } = await pictures.store.check();
    await pictures.tryDecoder();
    if (free === null) return ok('pictures', `${place} takes files and gives them back`);
    const detail = `${place} can be written, and has ${(free / 1e9).toFixed(1)} GB free`;
    if (free < NO_SPACE) return failure('pictures', detail);
    return free < LITTLE_SPACE ? warning('pictures', detail) : ok('pictures', detail);
  } catch (error) {
    return failure('pictures', `MEDIA: ${(error as Error).message}`);
  } finally {
    await pictures.close();
  }
}

export async function checkRedis({ redisUrl }: Config): Promise<Finding> {
  if (redisUrl === null) return skipped('redis', 'REDIS_URL is not set');
  try {
    const { pingRedis } = await loadRedis();
    await pingRedis(redisUrl);
    return ok('redis', 'It answers');
  } catch (error) {
    return failure('redis', `REDIS_URL: no answer (${(error as Error).message})`);
  }
}

export async function checkSigningIn({ jwksUrl, jwtSecret, localTokens }: Config): Promise<Finding> {
  if (jwtSecret !== null) return ok('signing in', 'JWT_SECRET is set');
  if (jwksUrl === null)
    return localTokens
      ? warning('signing in', 'Only tokens of `broadsheet token` are accepted: set JWT_SECRET or JWT_JWKS_URL')
      : warning('signing in', 'Nobody can sign in: set JWT_SECRET or JWT_JWKS_URL');
  try {
    const response = await fetch(jwksUrl, { signal: AbortSignal.timeout(KEYS_LIMIT) });
    const keys = response.ok ? ((await response.json()) as { keys?: unknown[] }).keys : undefined;
    if (!Array.isArray(keys)) return failure('signing in', `JWT_JWKS_URL: no key set (status ${response.status})`);
    return ok('signing in', `JWT_JWKS_URL has ${keys.length} keys`);
  } catch (error) {
    return failure('signing in', `JWT_JWKS_URL: no answer (${(error as Error).message})`);
  }
}

export async function checkDocuments(config: Config): Promise<Finding> {
  if (config.trustedDocuments === null) return skipped('trusted documents', 'TRUSTED_DOCUMENTS is not set');
  try {
    const { byId } = await readTrustedDocuments(config);
    return ok('trusted documents', `The manifest has ${[...byId].length}`);
  } catch (error) {
    return failure('trusted documents', (error as Error).message);
  }
}
