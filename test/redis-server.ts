import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';

/** Whether `redis-server` is on the PATH. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0;

/** Passes a test over where there is no Redis to start, and says so. */
export function needsRedis({ skip }: { skip(condition: boolean, note: string): void }): void {
  skip(!hasRedis, 'redis-server is not installed');
}

/** A Redis of the test's own, which keeps nothing. */
export interface RedisServer {
  port: number;
  url: string;
  /** A connection of the test's own; it comes back by itself. */
  client: Redis;
  stop(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Makes it answer nothing, while its connections stay open. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  let running: ChildProcess | null = null;

  async function start(): Promise<void> {
    const settings = { port: `${port}`, bind: '127.0.0.1', save: '', dir: tmpdir() };
    const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const server = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'ignore'] });
    running = server;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      server.stdout.on('data', (data) => {
        said += data;
        if (said.includes('Ready to accept connections')) resolve();
      });
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
    });
  }
  async function stop(): Promise<void> {
    const server = running;
    running = null;
    if (!server) return;
    const exited = new Promise((resolve) => server.once('exit', resolve));
    // At once, with all it knows; also one that is frozen.
    server.kill('SIGKILL');
    await exited;
  }

  // Also when the test's process ends before it could close what it opened.
  const kill = (): boolean | undefined => running?.kill('SIGKILL');
  process.once('exit', kill);
  await start();
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
  // It ends with the server, each time.
  client.on('error', () => {});
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    client,
    stop,
    start,
    freeze: () => running?.kill('SIGSTOP'),
    thaw: () => running?.kill('SIGCONT'),
    async close() {
      client.disconnect();
      await stop();
      process.off('exit', kill);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
