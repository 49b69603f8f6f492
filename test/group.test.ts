import { describe, expect, it } from 'vitest';
import { type LogPosition, positionFault } from '../schema/content/events.ts';
import { BackgroundWork } from '../src/background/background-work.ts';
import { DeliveryTotals } from '../src/delivery/delivery-totals.ts';
import { EncodedResult } from '../src/delivery/encoded-result.ts';
import type { ResultSink } from '../src/delivery/result-sink.ts';
import { Subscriber } from '../src/delivery/subscriber.ts';
import { SubscriberGroup } from '../src/delivery/subscriber-group.ts';
import type { LeaveEvent, SubscriberEvent, SubscriberState } from '../src/delivery/subscriber-state.ts';
import type { LogEntry } from '../src/log/log-entry.ts';
import { LogReader } from '../src/log/log-reader.ts';
import { LogSource } from '../src/log/log-source.ts';
import { createLogger } from '../src/logger.ts';
import { until } from './gateway.ts';

/** A group that follows a log in memory; the result of each entry is its sequence. */
function openGroup({ isResumable = true } = {}) {
  const log = { length: 0, epoch: 1, first: 1, publication: 1, isPublic: true, year: 2000 };
  const timeOf = (sequence: number) => new Date(Date.UTC(log.year, 0, sequence));
  const position = () => ({ articleId: 1, epoch: log.epoch, sequence: log.length, at: timeOf(log.length) });
  const reader = new LogReader<LogEntry>(
    {
      topic: 'test',
      async read(after) {
        const from = after === null ? log.length + 1 : Math.max(after + 1, log.first);
        return {
          position: position(),
          entries: Array.from({ length: log.length + 1 - from }, (_, i) => ({
            sequence: from + i,
            at: timeOf(from + i),
            previousAt: timeOf(from + i - 1),
          })),
          publication: log.publication,
        };
      },
    },
    { log: createLogger({ level: 'silent' }), work: new BackgroundWork() },
  );
  const resuming = {
    decode: (after: string) => ({ ...position(), sequence: Number(after), at: timeOf(Number(after)) }),
    fault: positionFault,
    cursorOf: () => '',
    caughtUp: () => 'caught up',
    resync: () => 'resync',
  };
  const source = new LogSource({ load: async () => [], ...(isResumable && { resuming }) }, () => ({
    reader,
    release: () => {},
  }));
  const renderer = {
    /** Rendering of entries waits for it. */
    gate: Promise.resolve(),
    calls: 0,
    /** Called when the data of entries is read. */
    onRead: () => {},
    async renderEntries(entries: readonly LogEntry[]) {
      renderer.calls += 1;
      await renderer.gate;
      renderer.onRead();
      return entries.map(({ sequence }) => (log.isPublic ? new EncodedResult(`${sequence}`) : null));
    },
    renderNotice: async (notice: unknown) => new EncodedResult(`${notice}`),
    renderGone: async () => ({ result: new EncodedResult('gone'), retryAfterSeconds: null }),
  };
  const onFault = (error: unknown): void => {
    throw error;
  };
  const totals = new DeliveryTotals();
  const group = new SubscriberGroup({ source, renderer, totals, onEmpty: () => {}, onFault });
  function grow(length: number): void {
    log.length = length;
    reader.advanceTo(length);
  }
  return { group, reader, renderer, grow, log, totals };
}

/** A connection that is full after a number of results, until it drains. */
function openSink(capacity = Number.POSITIVE_INFINITY) {
  const received: string[] = [];
  let onDrain = (): void => {};
  const sink: ResultSink = {
    get isFull() {
      return received.length >= capacity;
    },
    whenDrained(callback) {
      onDrain = callback;
    },
    send: ({ json }) => received.push(json),
    batch: (work) => work(),
    end: (reason) => received.push(reason),
  };
  function drain(): void {
    capacity = Number.POSITIVE_INFINITY;
    onDrain();
  }
  return { sink, received, drain };
}

