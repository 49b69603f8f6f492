import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { until } from './gateway.ts';

/** A Redis server of a test's own, with nothing in it, on a free port. */
export interface TestRedis {
  url: string;
  /** Ends it at once, with all it knows. */
  kill(): Promise<void>;
  /** Starts it again where it was. */
  restart(): Promise<void>;
  /** Makes it answer nothing, while its connections stay open. */
  freeze(): void;
  thaw(): void;
}

/** The server's program; undefined where it is not installed. */
const redisServer = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'redis-server'))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Passes a test over where there is no Redis to start, and says so. */
export function needsRedis({ skip }: { skip(condition: boolean, note: string): void }): void {
  skip(!redisServer, 'redis-server is not installed');
}

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess;

  async function restart(): Promise<void> {
    const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no' };
    const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    server = spawn(redisServer!, options, { stdio: 'ignore' });
    await until('Redis answers', async () => {
      const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
      redis.on('error', () => {});
      try {
        await redis.connect();
        return true;
      } catch {
        return false;
      } finally {
        redis.disconnect();
      }
    });
  }

  await restart();
  return {
    url,
    restart,
    async kill() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill('SIGKILL');
      await once(server, 'exit');
    },
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
  };
}

async function freePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  taken.close();
  await once(taken, 'close');
  return port;
}
