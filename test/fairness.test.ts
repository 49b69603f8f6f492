import { setImmediate as nextRound } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { schema } from '../schema/index.ts';
import { UNLIMITED_BUDGET } from '../src/auth/cost-budget.ts';
import { ANONYMOUS } from '../src/auth/index.ts';
import { BackgroundQueue, hasTime } from '../src/background/background-queue.ts';
import { BackgroundWork } from '../src/background/background-work.ts';
import { EventLoopShare } from '../src/background/event-loop-share.ts';
import { AbortedError, CancelSignal, OverloadedError } from '../src/database/index.ts';
import { createPipeline } from '../src/execution/index.ts';
import { Turns } from '../src/execution/turns.ts';
import { createLogger } from '../src/logger.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { holdDelays } from './held-delays.ts';
import { send } from './http/requests.ts';
import { frame, OPCODE, openRaw } from './protocol/raw-connection.ts';
import { write } from './seed.ts';

/** Some 2,000 points: a query that is executed when it has its turn. */
const EXPENSIVE = '{ articles(first: 100) { nodes { title comments(first: 10) { nodes { id body { html } } } } } }';
const CHEAP = '{ topics(first: 1) { nodes { name } } }';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }],
        topics: [{ id: 1 }],
        articles: [{ id: 1, topics: [1] }],
        comments: [{ id: 1, article: 1 }],
      }),
    {},
    // The sockets of these tests answer no pings.
    { heartbeatInterval: 3_600_000 },
  );
});

afterEach(() => vi.useRealTimers());

afterAll(() => gateway.stop());

describe('turns', () => {
  /** Waits for a turn, notes the sender when it comes, and ends it. */
  async function work(turns: Turns, sender: string, done: string[], signal?: CancelSignal): Promise<void> {
    const end = await turns.take(sender, signal);
    done.push(sender);
    end();
  }

  it('go to the senders one after another, however much one of them asks for', async () => {
    const turns = new Turns();
    const done: string[] = [];
    const end = await turns.take('first');
    const waiting = ['a', 'a', 'a', 'b', 'a', 'c', 'b'].map((sender) => work(turns, sender, done));
    expect(done).toEqual([]);
    end();
    await Promise.all(waiting);
    expect(done).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'a']);
    await work(turns, 'later', done);
    expect(done.at(-1)).toBe('later');
  });

  it('are left by a client that disconnects, before and while it waits', async () => {
    const turns = new Turns();
    const done: string[] = [];
    const end = await turns.take('first');
    const [leaving, hasLeft] = [new CancelSignal(), new CancelSignal()];
    hasLeft.cancel();
    const left = [leaving, hasLeft].map((signal) => work(turns, 'a', done, signal));
    const kept = work(turns, 'a', done);
    leaving.cancel();
    for (const result of await Promise.allSettled(left))
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(AbortedError) });
    end();
    await kept;
    expect(done).toEqual(['a']);
  });

  it('are refused to a sender of whom a thousand wait, and not to another', async () => {
    const turns = new Turns();
    const done: string[] = [];
    const end = await turns.take('first');
    const waiting = Array.from({ length: 1_000 }, () => work(turns, 'greedy', done));
    await expect(turns.take('greedy')).rejects.toThrow(OverloadedError);
    waiting.push(work(turns, 'other', done));
    end();
    await Promise.all(waiting);
    expect(done.slice(0, 2)).toEqual(['greedy', 'other']);
  });

  it('end after the longest time, once', async () => {
    const turns = new Turns(null, 1);
    const done: string[] = [];
    const end = await turns.take('slow');
    const endSecond = await turns.take('second');
    endSecond();
    await work(turns, 'third', done);
    const unlimited = new Turns();
    const endTwice = await unlimited.take('first');
    const ends: (() => void)[] = [];
    const waiting = ['a', 'b'].map(async (sender) => {
      ends.push(await unlimited.take(sender));
    });
    endTwice();
    endTwice();
    end();
    await waiting[0];
    for (let i = 0; i < 10; i++) await nextRound();
    expect([done, ends.length]).toEqual([['third'], 1]);
    ends[0]!();
    await Promise.all(waiting);
  });
});

describe('a share of the event loop', () => {
  it('is exceeded by a burst, then by nothing until a rest has made up for it', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const share = new EventLoopShare(1 / 4, 100);
    expect([share.add(60), share.add(40)]).toEqual([0, 0]);
    expect(share.add(10)).toBe(40);
    vi.advanceTimersByTime(40);
    expect(share.add(10)).toBe(40);
    vi.advanceTimersByTime(1_000);
    expect(share.add(100)).toBe(0);
  });

  it('is kept by turns while several wait for one, and delays nobody who comes alone', async () => {
    const share = new EventLoopShare(1 / 1_000, 0);
    const turns = new Turns(share);
    share.add(0.1);
    const done: string[] = [];
    (await turns.take('alone'))();
    (await turns.take('alone'))();
    done.push('alone');
    const end = await turns.take('first');
    const second = turns.take('second').then(() => done.push('second'));
    const endRest = holdDelays(0);
    share.add(0.1);
    end();
    await nextRound();
    await nextRound();
    done.push('others');
    endRest();
    await second;
    expect(done).toEqual(['alone', 'others', 'second']);
  });
});

