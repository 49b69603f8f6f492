import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import { freePort } from './postgres-server.ts';

/** Whether `redis-server` is on the PATH. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0;

/** Skips a test, with a note, when Redis is not installed. */
export function needsRedis({ skip }: { skip(condition: boolean, note: string): void }): void {
  skip(!hasRedis, 'redis-server is not installed');
}

/** A Redis server for one test; it stores nothing on disk. */
export interface RedisServer {
  port: number;
  url: string;
  /** The test's own connection, which reconnects by itself. */
  client: Redis;
  stop(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
  /** Stops it from answering, while its connections stay open. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  let running: ChildProcess | null = null;

  async function start(): Promise<void> {
    const settings = { port: `${port}`, bind: '127.0.0.1', save: '', dir: tmpdir() };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    running = server;
    await new Promise<void>((resolve, reject) => {
      let output = '';
      server.stdout.on('data', (data) => {
        output += data;
        if (output.includes('Ready to accept connections')) resolve();
      });
      server.once('error', reject);
      server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${output}`)));
    });
  }
  async function stop(): Promise<void> {
    const server = running;
    running = null;
    if (!server) return;
    const exited = new Promise((resolve) => server.once('exit', resolve));
    // SIGKILL ends a frozen process, too, and what it stores is not needed.
    server.kill('SIGKILL');
    await exited;
  }

  // In case the test's process ends before it closes the server.
  const kill = (): boolean | undefined => running?.kill('SIGKILL');
  process.once('exit', kill);
  await start();
  const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
  // Errors are expected: the connection is lost whenever the server stops.
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
