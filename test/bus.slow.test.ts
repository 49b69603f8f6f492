import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Bus } from '../src/bus/bus.ts';
import { PendingWakeUps } from '../src/bus/pending-wake-ups.ts';
import type { Logger } from '../src/logger.ts';
import { type BusServer, openPostgres, openRedis } from './bus-servers.ts';
import { until } from './gateway.ts';
import { startProxy, type TestProxy } from './proxy.ts';
import { hasRedis } from './redis-server.ts';

/** Levels of the lines that buses have logged. */
let logged: ('error' | 'info')[] = [];
const log: Logger = {
  error: () => logged.push('error'),
  info: () => logged.push('info'),
  debug: () => {},
};

const opened = new Set<Bus>();

/** Closes the bus after the test. */
function closedAfterTest(bus: Bus): Bus {
  opened.add(bus);
  return bus;
}

afterEach(async () => {
  for (const bus of opened) await bus.close();
  opened.clear();
  logged = [];
});

interface Watcher {
  received: (number | null)[];
  stop(): void;
}

function watch(bus: Bus, topic: string): Watcher {
  const received: (number | null)[] = [];
  return { received, stop: bus.watch(topic, (sequence) => received.push(sequence)) };
}

/** Resolves when the watcher has received the sequence, and empties what it has received. */
async function receives({ received }: Watcher, sequence: number | null): Promise<void> {
  await until(`${sequence} is received`, () => received.includes(sequence));
  received.length = 0;
}

function areConnected(...buses: Bus[]): Promise<void> {
  return until('the buses are connected', () => buses.every((bus) => bus.isConnected));
}

/** Resources that keep the process running. */
function resources(): string[] {
  return process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS|Timeout|Immediate|GetAddrInfo)/.test(name));
}