describe('background work', () => {
  /** A part of some work that takes two milliseconds, and so a slice. */
  function part(name: string, done: string[]): () => void {
    return () => {
      for (const end = performance.now() + 2; performance.now() < end; );
      done.push(name);
    };
  }

  it('of several kinds takes turns, one part in each round of the event loop when it takes long', async () => {
    const [first, second] = [new BackgroundQueue(), new BackgroundQueue()];
    const done: string[] = [];
    for (let i = 0; i < 4; i++) first.add(part('a', done));
    for (let i = 0; i < 2; i++) second.add(part('b', done));
    expect(hasTime()).toBe(false);
    const rounds: number[] = [];
    while (done.length < 6) {
      await nextRound();
      rounds.push(done.length);
    }
    expect(done).toEqual(['a', 'b', 'a', 'b', 'a', 'a']);
    expect(rounds.filter((count) => count > 0)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('has time for several short parts in one round, and for what they cause in microtasks', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const queue = new BackgroundQueue();
    const done: string[] = [];
    for (const name of ['a', 'b', 'c'])
      queue.turn().then(async () => {
        done.push(`${name} ${hasTime()}`);
        await null;
        done.push(`${name} later`);
      });
    await nextRound();
    await nextRound();
    expect(done.toSorted()).toEqual(['a later', 'a true', 'b later', 'b true', 'c later', 'c true']);
  });

  it('with a share rests while others go on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const [greedy, other] = [new BackgroundQueue(new EventLoopShare(1 / 1_000, 0)), new BackgroundQueue()];
    const done: string[] = [];
    for (let i = 0; i < 2; i++) greedy.add(part('greedy', done));
    for (let i = 0; i < 3; i++) other.add(part('other', done));
    for (let i = 0; i < 10; i++) await nextRound();
    expect(done).toEqual(['greedy', 'other', 'other', 'other']);
    vi.runAllTimers();
    for (let i = 0; i < 10; i++) await nextRound();
    expect(done).toEqual(['greedy', 'other', 'other', 'other', 'greedy']);
  });
});

it('expensive operations are executed one at a time, while others are answered', async () => {
  const alone = await gateway.ask(EXPENSIVE);
  expect(alone.errors).toBeUndefined();
  const { length } = alone.statements;
  const lock = await gateway.secondConnection();
  const sent = await gateway.statementsDuring(async () => {
    await lock.query('BEGIN; LOCK TABLE comment IN ACCESS EXCLUSIVE MODE');
    const both = [gateway.post({ query: EXPENSIVE }), gateway.post({ query: EXPENSIVE })];
    await until('one waits for the lock', async () => {
      const { rows } = await gateway.sql.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      return rows.length > 0;
    });
    expect((await gateway.post({ query: CHEAP })).body).toContain('"data":{"topics"');
    await lock.query('ROLLBACK');
    for (const { body } of await Promise.all(both)) expect(JSON.parse(body)).toEqual({ data: alone.data });
  });
  await lock.end();
  const ofExpensive = sent.filter((text) => alone.statements.includes(text));
  expect(ofExpensive).toEqual([...alone.statements, ...alone.statements]);
  expect(ofExpensive).toHaveLength(2 * length);
});

it('a known document does not wait for new ones that were sent before it', async () => {
  // No time passes, so that documents that are read on a busy machine do not seem to take more than their share of it.
  vi.useFakeTimers({ toFake: ['performance'] });
  const pipeline = createPipeline({
    schema,
    log: createLogger({ level: 'silent' }),
    // Nothing is executed.
    createContext: () => ({}) as never,
    costLimit: 10_000,
    costBudget: UNLIMITED_BUDGET,
    work: new BackgroundWork(),
  });
  const done: string[] = [];
  async function read(text: string, name: string): Promise<void> {
    const source = { identity: ANONYMOUS, requestId: name };
    const { errors } = await pipeline.readDocument(
      { text, hash: null, id: null },
      pipeline.operationFor(source),
      source,
    );
    expect(errors).toEqual([]);
    done.push(name);
  }
  await read(CHEAP, 'first');
  const distinct = Array.from({ length: 50 }, (_, n) =>
    read(`{ topics(first: 1) { nodes { new${n}: name } } }`, `new ${n}`),
  );
  await read(CHEAP, 'known');
  // One of the new ones had its turn at once.
  expect(done.indexOf('known')).toBeLessThanOrEqual(2);
  await Promise.all(distinct);
  expect(done).toHaveLength(52);
});

it('a flood of pings on one WebSocket is answered between other requests', async () => {
  const PINGS = 5_000;
  const raw = await openRaw(gateway);
  // It is closed after some seconds without.
  raw.send(frame('{"type":"connection_init"}'));
  await until('it is acknowledged', () => raw.texts().length === 1);
  raw.send(Buffer.concat(Array.from({ length: PINGS }, () => frame('', { opcode: OPCODE.ping }))));
  const pongs = (): number => raw.received.filter(({ opcode }) => opcode === OPCODE.pong).length;
  await until('the flood is being answered', () => pongs() > 0);
  expect((await send(gateway, '/health')).status).toBe(200);
  expect(pongs()).toBeLessThan(PINGS);
  await until('all are answered', () => pongs() === PINGS);
  raw.socket.destroy();
});

it('searches take a fifth of the connections, so that others are answered while they take long', async () => {
  const query = 'query ($query: String!) { search(query: $query) { nodes { __typename } } }';
  // New documents take turns.
  for (const known of [CHEAP, query]) await gateway.ask(known, { query: 'x' });
  const lock = await gateway.secondConnection();
  await lock.query('BEGIN; LOCK TABLE search_document IN ACCESS EXCLUSIVE MODE');
  const searches = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((word) => gateway.ask(query, { query: word }));
  const waiting = async (): Promise<number> => {
    const { rows } = await lock.query(
      "SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'search_document'::regclass",
    );
    return rows[0].n;
  };
  await until('searches wait', async () => (await waiting()) >= 2);
  expect((await gateway.ask(CHEAP)).errors).toBeUndefined();
  const most = await waiting();
  await lock.query('ROLLBACK');
  await lock.end();
  await Promise.all(searches);
  expect(most).toBeLessThanOrEqual(2);
});
