import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Bus } from '../src/bus/bus.ts';
import { PendingWakeUps } from '../src/bus/pending-wake-ups.ts';
import type { Logger } from '../src/logger.ts';
import { type BusServer, openPostgres, openRedis } from './bus-servers.ts';
import { until } from './gateway.ts';
import { startProxy, type TestProxy } from './proxy.ts';
import { hasRedis } from './redis-server.ts';

/** What buses have said to their operator. */
let said: string[] = [];
const log: Logger = {
  error: (message) => said.push(`error: ${message}`),
  info: (message) => said.push(`info: ${message}`),
  debug: () => {},
};

const opened = new Set<Bus>();
function kept(bus: Bus): Bus {
  opened.add(bus);
  return bus;
}
afterEach(async () => {
  for (const bus of opened) await bus.close();
  opened.clear();
  said = [];
});

interface Follower {
  heard: (number | null)[];
  stop(): void;
}

function follow(bus: Bus, topic: string): Follower {
  const heard: (number | null)[] = [];
  return { heard, stop: bus.watch(topic, (sequence) => heard.push(sequence)) };
}

/** Resolves when the follower has heard it, and forgets what it has heard until then. */
async function hears({ heard }: Follower, sequence: number | null): Promise<void> {
  await until(`${sequence} is heard`, () => heard.includes(sequence));
  heard.length = 0;
}

function connected(...buses: Bus[]): Promise<void> {
  return until('buses are connected', () => buses.every((bus) => bus.isConnected));
}

/** What keeps the process running. */
function resources(): string[] {
  return process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS|Timeout|Immediate|GetAddrInfo)/.test(name));
}

/** What there is more of now than there was before; timers of the test's runner may be gone since. */
function leftSince(before: readonly string[]): string[] {
  const expected = [...before];
  return resources().filter((name) => {
    const at = expected.indexOf(name);
    if (at >= 0) expected.splice(at, 1);
    return at < 0;
  });
}