/** Resources that did not exist before. Timers of the test runner may have ended since. */
function openedSince(before: readonly string[]): string[] {
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
])('a bus over %s', (_, openServer, isInstalled) => {
  describe.runIf(isInstalled)('as every bus', () => {
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

    /** The buses of two gateways. @param port where the first bus connects; the server's own by default */
    function openTwo(port?: number): [Bus, Bus] {
      return [closedAfterTest(server.open(log, port)), closedAfterTest(server.open(log))];
    }

    it('delivers a wake-up once to each watcher: at once on the same gateway, over the server on another', async () => {
      const [here, there] = openTwo();
      const local = watch(here, 'article:1');
      const remote = watch(there, 'article:1');
      await receives(local, null);
      await receives(remote, null);

      here.wake('article:1', 1);
      expect(local.received).toEqual([1]);
      await until('the wake-up arrives', () => remote.received.length > 0);
      there.wake('article:1', 2);
      await until('the second wake-up arrives', () => local.received.includes(2));
      // If the server had returned the first wake-up to its sender, it would have arrived before the second.
      expect(local.received).toEqual([1, 2]);
      expect(remote.received).toEqual([1, 2]);
    });

    it('delivers topics of any length, and sequences beyond 32 bits', async () => {
      const [here, there] = openTwo();
      const long = `topic "of" ${'many words '.repeat(20)}`;
      const remote = watch(there, long);
      await receives(remote, null);
      here.wake(long, Number.MAX_SAFE_INTEGER);
      await receives(remote, Number.MAX_SAFE_INTEGER);
    });

    it('takes a wake-up without a number, as of another program, for one that may have been lost', async () => {
      const [here, there] = openTwo();
      const remote = watch(there, 'article:1');
      await receives(remote, null);
      here.wake('article:1', Number.NaN);
      await receives(remote, null);
    });

    it('subscribes on the server to watched topics only', async () => {
      const [here, there] = openTwo();
      const watchers = [1, 2, 2].map((id) => watch(here, `article:${id}`));
      const other = watch(there, 'article:2');
      for (const watcher of [...watchers, other]) await receives(watcher, null);
      expect(await server.subscribedTopics()).toEqual(['article:1', 'article:2', 'article:2']);

      there.wake('article:3', 9);
      there.wake('article:1', 1);
      await until('the wake-up of a watched topic is received', () => watchers[0]!.received.includes(1));
      expect([...watchers, other].map(({ received }) => received)).toEqual([[1], [], [], []]);

      watchers[1]!.stop();
      watchers[0]!.stop();
      await until('one topic is left', async () => (await server.subscribedTopics()).join() === 'article:2,article:2');
      there.wake('article:2', 2);
      await receives(watchers[2]!, 2);
      watchers[2]!.stop();
      other.stop();
      await until('none is left', async () => (await server.subscribedTopics()).length === 0);
    });

    it('calls each new watcher with null, and never one that has stopped', async () => {
      const [here] = openTwo();
      const first = watch(here, 'article:1');
      await receives(first, null);
      const second = watch(here, 'article:1');
      const stopped = watch(here, 'article:1');
      stopped.stop();
      await receives(second, null);
      expect(first.received).toEqual([]);
      expect(stopped.received).toEqual([]);
    });

    it('is subscribed correctly however quickly watchers start and stop', async () => {
      const [here, there] = openTwo();
      await areConnected(here, there);
      for (let round = 0; round < 50; round += 1) {
        // At any point of a request under way, not only between requests.
        for (let turns = 0; turns < round % 7; turns += 1) await new Promise(setImmediate);
        watch(here, 'article:1').stop();
        const stays = watch(here, 'article:1');
        watch(here, 'article:2').stop();
        await receives(stays, null);
        there.wake('article:1', round + 1);
        await receives(stays, round + 1);
        stays.stop();
      }
      await until('none is left', async () => (await server.subscribedTopics()).length === 0);
    });

    it('publishes hundreds of simultaneous wake-ups of a topic as the highest one, in few statements', async () => {
      const [here, there] = openTwo();
      const remote = watch(there, 'article:1');
      await receives(remote, null);
      await areConnected(here);
      const before = await server.publishCount();

      for (let sequence = 1; sequence <= 500; sequence += 1) here.wake('article:1', sequence);
      // Transactions may commit out of order.
      here.wake('article:1', 499);
      await until('the highest sequence arrives', () => remote.received.includes(500));
      for (let sequence = 501; sequence <= 1_000; sequence += 1) {
        here.wake('article:1', sequence);
        if (sequence % 10 === 0) await new Promise(setImmediate);
      }
      await until('the highest sequence arrives', () => remote.received.includes(1_000));

      expect(remote.received[0]).toBe(500);
      expect(remote.received.length).toBeLessThan(60);
      expect((await server.publishCount()) - before).toBe(remote.received.length);
    });

    it('reconnects when the server closes its connections, and logs each loss and each reconnection once', async () => {
      const [here, there] = openTwo();
      const local = watch(here, 'article:1');
      const remote = watch(there, 'article:2');
      await receives(local, null);
      await receives(remote, null);

      for (let times = 1; times <= 3; times += 1) {
        logged = [];
        const seen: boolean[] = [];
        const stop = here.watch('seen', () => seen.push(here.isConnected));
        await until('the topic is watched', () => seen.length > 0);
        await server.disconnectAll();
        await until('the bus is disconnected', () => !here.isConnected || seen.length > 1);
        await receives(local, null);
        await receives(remote, null);
        await areConnected(here, there);
        expect(seen).toEqual([true, true]);
        stop();

        here.wake('article:2', times);
        there.wake('article:1', times);
        await receives(local, times);
        await receives(remote, times);
        expect(logged.toSorted()).toEqual(['error', 'error', 'info', 'info']);
      }
      await until(
        'each topic is subscribed to once',
        async () => (await server.subscribedTopics()).join() === 'article:1,article:2',
      );
    });

    it('subscribes to thousands of topics again when it reconnects', async () => {
      const [here, there] = openTwo();
      await areConnected(there);
      const watchers = Array.from({ length: 2_500 }, (_, id) => watch(here, `article:${id}`));
      for (const watcher of watchers) await receives(watcher, null);
      await server.disconnectAll();
      for (const watcher of watchers) await receives(watcher, null);
      expect((await server.subscribedTopics()).length).toBe(watchers.length);
      await areConnected(there);
      for (const id of watchers.keys()) there.wake(`article:${id}`, id);
      for (const [id, watcher] of watchers.entries()) await receives(watcher, id);
    });

    it('starts without its server, and publishes the latest wake-ups once it can connect', async () => {
      await proxy.stopListening();
      const [here, there] = openTwo(proxy.port);
      const local = watch(here, 'article:1');
      const remote = watch(there, 'article:2');
      await receives(remote, null);
      await until('the connection was refused', () => logged.length > 0);
      expect(here.isConnected).toBe(false);
      here.wake('article:1', 1);
      expect(local.received).toEqual([1]);
      for (let sequence = 1; sequence <= 100; sequence += 1) here.wake('article:2', sequence);

      await proxy.listen();
      await until('the bus is connected', () => local.received.includes(null));
      expect(here.isConnected).toBe(true);
      await until('the pending wake-up arrives', () => remote.received.length > 0);
      expect(remote.received).toEqual([100]);
      expect(logged).toHaveLength(2);
    });

    it('notices that the server has stopped answering, also when it is idle, and reconnects once it answers', async () => {
      const [here, there] = openTwo(proxy.port);
      const idle = closedAfterTest(server.open(log, proxy.port));
      const local = watch(here, 'article:1');
      const remote = watch(there, 'article:2');
      await receives(local, null);
      await receives(remote, null);
      await areConnected(idle);

      proxy.freeze();
      here.wake('article:2', 1);
      await until('both buses notice it', () => !here.isConnected && !idle.isConnected);
      there.wake('article:1', 1);
      proxy.thaw();
      await receives(local, null);
      expect(here.isConnected).toBe(true);
      await receives(remote, 1);
      there.wake('article:1', 2);
      await receives(local, 2);
      await areConnected(idle);
      expect(logged).toHaveLength(4);
    });

    describe('when it is closed, leaves no connection and no timer', () => {
      /** As `until`, without a timer. */
      async function untilThen(holds: () => boolean): Promise<void> {
        while (!holds()) await new Promise(setImmediate);
      }

      const isConnected = (bus: Bus): Promise<void> => untilThen(() => bus.isConnected);

      /** Opens a bus, prepares it, and expects that it closes at once and leaves nothing open. */
      async function expectCleanClose(port: number, prepare: (bus: Bus) => Promise<unknown>): Promise<void> {
        // Resources that the test before has closed may take a turn to disappear.
        await new Promise(setImmediate);
        const before = resources();
        // No more than a second passes for it: less than the three in which a bus waits for an answer.
        vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
        const bus = server.open(log, port);
        try {
          await prepare(bus);
          let isClosed = false;
          const closing = Promise.all([bus.close(), bus.close()]).then(() => {
            isClosed = true;
          });
          for (let passed = 0; passed < 1_000 && !isClosed; passed += 1) {
            vi.advanceTimersByTime(1);
            await new Promise(setImmediate);
          }
          await closing;
          expect(vi.getTimerCount()).toBe(0);
        } finally {
          vi.useRealTimers();
        }
        expect(bus.isConnected).toBe(false);
        // The proxy's ends of the connections are in this process, too.
        proxy.thaw();
        await until('nothing is left open', () => openedSince(before).length === 0);
        bus.watch('article:1', () => {})();
        bus.wake('article:1', 1);
        // A turn of the event loop that something else waits for is listed as well, for a moment.
        await until('nothing was opened again', () => openedSince(before).length === 0);
      }

      it('before it could connect', () => expectCleanClose(server.port, async () => {}));

      it('at any moment of connecting', async () => {
        for (let turns = 1; turns <= 40; turns += 1)
          await expectCleanClose(server.port, async () => {
            for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
          });
      });

      it('when it is connected and idle', () => expectCleanClose(server.port, isConnected));

      it('while it subscribes and publishes', () =>
        expectCleanClose(server.port, async (bus) => {
          await isConnected(bus);
          for (let id = 1; id <= 100; id += 1) {
            bus.watch(`article:${id}`, () => {});
            bus.wake(`article:${id}`, id);
          }
          await new Promise(setImmediate);
        }));

      it('while it waits before the next attempt to connect', async () => {
        await proxy.stopListening();
        try {
          await expectCleanClose(proxy.port, () => untilThen(() => logged.length > 0));
        } finally {
          await proxy.listen();
        }
      });

      it('while it waits for a server that does not answer', async () => {
        proxy.freeze();
        await expectCleanClose(proxy.port, async (bus) => {
          bus.watch('article:1', () => {});
          for (let turns = 0; turns < 50; turns += 1) await new Promise(setImmediate);
        });
      });

      it('after the server has stopped answering', async () => {
        await expectCleanClose(proxy.port, async (bus) => {
          await isConnected(bus);
          proxy.freeze();
          bus.wake('article:1', 1);
          await new Promise(setImmediate);
        });
      });
    });
  });
});

