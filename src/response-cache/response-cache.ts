import { LRUCache } from 'lru-cache';
import { ANYTHING, CONTENT, Dependencies } from '../../schema/content/dependencies.ts';
import type { ChangeTracker } from './change-tracker.ts';

/** Memory of an entry besides its key and its bodies, of each subject, and of each further coding, in bytes, as measured. */
const BYTES_PER_ENTRY = 750;
const BYTES_PER_SUBJECT = 200;
const BYTES_PER_CODING = 500;
/** Bytes that the process takes for each byte of the entries: allocators cannot fill each gap that a removed entry leaves. Measured. */
const GAPS = 1.25;
/** Milliseconds after which what the tracker knows is renewed before a result is made: it would count as changed meanwhile. */
const OLD = 50;

/** A response that was made: its body, what it depends on, and what its operation cost. */
export interface MadeResponse {
  body: Buffer;
  /** In points. */
  cost: number;
}

/** A response that may be sent again until something that it depends on changes. */
export class CachedResponse implements MadeResponse {
  readonly body: Buffer;
  readonly cost: number;
  readonly subjects: ReadonlySet<number>;
  /** Its body in other codings, such as gzip. */
  readonly coded = new Map<string, Buffer>();

  constructor({ body, cost }: MadeResponse, subjects: ReadonlySet<number>) {
    this.body = inMemoryOfItsOwn(body);
    this.cost = cost;
    this.subjects = subjects;
  }

  get size(): number {
    let size = BYTES_PER_ENTRY + BYTES_PER_SUBJECT * this.subjects.size + this.body.length;
    for (const { length } of this.coded.values()) size += BYTES_PER_CODING + length;
    return size;
  }
}

/** Many buffers are parts of larger ones, as those of zlib are of 16 kB, which stay in memory as long as any part of them does. */
function inMemoryOfItsOwn(body: Buffer): Buffer {
  if (body.buffer.byteLength === body.length) return body;
  const copy = Buffer.allocUnsafeSlow(body.length);
  body.copy(copy);
  return copy;
}

/** Makes a response. @returns null for one that is not to be kept */
export type MakeResponse = (dependencies: Dependencies) => Promise<MadeResponse | null>;

export interface ResponseCacheOptions {
  tracker: ChangeTracker;
  /** Bytes. */
  maxSize: number;
  /** Milliseconds for which responses may be sent unchecked while the database does not answer; 0 for never. */
  staleOnError: number;
}

/**
 * Responses of queries that are the same for all readers. None is stale: before one is sent, the tracker learns of all that
 * was committed before the request arrived, and what depends on it is dropped.
 */
export class ResponseCache {
  readonly #tracker: ChangeTracker;
  readonly #staleOnError: number;
  readonly #entries: LRUCache<string, CachedResponse>;
  /** The keys of the entries that depend on each subject. */
  readonly #keysOf = new Map<number, Set<string>>();
  /** Responses that are being made. */
  readonly #making = new Map<string, Promise<void>>();
  readonly totals = { hits: 0, misses: 0, stale: 0 };

  constructor({ tracker, maxSize, staleOnError }: ResponseCacheOptions) {
    this.#tracker = tracker;
    this.#staleOnError = staleOnError;
    this.#entries = new LRUCache({
      maxSize,
      sizeCalculation: (entry, key) => Math.ceil(GAPS * (entry.size + 2 * key.length)),
      dispose: ({ subjects }, key) => this.#unlist(subjects, key),
    });
    tracker.onChange = (subjects) => this.#drop(subjects);
  }

  /** Bytes that the entries take, as estimated. */
  get size(): number {
    return this.#entries.calculatedSize;
  }

  /** Bytes that they may take. */
  get maxSize(): number {
    return this.#entries.maxSize;
  }

  get count(): number {
    return this.#entries.size;
  }

  /**
   * A response that is valid now; null when there is none.
   * @throws when the database does not answer and no stale one may be sent
   */
  async find(key: string): Promise<CachedResponse | null> {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    try {
      await this.#tracker.catchUp();
    } catch (error) {
      if (this.#tracker.age > this.#staleOnError) throw error;
      this.totals.stale += 1;
      return entry;
    }
    if (this.#entries.get(key) !== entry) return null;
    this.totals.hits += 1;
    return entry;
  }

  /**
   * Makes a response and keeps it. While it is made, others that need it wait.
   * @returns the response; `changed` when something that it depends on changed meanwhile, so that it may have been read half
   *   before and half after that; `unfit` when it is not to be kept; `made` when another call has made it: find it again
   */
  async make(key: string, make: MakeResponse): Promise<CachedResponse | 'changed' | 'unfit' | 'made'> {
    const making = this.#making.get(key);
    if (making) {
      await making;
      return 'made';
    }
    const own = this.#make(key, make);
    const done = own.then(
      () => {},
      () => {},
    );
    this.#making.set(key, done);
    try {
      return await own;
    } finally {
      this.#making.delete(key);
    }
  }

  /** Adds the body of an entry in another coding. @returns the body as it is kept */
  addCoded(key: string, entry: CachedResponse, coding: string, body: Buffer): Buffer {
    const kept = inMemoryOfItsOwn(body);
    entry.coded.set(coding, kept);
    if (this.#entries.peek(key) === entry) {
      // Its size has changed.
      this.#entries.delete(key);
      this.#put(key, entry);
    }
    return kept;
  }

  async #make(key: string, make: MakeResponse): Promise<CachedResponse | 'changed' | 'unfit'> {
    this.totals.misses += 1;
    const isReady = this.#tracker.age <= OLD || (await this.#catchUp());
    const { position } = this.#tracker;
    const dependencies = new Dependencies();
    const made = await make(dependencies);
    if (!made || !isReady || !dependencies.isReusable || !(await this.#catchUp())) return 'unfit';
    if (this.#tracker.hasChangedSince(position, dependencies)) return 'changed';
    const entry = new CachedResponse(made, dependencies.subjects);
    this.#put(key, entry);
    return entry;
  }

  /** @returns false when the database does not answer */
  #catchUp(): Promise<boolean> {
    return this.#tracker.catchUp().then(
      () => true,
      () => false,
    );
  }

  #put(key: string, entry: CachedResponse): void {
    this.#entries.set(key, entry);
    // Not when it is larger than all may be.
    if (this.#entries.peek(key) !== entry) return;
    for (const subject of entry.subjects) {
      const keys = this.#keysOf.get(subject);
      if (keys) keys.add(key);
      else this.#keysOf.set(subject, new Set([key]));
    }
  }

  #unlist(subjects: ReadonlySet<number>, key: string): void {
    for (const subject of subjects) {
      const keys = this.#keysOf.get(subject);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysOf.delete(subject);
    }
  }

  #drop(subjects: readonly number[] | null): void {
    if (!subjects || subjects.includes(CONTENT)) this.#entries.clear();
    else
      for (const subject of [...subjects, ANYTHING])
        for (const key of [...(this.#keysOf.get(subject) ?? [])]) this.#entries.delete(key);
  }
}
