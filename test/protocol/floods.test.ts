import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FloodControl, type SocketFrames } from '../../src/transport/websocket/flood-control.ts';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { frame, OPCODE, openRaw, type RawConnection } from './raw-connection.ts';
import { openAcknowledged } from './socket.ts';

describe('a WebSocket that sends thousands of frames', () => {
  const FRAMES = 5_000;
  /** Milliseconds. The clock goes fast, and what is sent here answers no pings. */
  const HOUR = 3_600_000;
  let gateway: TestGateway;

  beforeAll(async () => {
    // No time passes, so nothing of the flood is allowed later.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    gateway = await startGateway(undefined, {}, { heartbeatInterval: HOUR });
  });

  afterAll(async () => {
    vi.useRealTimers();
    await gateway.stop();
  });

  it.each<[string, Buffer, (received: RawConnection['received'][number]) => boolean]>([
    ['pings', frame('x'.repeat(125), { opcode: OPCODE.ping }), ({ opcode }) => opcode === OPCODE.pong],
    ['messages', frame(`{"type":"ping"}${' '.repeat(100)}`), ({ payload }) => payload.toString() === '{"type":"pong"}'],
  ])('of %s is not read until it has waited, while another one is answered', async (_, sent, isAnswer) => {
    const [flooding, other] = [await openRaw(gateway), await openAcknowledged(gateway)];
    const answers = (): number => flooding.received.filter(isAnswer).length;
    // It is closed after some seconds without.
    flooding.send(frame('{"type":"connection_init"}'));
    await until('it is acknowledged', () => flooding.texts().includes('{"type":"connection_ack"}'));
    flooding.send(...Array.from({ length: FRAMES }, () => sent));
    await until('it is not read', async () => {
      const before = answers();
      for (let i = 0; i < 20; i++) await other.awaitPong();
      return before > 0 && answers() === before;
    });
    expect(answers()).toBeLessThan(FRAMES / 2);
    const isAnswered = async (): Promise<boolean> => {
      vi.advanceTimersByTime(200);
      await other.awaitPong();
      return answers() === FRAMES;
    };
    await until('all is answered', isAnswered);
    expect(flooding.received.filter(({ opcode }) => opcode === OPCODE.close)).toEqual([]);
    flooding.socket.destroy();
    await other.close();
  });
});

describe('WebSockets that flood', () => {
  /** Milliseconds of one step, frames that one WebSocket sends in it, and frames a second of all. */
  const [STEP, CHUNK, SECONDS] = [20, 200, 60];

  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  class Flood {
    readonly #frames: SocketFrames;
    isPaused = false;
    read = 0;

    constructor(control: FloodControl, address: string) {
      this.#frames = control.open(address, {
        pause: () => {
          this.isPaused = true;
        },
        resume: () => {
          this.isPaused = false;
        },
      });
    }

    send(): void {
      if (this.isPaused) return;
      for (let i = 0; i < CHUNK; i++) this.#frames.count();
      this.read += CHUNK;
    }

    close(): void {
      this.#frames.close();
    }
  }

  function run(floods: readonly Flood[]): void {
    for (let time = 0; time < SECONDS * 1_000; time += STEP) {
      for (const flood of floods) flood.send();
      vi.advanceTimersByTime(STEP);
    }
  }

  const sum = (floods: readonly Flood[]): number => floods.reduce((total, { read }) => total + read, 0);

  it('have a bounded number of frames together, and addresses have equal parts, whatever the number of their WebSockets', () => {
    const control = new FloodControl();
    const few = Array.from({ length: 20 }, () => new Flood(control, 'few'));
    const many = Array.from({ length: 200 }, () => new Flood(control, 'many'));
    run([...few, ...many]);
    // The bursts of all come first.
    const bursts = 220 * (500 + CHUNK);
    expect(sum(few) + sum(many)).toBeLessThan(bursts + SECONDS * 15_000);
    expect(sum(few)).toBeGreaterThan(SECONDS * 4_000);
    expect(sum(few) / (sum(many) - 180 * 500)).toBeGreaterThan(0.7);
    for (const flood of [...few, ...many]) flood.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leave no timer and no pause when they send less again', () => {
    const control = new FloodControl();
    const flood = new Flood(control, 'one');
    for (let i = 0; i < 10; i++) flood.send();
    expect(flood.isPaused).toBe(true);
    vi.advanceTimersByTime(10_000);
    expect(flood.isPaused).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
    flood.close();
  });

  it('are not what a client sends that connects again, or answers pings', () => {
    const control = new FloodControl();
    const pause = vi.fn();
    const clients = Array.from({ length: 5_000 }, () => control.open('a proxy', { pause, resume: () => {} }));
    for (const frames of clients) for (let i = 0; i < 10; i++) frames.count();
    for (let minute = 0; minute < 10; minute++) {
      vi.advanceTimersByTime(60_000);
      for (const frames of clients) for (let pong = 0; pong < 10; pong++) frames.count();
    }
    expect(pause).not.toHaveBeenCalled();
    for (const frames of clients) frames.close();
  });
});
