import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../../src/config.ts';
import { MEMORY_OPTIONS, type Server } from './gateway.ts';
import { end, nextMessage, SERVER_CORE, start, typescript } from './process.ts';

const FOLDER = fileURLToPath(new URL('../peers/', import.meta.url));
/** The lock file of what was installed last. */
const INSTALLED = join(FOLDER, 'node_modules', '.installed.json');

export type PeerName = 'PostGraphile' | 'Mercurius, JIT';

const SERVERS: Readonly<Record<PeerName, string>> = {
  PostGraphile: '../peers/postgraphile/server.ts',
  'Mercurius, JIT': '../peers/mercurius/server.ts',
};

/** Installs what the peers need, unless it is there. They are no part of the project's own dependencies. @throws when npm fails */
export function installPeers(log: (line: string) => void): void {
  const lock = readFileSync(join(FOLDER, 'package-lock.json'), 'utf8');
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === lock) return;
  log('Installing the peers, once:');
  const { status } = spawnSync('npm', ['ci'], {
    cwd: FOLDER,
    // Its lines are no part of the tables.
    stdio: ['ignore', process.stderr, process.stderr],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm ci in ${FOLDER} ended with code ${status}.`);
  writeFileSync(INSTALLED, lock);
}

/** The versions that were installed, in words. */
export function peerVersions(): string {
  const { dependencies } = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const { postgraphile, mercurius, fastify } = dependencies;
  return `PostGraphile ${postgraphile} (Grafserv), Mercurius ${mercurius} (Fastify ${fastify})`;
}

/** Starts a peer in one process, with as many connections and as much memory as the gateway has. */
export async function startPeer(name: PeerName, databaseUrl: string): Promise<Server> {
  const child = start({
    args: [...MEMORY_OPTIONS, ...typescript(SERVERS[name])],
    core: SERVER_CORE,
    env: {
      DATABASE_URL: databaseUrl,
      POOL_SIZE: String(readConfig(process.env).databaseConnections),
      NODE_ENV: 'production',
      GRAPHILE_ENV: 'production',
    },
  });
  return { url: await nextMessage<string>(child), pid: child.pid!, stop: () => end(child) };
}