describe.each([
  ['PostgreSQL', openPostgres, true],
  [hasRedis ? 'Redis' : 'Redis (skipped: there is no redis-server on the PATH)', openRedis, hasRedis],
])('a bus over %s', (_, openServer, isHere) => {
  describe.runIf(isHere)('keeps the promises of every bus', () => {
    let server: BusServer;
    let proxy: TestProxy;
    beforeAll(async () => {
      server = await openServer();
      proxy = await startProxy(server.port);
    });
    afterAll(async () => {
      await proxy.close();
      await server.close();
    });

    /** As two gateways have them. @param port the way that the first takes to the server */
    function two(port?: number): [Bus, Bus] {
      return [kept(server.open(log, port)), kept(server.open(log))];
    }

    it('brings a wake-up to whoever watches, here at once and on the other gateway, to each once', async () => {
      const [here, there] = two();
      const mine = follow(here, 'article:1');
      const theirs = follow(there, 'article:1');
      await hears(mine, null);
      await hears(theirs, null);

      here.wake('article:1', 1);
      expect(mine.heard).toEqual([1]);
      await until('it arrives', () => theirs.heard.length > 0);
      there.wake('article:1', 2);
      await until('the next arrives', () => mine.heard.includes(2));
      // Had its own come back, it would have come before.
      expect(mine.heard).toEqual([1, 2]);
      expect(theirs.heard).toEqual([1, 2]);
    });

    it('carries topics of any length, and sequences beyond 32 bits', async () => {
      const [here, there] = two();
      const long = `topic "of" ${'many words '.repeat(20)}`;
      const theirs = follow(there, long);
      await hears(theirs, null);
      here.wake(long, Number.MAX_SAFE_INTEGER);
      await hears(theirs, Number.MAX_SAFE_INTEGER);
    });

    it('listens for what is watched and for nothing else', async () => {
      const [here, there] = two();
      const followers = [1, 2, 2].map((id) => follow(here, `article:${id}`));
      const other = follow(there, 'article:2');
      for (const follower of [...followers, other]) await hears(follower, null);
      expect(await server.heard()).toEqual(['article:1', 'article:2', 'article:2']);

      there.wake('article:3', 9);
      there.wake('article:1', 1);
      await until('what is watched is heard', () => followers[0]!.heard.includes(1));
      expect([...followers, other].map(({ heard }) => heard)).toEqual([[1], [], [], []]);

      followers[1]!.stop();
      followers[0]!.stop();
      await until('one is left', async () => (await server.heard()).join() === 'article:2,article:2');
      there.wake('article:2', 2);
      await hears(followers[2]!, 2);
      followers[2]!.stop();
      other.stop();
      await until('none is left', async () => (await server.heard()).length === 0);
    });

    it('says null to each who begins to watch, and nothing to who has stopped', async () => {
      const [here] = two();
      const first = follow(here, 'article:1');
      await hears(first, null);
      const second = follow(here, 'article:1');
      const gone = follow(here, 'article:1');
      gone.stop();
      await hears(second, null);
      expect(first.heard).toEqual([]);
      expect(gone.heard).toEqual([]);
    });

    it('ends right however quickly watching begins and ends', async () => {
      const [here, there] = two();
      await connected(here, there);
      for (let round = 0; round < 50; round += 1) {
        // At every point of what is under way, not only between statements.
        for (let turns = 0; turns < round % 7; turns += 1) await new Promise(setImmediate);
        follow(here, 'article:1').stop();
        const stays = follow(here, 'article:1');
        follow(here, 'article:2').stop();
        await hears(stays, null);
        there.wake('article:1', round + 1);
        await hears(stays, round + 1);
        stays.stop();
      }
      await until('none is left', async () => (await server.heard()).length === 0);
    });

    it('brings hundreds of wake-ups at once as the highest, in few statements', async () => {
      const [here, there] = two();
      const theirs = follow(there, 'article:1');
      await hears(theirs, null);
      await connected(here);
      const before = await server.sends();

      for (let sequence = 1; sequence <= 500; sequence += 1) here.wake('article:1', sequence);
      // Transactions may end out of order.
      here.wake('article:1', 499);
      await until('the highest arrives', () => theirs.heard.includes(500));
      for (let sequence = 501; sequence <= 1_000; sequence += 1) {
        here.wake('article:1', sequence);
        if (sequence % 10 === 0) await new Promise(setImmediate);
      }
      await until('the highest arrives', () => theirs.heard.includes(1_000));

      expect(theirs.heard[0]).toBe(500);
      expect(theirs.heard.length).toBeLessThan(60);
      expect((await server.sends()) - before).toBe(theirs.heard.length);
    });

    it('comes back by itself when the server cuts it off, and says so once', async () => {
      const [here, there] = two();
      const mine = follow(here, 'article:1');
      const theirs = follow(there, 'article:2');
      await hears(mine, null);
      await hears(theirs, null);

      for (let times = 1; times <= 3; times += 1) {
        said = [];
        const seen: boolean[] = [];
        const stop = here.watch('seen', () => seen.push(here.isConnected));
        await until('it is watched', () => seen.length > 0);
        await server.cut();
        await until('it is cut off', () => !here.isConnected || seen.length > 1);
        await hears(mine, null);
        await hears(theirs, null);
        await connected(here, there);
        expect(seen).toEqual([true, true]);
        stop();

        here.wake('article:2', times);
        there.wake('article:1', times);
        await hears(mine, times);
        await hears(theirs, times);
        expect(said.map((line) => line.split(':')[0])).toEqual(expect.arrayContaining(['error', 'info']));
        expect(said).toHaveLength(4);
      }
      await until('it is heard once', async () => (await server.heard()).join() === 'article:1,article:2');
    });

    it('has thousands of topics again after it was cut off', async () => {
      const [here, there] = two();
      await connected(there);
      const followers = Array.from({ length: 2_500 }, (_, id) => follow(here, `article:${id}`));
      for (const follower of followers) await hears(follower, null);
      await server.cut();
      for (const follower of followers) await hears(follower, null);
      expect((await server.heard()).length).toBe(followers.length);
      await connected(there);
      for (const id of followers.keys()) there.wake(`article:${id}`, id);
      for (const [id, follower] of followers.entries()) await hears(follower, id);
    });

    it('starts without its server, and sends what was woken when it comes', async () => {
      await proxy.stopListening();
      const [here, there] = two(proxy.port);
      const mine = follow(here, 'article:1');
      const theirs = follow(there, 'article:2');
      await hears(theirs, null);
      await until('it was refused', () => said.length > 0);
      expect(here.isConnected).toBe(false);
      here.wake('article:1', 1);
      expect(mine.heard).toEqual([1]);
      for (let sequence = 1; sequence <= 100; sequence += 1) here.wake('article:2', sequence);

      await proxy.listen();
      await until('it is there', () => mine.heard.includes(null));
      expect(here.isConnected).toBe(true);
      await until('what waited arrives', () => theirs.heard.length > 0);
      expect(theirs.heard).toEqual([100]);
      expect(said).toHaveLength(2);
    });

    it('finds out that the other side has fallen silent, asked or not, and comes back when it speaks', async () => {
      const [here, there] = two(proxy.port);
      const quiet = kept(server.open(log, proxy.port));
      const mine = follow(here, 'article:1');
      const theirs = follow(there, 'article:2');
      await hears(mine, null);
      await hears(theirs, null);
      await connected(quiet);

      proxy.freeze();
      here.wake('article:2', 1);
      await until('it is known', () => !here.isConnected && !quiet.isConnected);
      there.wake('article:1', 1);
      proxy.thaw();
      await hears(mine, null);
      expect(here.isConnected).toBe(true);
      await hears(theirs, 1);
      there.wake('article:1', 2);
      await hears(mine, 2);
      await connected(quiet);
      expect(said).toHaveLength(4);
    });

    describe('when it is closed', () => {
      /** Opens a bus, brings it to where it is to be closed, and holds that it closes at once and nothing is left. */
      async function leavesNothing(port: number, reach: (bus: Bus) => Promise<unknown>): Promise<void> {
        // What tests before have ended may take a moment to be gone.
        await new Promise(setImmediate);
        const before = resources();
        const bus = server.open(log, port);
        await reach(bus);
        const from = performance.now();
        await Promise.all([bus.close(), bus.close()]);
        expect(performance.now() - from).toBeLessThan(500);
        expect(bus.isConnected).toBe(false);
        // The proxy's ends of it are in this process too.
        proxy.thaw();
        await until('nothing is left', () => leftSince(before).length === 0);
        bus.watch('article:1', () => {})();
        bus.wake('article:1', 1);
        await new Promise(setImmediate);
        expect(leftSince(before)).toEqual([]);
      }

      it('leaves nothing before it could begin', () => leavesNothing(server.port, async () => {}));

      it('leaves nothing in any moment of connecting', async () => {
        for (let turns = 1; turns <= 40; turns += 1)
          await leavesNothing(server.port, async () => {
            for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
          });
      });

      it('leaves nothing when it is connected and idle', () => leavesNothing(server.port, connected));

      it('leaves nothing while it asks and sends', () =>
        leavesNothing(server.port, async (bus) => {
          await connected(bus);
          for (let id = 1; id <= 100; id += 1) {
            bus.watch(`article:${id}`, () => {});
            bus.wake(`article:${id}`, id);
          }
          await new Promise(setImmediate);
        }));

      it('leaves nothing while it waits to try again', async () => {
        await proxy.stopListening();
        try {
          await leavesNothing(proxy.port, () => until('it was refused', () => said.length > 0));
        } finally {
          await proxy.listen();
        }
      });

      it('leaves nothing while a silent server is asked', async () => {
        proxy.freeze();
        await leavesNothing(proxy.port, async (bus) => {
          bus.watch('article:1', () => {});
          for (let turns = 0; turns < 50; turns += 1) await new Promise(setImmediate);
        });
      });

      it('leaves nothing after the server fell silent', async () => {
        await leavesNothing(proxy.port, async (bus) => {
          await connected(bus);
          proxy.freeze();
          bus.wake('article:1', 1);
          await new Promise(setImmediate);
        });
      });
    });
  });
});

