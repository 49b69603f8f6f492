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
  /** The nodes' way to it. */
  way: TestProxy;
  /** Null where nodes wake each other without. */
  redis: RedisServer | null;
  next: () => number;
}

/** Something that fails, and comes back. */
export interface Outage {
  name: string;
  /** Resolves when it is over. */
  happen(): Promise<void>;
}

/** Everything that is to fail, in the order in which it does. */
export function outages({ nodes, postgres, way, redis, next }: Installation): Outage[] {
  const away = (): Promise<void> => delay(next() * SIZE.away);
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const how = await pick(nodes, next).restart(signal);
    if (how !== (signal === 'SIGTERM' ? 0 : signal)) throw new Error(`A gateway ended with ${how} on ${signal}.`);
  };
  const kinds: [name: string, times: number, happen: (n: number) => Promise<void>][] = [
    ['a gateway was killed', SIZE.kills, () => end('SIGKILL')],
    ['a gateway was asked to end', SIZE.ends, () => end('SIGTERM')],
    ['a gateway stood still', SIZE.pauses, () => pick(nodes, next).pause(away)],
    [
      'the database was restarted',
      SIZE.databaseRestarts,
      async (n) => {
        await postgres.stop(n % 2 === 0 ? 'fast' : 'immediate');
        // Every third time a gateway is killed meanwhile, and finds none when it starts.
        const killed = n % 3 === 2 ? end('SIGKILL') : null;
        await away();
        await postgres.start();
        await killed;
      },
    ],
    [
      'the database could not be reached',
      SIZE.databaseCuts,
      async () => {
        way.freeze();
        await away();
        way.closeConnections();
        way.thaw();
      },
    ],
    [
      'Redis was restarted',
      redis ? SIZE.redisRestarts : 0,
      async () => {
        await redis!.stop();
        await away();
        await redis!.start();
      },
    ],
  ];
  const all = kinds.flatMap(([name, times, happen]) =>
    Array.from({ length: times }, (_, n): Outage => ({ name, happen: () => happen(n) })),
  );
  return Array.from({ length: all.length }, () => all.splice(Math.floor(next() * all.length), 1)[0]!);
}
