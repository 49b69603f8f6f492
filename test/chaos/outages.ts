import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresServer } from '../postgres-server.ts';
import type { TestProxy } from '../proxy.ts';
import type { RedisServer } from '../redis-server.ts';
import { pick } from '../seed.ts';
import type { Node } from './node.ts';
import { SIZE } from './size.ts';

export interface Installation {
  nodes: readonly Node[];
  postgres: PostgresServer;
  /** Between the nodes and PostgreSQL. */
  proxy: TestProxy;
  /** Null when the bus is PostgreSQL. */
  redis: RedisServer | null;
  next: () => number;
}

/** A failure that ends after a while. */
export interface Outage {
  name: string;
  /** Resolves when it is over. */
  happen(): Promise<void>;
}

/** All outages of a test in random order. */
export function outages({ nodes, postgres, proxy, redis, next }: Installation): Outage[] {
  const outage = (): Promise<void> => delay(next() * SIZE.longestOutage);
  const restart = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const ending = await pick(nodes, next).restart(signal);
    if (ending !== (signal === 'SIGTERM' ? 0 : signal)) throw new Error(`A gateway ended with ${ending} on ${signal}.`);
  };
  const kinds: [name: string, times: number, happen: (n: number) => Promise<void>][] = [
    ['a gateway was killed', SIZE.kills, () => restart('SIGKILL')],
    ['a gateway was stopped', SIZE.stops, () => restart('SIGTERM')],
    ['a gateway was paused', SIZE.pauses, () => pick(nodes, next).pause(outage)],
    [
      'the database was restarted',
      SIZE.databaseRestarts,
      async (n) => {
        await postgres.stop(n % 2 === 0 ? 'fast' : 'immediate');
        // Every third time a gateway is killed, too, and finds no database when it starts.
        const killed = n % 3 === 2 ? restart('SIGKILL') : null;
        await outage();
        await postgres.start();
        await killed;
      },
    ],
    [
      'the database was unreachable',
      SIZE.databaseCuts,
      async () => {
        proxy.freeze();
        await outage();
        proxy.closeConnections();
        proxy.thaw();
      },
    ],
    [
      'Redis was restarted',
      redis ? SIZE.redisRestarts : 0,
      async () => {
        await redis!.stop();
        await outage();
        await redis!.start();
      },
    ],
  ];
  const all = kinds.flatMap(([name, times, happen]) =>
    Array.from({ length: times }, (_, n): Outage => ({ name, happen: () => happen(n) })),
  );
  return Array.from({ length: all.length }, () => all.splice(Math.floor(next() * all.length), 1)[0]!);
}