describe('a group', () => {
  it('sends a subscriber that catches up every result, when the live ones leave during a delivery', async () => {
    const { group, renderer, grow } = openGroup();
    grow(9);
    const quick = openSink();
    const leave = group.join(quick.sink, '9');
    await until('the quick subscriber is live', () => quick.received.includes('caught up'));
    const slow = openSink(1);
    group.join(slow.sink, '5');
    await until('the slow subscriber catches up', () => slow.received.length === 1);
    grow(10);
    await until('the quick subscriber has received the next result', () => quick.received.includes('10'));

    let open!: () => void;
    renderer.gate = new Promise((resolve) => {
      open = resolve;
    });
    const { calls } = renderer;
    grow(11);
    await until('a delivery is under way', () => renderer.calls > calls);
    leave();
    slow.drain();
    await until('the slow subscriber is alone and live', () => slow.received.includes('caught up'));
    open();
    await until('the delivery is complete', () => slow.received.includes('11'));
    expect(slow.received).toEqual(['6', '7', '8', '9', 'caught up', '10', '11']);
  });

  it('drops the results of a slow subscriber when it leaves, also when no further entry is delivered', async () => {
    const { group, grow, totals } = openGroup();
    const fast = openSink();
    const slow = openSink(2);
    group.join(fast.sink, null);
    const leave = group.join(slow.sink, null);
    await until('both are live', () => totals.live === 2);
    grow(3);
    await until('the fast subscriber has received all results', () => fast.received.length === 4);
    expect(totals.waitingCharacters).toBeGreaterThan(0);
    leave();
    await until('no result is kept', () => totals.waitingCharacters === 0);
    expect(slow.received).toEqual(['caught up', '1']);
  });

  it('renders again what was rendered while the article was not public, whether missed or live', async () => {
    const { group, grow, log, renderer } = openGroup();
    grow(2);
    const reader = openSink();
    /** The article is withdrawn and published again while entries are rendered. */
    function withdrawWhileRendering(): void {
      renderer.onRead = () => {
        log.isPublic = false;
        log.publication += 1;
        renderer.onRead = () => {
          log.isPublic = true;
        };
      };
    }
    withdrawWhileRendering();
    group.join(reader.sink, '0');
    await until('the missed results arrive', () => reader.received.length === 3);
    withdrawWhileRendering();
    grow(3);
    await until('the live result arrives', () => reader.received.length === 4);
    expect(reader.received).toEqual(['1', '2', 'caught up', '3']);
    expect(renderer.calls).toBe(4);
  });

  it('sends live subscribers whose next entries were deleted before they were read a notice, then live results', async () => {
    const { group, grow, log, totals } = openGroup();
    const reader = openSink();
    group.join(reader.sink, null);
    await until('it is live', () => totals.live === 1);
    log.first = 4;
    grow(6);
    await until('it has received the notice', () => reader.received.length === 3);
    await until('it is live', () => totals.live === 1);
    grow(7);
    await until('it receives the next result', () => reader.received.length === 4);
    expect(reader.received).toEqual(['caught up', 'resync', 'caught up', '7']);
  });
});

describe('a group whose log was replaced', () => {
  it('sends live and slow subscribers a notice when it is woken, each when its connection takes it, then live results', async () => {
    const { group, reader, grow, log, totals } = openGroup();
    const [fast, slow] = [openSink(), openSink(2)];
    for (const { sink } of [fast, slow]) group.join(sink, null);
    await until('both are live', () => totals.live === 2);
    grow(3);
    await until('the fast one has received all results', () => fast.received.length === 4);
    log.epoch = 2;
    log.length = 1;
    // As an import does, which does not know how far the log has been read.
    reader.advanceTo(2 ** 31 - 1);
    await until('the fast one has received the notice', () => fast.received.includes('resync'));
    slow.drain();
    await until('both are live again', () => totals.live === 2);
    grow(2);
    for (const { received } of [fast, slow]) await until('the next result arrives', () => received.at(-1) === '2');
    expect(fast.received).toEqual(['caught up', '1', '2', '3', 'resync', 'caught up', '2']);
    expect(slow.received).toEqual(['caught up', '1', 'resync', 'caught up', '2']);
    expect(totals.waitingCharacters).toBe(0);
  });

  it.each([
    { what: 'is shorter', length: 2 },
    { what: 'has grown beyond what was read', length: 8 },
  ])('sends nothing that was rendered of the new one as entries of the former, when that $what', async ({ length }) => {
    const { group, renderer, grow, log } = openGroup();
    grow(3);
    const live = openSink();
    group.join(live.sink, '3');
    await until('one is live', () => live.received.includes('caught up'));
    const resumed = openSink();
    renderer.onRead = () => {
      renderer.onRead = () => {};
      Object.assign(log, { length, year: 2001 });
    };
    group.join(resumed.sink, '1');
    await until('it has caught up', () => resumed.received.includes('caught up'));
    expect(resumed.received).toEqual(['resync', 'caught up']);
    await until('the live one is told', () => live.received.includes('resync'));

    renderer.onRead = () => {
      renderer.onRead = () => {};
      Object.assign(log, { length: length + 5, year: 2002 });
    };
    grow(length + 1);
    for (const { received } of [live, resumed])
      await until('each is told', () => received.filter((result) => result === 'resync').length === 2);
    grow(length + 6);
    await until('both are live', () => [live, resumed].every(({ received }) => received.includes(`${length + 6}`)));
    for (const { received } of [live, resumed])
      expect(received.slice(received.indexOf('resync'))).toEqual([
        'resync',
        'caught up',
        'resync',
        'caught up',
        `${length + 6}`,
      ]);
  });

  it('ends subscriptions that have no notice', async () => {
    const { group, reader, log, totals } = openGroup({ isResumable: false });
    const one = openSink();
    group.join(one.sink, null);
    await until('it is live', () => totals.live === 1);
    log.epoch = 2;
    reader.checkPosition();
    await until('it is ended', () => totals.live === 0);
    expect(one.received).toEqual(['restart']);
  });
});

