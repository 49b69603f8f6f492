import { expect, it } from 'vitest';
import { DeliveryTotals } from '../src/delivery/delivery-totals.ts';
import { EncodedResult } from '../src/delivery/encoded-result.ts';
import type { ResultSink } from '../src/delivery/result-sink.ts';
import { SubscriberGroup } from '../src/delivery/subscriber-group.ts';
import { LogReader } from '../src/log/log-reader.ts';
import { type LogEntry, LogSource } from '../src/log/log-source.ts';
import { createLogger } from '../src/logger.ts';
import { until } from './gateway.ts';

const EPOCH = 1;

/** A log in memory of as many entries as `length` says, followed by a group whose results are their sequences. */
function openGroup() {
  const log = { length: 0 };
  const position = () => ({ articleId: 1, epoch: EPOCH, sequence: log.length });
  const reader = new LogReader<LogEntry>(
    {
      topic: 'of this test',
      async read(after) {
        const count = after === null ? 0 : log.length - after;
        return {
          position: position(),
          entries: Array.from({ length: count }, (_, i) => ({ sequence: after! + 1 + i })),
        };
      },
    },
    createLogger({ level: 'silent' }),
  );
  const resuming = {
    decode: (after: string) => ({ ...position(), sequence: Number(after) }),
    fault: () => null,
    caughtUp: () => null,
    resync: () => null,
  };
  const source = new LogSource({ load: async () => [], resuming }, () => ({ reader, release: () => {} }));
  const renderer = {
    /** Each call waits for it. */
    gate: Promise.resolve(),
    calls: 0,
    async renderEntries(entries: readonly LogEntry[]) {
      renderer.calls += 1;
      await renderer.gate;
      return entries.map(({ sequence }) => new EncodedResult(`${sequence}`));
    },
    renderNotice: async () => new EncodedResult('all'),
    goneResult: new EncodedResult('gone'),
  };
  const onFault = (error: unknown): void => {
    throw error;
  };
  const totals = new DeliveryTotals();
  const group = new SubscriberGroup({ source, renderer: renderer, totals, onEmpty: () => {}, onFault });
  function grow(length: number): void {
    log.length = length;
    reader.advanceTo(length);
  }
  return { group, renderer, grow, totals };
}

/** A connection that takes so many results before it is full. */
function openSink(room = Number.POSITIVE_INFINITY) {
  const received: string[] = [];
  let drained = (): void => {};
  const sink: ResultSink = {
    get isFull() {
      return received.length >= room;
    },
    whenDrained(then) {
      drained = then;
    },
    send: ({ json }) => received.push(json),
    batch: (work) => work(),
    end: (ending) => received.push(ending),
  };
  function drain(): void {
    room = Number.POSITIVE_INFINITY;
    drained();
  }
  return { sink, received, drain };
}

it('who catches up slowly and is alone by then is told what was being told to those who left, and what was before', async () => {
  const { group, renderer, grow } = openGroup();
  grow(9);
  const quick = openSink();
  const leave = group.join(quick.sink, '9');
  await until('one is live', () => quick.received.includes('all'));
  const slow = openSink(1);
  group.join(slow.sink, '5');
  await until('another catches up', () => slow.received.length === 1);
  grow(10);
  await until('one is told', () => quick.received.includes('10'));

  let open!: () => void;
  renderer.gate = new Promise((resolve) => {
    open = resolve;
  });
  const { calls } = renderer;
  grow(11);
  await until('one is about to be told', () => renderer.calls > calls);
  leave();
  slow.drain();
  await until('the other is alone', () => slow.received.includes('all'));
  open();
  await until('it is told', () => slow.received.includes('11'));
  expect(slow.received).toEqual(['6', '7', '8', '9', 'all', '10', '11']);
});

it('nothing is kept for a slow reader who has gone, also when nothing more is told', async () => {
  const { group, grow, totals } = openGroup();
  const fast = openSink();
  const slow = openSink(1);
  group.join(fast.sink, null);
  const leave = group.join(slow.sink, null);
  await until('both are live', () => totals.live === 2);
  grow(3);
  await until('one was told', () => fast.received.length === 3);
  expect(totals.waitingCharacters).toBeGreaterThan(0);
  leave();
  await until('nothing waits', () => totals.waitingCharacters === 0);
  expect(slow.received).toEqual(['1']);
});