describe('a bus whose process was blocked for longer than the answer timeout', () => {
  it('reads the answer that has arrived, and stays connected', async () => {
    const server = await openPostgres();
    onTestFinished(() => server.close());
    const bus = closedAfterTest(server.open(log));
    await areConnected(bus);
    const watcher = watch(bus, 'article:1');
    // The request is sent by then; its answer arrives while the process is blocked.
    await new Promise(process.nextTick);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_500);
    await receives(watcher, null);
    expect(logged).toEqual([]);
  });
});

describe.runIf(hasRedis)('a bus whose Redis restarts', () => {
  it('reconnects, and subscribes again to what Redis has lost', async () => {
    const server = await openRedis();
    onTestFinished(() => server.close());
    const [here, there] = [closedAfterTest(server.open(log)), closedAfterTest(server.open(log))];
    const local = watch(here, 'article:1');
    await receives(local, null);
    await areConnected(there);

    await server.stop();
    await until('both buses are disconnected', () => !here.isConnected && !there.isConnected);
    await server.start();
    await receives(local, null);
    await areConnected(here, there);
    there.wake('article:1', 1);
    await receives(local, 1);
    expect(logged).toHaveLength(4);
  });
});

describe('pending wake-ups', () => {
  it('keep the highest sequence of each topic, up to the maximum number of topics', () => {
    const pending = new PendingWakeUps(2);
    for (const [topic, sequence] of [
      ['a', 2],
      ['b', 1],
      ['a', 1],
      ['c', 1],
      ['b', 3],
    ] as const)
      pending.add(topic, sequence);
    expect(pending.takeAll()).toEqual([
      ['a', 2],
      ['b', 3],
    ]);
    expect(pending.isEmpty).toBe(true);
  });
});
