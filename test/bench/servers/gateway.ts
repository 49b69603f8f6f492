import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { projectRoot } from '../../../src/root.ts';
import { freePort } from './port.ts';
import { end, SERVER_CORE, start } from './process.ts';

/** Milliseconds the gateway may take until it answers. */
const START_LIMIT_MS = 30_000;
/** Milliseconds between two looks whether it does. */
const LOOK_EVERY_MS = 50;

/** What node is told of memory in production, and of the threads that collect it. */
export const MEMORY_OPTIONS = ['--max-old-space-size=1024', '--max-semi-space-size=16', '--v8-pool-size=1'];

export interface Server {
  /** Where its POST requests go. */
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Rules that would hold comments of the benchmark, which repeat each other, for a moderator. */
export const HOLDS_NOTHING = { HOLD_BUSY_ARTICLE: '0', HOLD_REPEATED_WITHIN: '0' };

/**
 * Starts the built gateway as production does, but for rate limits, since all requests come from one address, and for kept
 * responses: what is measured is the work of making them, unless CACHE_SIZE is given.
 * @param nodeOptions what node is told beside what production tells it
 * @param environment variables beside those below, and instead of them
 * @throws when it does not answer in 30 seconds
 */
export async function startGateway(
  databaseUrl: string,
  nodeOptions: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<Server> {
  const port = await freePort();
  const child = start({
    // As `npm start` does.
    args: [...MEMORY_OPTIONS, ...nodeOptions, join(projectRoot, 'dist', 'main.js')],
    core: SERVER_CORE,
    env: {
      DATABASE_URL: databaseUrl,
      HOST: '127.0.0.1',
      PORT: String(port),
      RATE_LIMITS: 'off',
      CACHE_SIZE: '0',
      // The content is of any date; nothing is to be deleted while something is measured.
      EVENTS_KEPT: '3650d',
      LOG_LEVEL: 'error',
      NODE_ENV: 'production',
      ...environment,
    },
  });
  const server = { url: `http://127.0.0.1:${port}/graphql`, pid: child.pid!, stop: () => end(child) };
  const limit = performance.now() + START_LIMIT_MS;
  while (!(await answers(server.url))) {
    if (child.exitCode !== null) throw new Error(`The gateway ended with code ${child.exitCode}; is it built?`);
    if (child.signalCode !== null) throw new Error(`Something ended the gateway with ${child.signalCode}.`);
    if (performance.now() > limit) {
      await server.stop();
      throw new Error(`The gateway did not answer within ${START_LIMIT_MS / 1000} seconds.`);
    }
    await delay(LOOK_EVERY_MS);
  }
  return server;
}

/** The options of node that leave a profile of the processor's time in a folder, for Chrome's developer tools. */
export function profiling(folder: string | undefined): string[] {
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    return response.ok;
  } catch {
    // Nothing listens yet.
    return false;
  }
}