describe('a subscriber', () => {
  const PATHS: Record<SubscriberState, readonly SubscriberEvent[]> = {
    starting: [],
    catchingUp: ['positionRead'],
    confirming: ['positionRead', 'caughtUp'],
    live: ['positionRead', 'caughtUp', 'confirmed'],
    waiting: ['positionRead', 'caughtUp', 'confirmed', 'connectionFull'],
    left: ['clientLeft'],
  };

  function subscriberAfter(events: readonly SubscriberEvent[]): Subscriber {
    const subscriber = new Subscriber(
      openSink().sink,
      { totals: new DeliveryTotals(), onStateChange: () => {} },
      () => 0,
    );
    for (const event of events) subscriber.handle(event);
    return subscriber;
  }

  it.each(Object.entries(PATHS))('can leave in the state %s, and then ignores every event', (state, events) => {
    const leaveEvents: LeaveEvent[] = ['clientLeft', 'logGone', 'logRestarted', 'failed'];
    for (const leaving of leaveEvents) {
      const subscriber = subscriberAfter(events);
      expect(subscriber.state).toBe(state);
      expect(subscriber.handle(leaving)).toBe(state !== 'left');
      for (const event of [...PATHS.waiting, 'connectionDrained', 'fellBehind', 'entriesPruned'] as const)
        expect(subscriber.handle(event)).toBe(false);
      expect(subscriber.state).toBe('left');
    }
  });

  it.each(['confirming', 'live', 'waiting'] as const)(
    'in the state %s catches up again when its position is doubted',
    (state) => {
      const subscriber = subscriberAfter(PATHS[state]);
      expect(subscriber.handle('positionDoubted')).toBe(true);
      expect([subscriber.state, subscriber.isPassedOver, subscriber.hasCaughtUp]).toEqual(['catchingUp', false, false]);
    },
  );

  it('is passed over while its connection is full, and live again when it has drained', () => {
    const subscriber = subscriberAfter(PATHS.live);
    expect([subscriber.isLive, subscriber.isPassedOver]).toEqual([true, false]);
    subscriber.handle('connectionFull');
    expect([subscriber.isLive, subscriber.isPassedOver]).toEqual([false, true]);
    subscriber.handle('connectionDrained');
    expect(subscriber.state).toBe('live');
  });

  it('refuses an event that cannot occur in its state', () => {
    expect(() => subscriberAfter(PATHS.starting).handle('connectionDrained')).toThrow('starting');
    expect(() => subscriberAfter(PATHS.live).handle('fellBehind')).toThrow('live');
  });
});

describe('the reader of a log', () => {
  it('notices that a backup was restored, also when it has read more of the former log meanwhile', async () => {
    const at = (time: number) => new Date(time);
    const positionAt = (sequence: number, time: number) => ({ articleId: 1, epoch: 1, sequence, at: at(time) });
    let readLate!: (page: { position: LogPosition; entries: LogEntry[]; publication: null }) => void;
    const late = new Promise<Parameters<typeof readLate>[0]>((resolve) => {
      readLate = resolve;
    });
    const restored = { position: positionAt(31, 200), entries: [], publication: null };
    const pages = [
      { position: positionAt(31, 100), entries: [], publication: null },
      late,
      {
        position: positionAt(32, 150),
        entries: [{ sequence: 32, at: at(150), previousAt: at(100) }],
        publication: null,
      },
    ];
    let reads = 0;
    const reader = new LogReader<LogEntry>(
      { topic: 'test', read: async () => pages[reads++] ?? restored },
      { log: createLogger({ level: 'silent' }), work: new BackgroundWork() },
    );
    let restarts = 0;
    const ignore = (): void => {};
    reader.follow({ onGrowth: ignore, onGone: ignore, onGap: ignore, onRestart: () => restarts++ });
    await reader.readPage(null);
    const reading = reader.readPage(null);
    await until('the second reading has begun', () => reads === 2);
    reader.advanceTo(32);
    await until('the former log was read', () => reader.position!.sequence === 32);
    readLate(restored);
    await reading;
    await until('it has noticed', () => restarts === 1);
    expect(reader.position).toEqual(restored.position);
  });
});