describe('a gateway that is held up for longer than a server may take', () => {
  it('does not blame the server', async () => {
    const server = await openPostgres();
    onTestFinished(() => server.close());
    const bus = kept(server.open(log));
    await connected(bus);
    const follower = follow(bus, 'article:1');
    // The server is asked by then; its answer lies here unread.
    await new Promise(process.nextTick);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_500);
    await hears(follower, null);
    expect(said).toEqual([]);
  });
});

describe.runIf(hasRedis)('a Redis that is started anew', () => {
  it('is found again, whatever it has forgotten', async () => {
    const server = await openRedis();
    onTestFinished(() => server.close());
    const [here, there] = [kept(server.open(log)), kept(server.open(log))];
    const mine = follow(here, 'article:1');
    await hears(mine, null);
    await connected(there);

    await server.stop();
    await until('it is known', () => !here.isConnected && !there.isConnected);
    await server.start();
    await hears(mine, null);
    await connected(here, there);
    there.wake('article:1', 1);
    await hears(mine, 1);
    expect(said).toHaveLength(4);
  });
});

describe('an outbox', () => {
  it('keeps the highest of each topic, and of no more topics than it may', () => {
    const outbox = new PendingWakeUps(2);
    for (const [topic, sequence] of [
      ['a', 2],
      ['b', 1],
      ['a', 1],
      ['c', 1],
      ['b', 3],
    ] as const)
      outbox.add(topic, sequence);
    expect(outbox.takeAll()).toEqual([
      ['a', 2],
      ['b', 3],
    ]);
    expect(outbox.isEmpty).toBe(true);
  });
});
