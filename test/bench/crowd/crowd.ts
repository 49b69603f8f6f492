import { createHistogram } from 'node:perf_hooks';
import { now } from '../clock.ts';
import type { Joining, Lateness, Subscription, Tally } from './jobs.ts';
import { Reader, type ReaderListener } from './reader.ts';

/** Milliseconds between looks whether something has come about: they take time from the readers. */
const LOOK_EVERY = 5;

/** Messages that are no event, of which so many are kept. */
const MOST_COMPLAINTS = 5;

/** Milliseconds in which all readers should have subscribed. */
const JOIN_LIMIT = 60_000;

/** Readers of one discussion. Each event has its place; a reader that hears one out of its place lacks or repeats one. */
export class Crowd {
  #subscription: Subscription | null = null;
  readonly #readers: Reader[] = [];
  readonly #places = new Map<string, number>();
  /** By place, then by reader: the clock when it came. */
  readonly #arrivals: Float64Array[] = [];
  #subscribed = 0;
  #misplaced = 0;
  #heard = 0;
  #caughtUp = 0;
  #replayed = 0;
  #lastAt = 0;
  #caughtUpAt = 0;
  #closes: Record<string, number> = {};
  #complaints: string[] = [];
  #sample = '';

  readonly #listener: ReaderListener = {
    subscribed: () => {
      this.#subscribed++;
    },
    event: (reader, id, data) => {
      let place = this.#places.get(id);
      if (place === undefined) {
        place = this.#places.size;
        this.#places.set(id, place);
        this.#arrivals.push(new Float64Array(this.#readers.length));
        this.#sample = data.toString();
      }
      if (place !== reader.heard) this.#misplaced++;
      reader.heard++;
      this.#heard++;
      this.#lastAt = now();
      this.#arrivals[place]![reader.number] = this.#lastAt;
    },
    caughtUp: (replayed) => {
      this.#caughtUp++;
      this.#replayed += replayed;
      this.#caughtUpAt = now();
    },
    complaint: (text) => {
      if (this.#complaints.length < MOST_COMPLAINTS) this.#complaints.push(text);
    },
    closed: (code) => {
      this.#closes[code] = (this.#closes[code] ?? 0) + 1;
    },
  };

  /** @throws when not all have subscribed within a minute, saying what they heard instead */
  async join({ url, readers, subscription, atATime = readers }: Joining): Promise<void> {
    this.#subscription = subscription;
    const address = new URL(url);
    const all = this.#readers.length + readers;
    this.#subscribed = this.#readers.length;
    const open = (): void => {
      while (this.#readers.length < all && this.#readers.length - this.#subscribed < atATime) {
        const number = this.#readers.length;
        this.#readers.push(new Reader({ number, url: address, subscription, listener: this.#listener }));
      }
    };
    open();
    const done = await until(JOIN_LIMIT, () => {
      open();
      return this.#subscribed === all;
    });
    if (!done) throw new Error(`${this.#subscribed} of ${all} readers subscribed: ${this.#complaints.join('\n')}`);
  }

  reset(): void {
    for (const reader of this.#readers) reader.heard = 0;
    this.#places.clear();
    this.#arrivals.length = 0;
    this.#misplaced = 0;
    this.#heard = 0;
    this.#caughtUp = 0;
    this.#replayed = 0;
    this.#closes = {};
    this.#complaints = [];
  }

  async events(count: number, within: number): Promise<Tally> {
    await until(within, () => this.#readers.every(({ heard, isPaused }) => isPaused || heard >= count));
    return this.#tally(count);
  }

  async caughtUp(within: number): Promise<Tally> {
    await until(within, () => this.#readers.every(({ isCaughtUp, isPaused }) => isPaused || isCaughtUp));
    return this.#tally(this.#places.size);
  }

  async closed(count: number, within: number): Promise<Tally> {
    await until(within, () => this.#readers.filter(({ isClosed }) => isClosed).length >= count);
    return this.#tally(this.#places.size);
  }

  #tally(count: number): Tally {
    return {
      readers: this.#readers.length,
      complete: this.#readers.filter(({ heard }) => heard === count).length,
      ids: [...this.#places.keys()],
      misplaced: this.#misplaced,
      heard: this.#heard,
      caughtUp: this.#caughtUp,
      replayed: this.#replayed,
      lastAt: this.#lastAt,
      caughtUpAt: this.#caughtUpAt,
      closes: this.#closes,
      complaints: this.#complaints,
      sample: this.#sample,
    };
  }

  lateness(sentAt: Record<string, number>): Lateness {
    const microseconds = createHistogram();
    for (const [id, place] of this.#places)
      for (const arrivedAt of this.#arrivals[place]!)
        if (arrivedAt > 0) microseconds.record(Math.max(1, Math.round(1000 * (arrivedAt - sentAt[id]!))));
    return {
      p50: microseconds.percentile(50) / 1000,
      p99: microseconds.percentile(99) / 1000,
      most: microseconds.max / 1000,
    };
  }

  pause(count: number): void {
    for (const reader of this.#readers.slice(0, count)) reader.pause();
  }

  resume(count: number): void {
    for (const reader of this.#readers.slice(0, count)) reader.resume();
  }

  rejoin(): void {
    for (const reader of this.#readers) if (reader.isClosed) reader.rejoin(this.#subscription!);
  }

  async leave(): Promise<void> {
    for (const reader of this.#readers) if (!reader.isClosed) reader.leave();
    await until(JOIN_LIMIT, () => this.#readers.every(({ isClosed }) => isClosed));
    this.#readers.length = 0;
    this.reset();
  }
}

/** Whether a condition has come to hold within so many milliseconds. */
async function until(within: number, holds: () => boolean): Promise<boolean> {
  const end = now() + within;
  while (!holds()) {
    if (now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
  return true;
}
