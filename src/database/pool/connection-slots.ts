import { OverloadedError } from './overloaded-error.ts';
import { type InLine, WaitingLine } from './waiting-line.ts';

/**
 * The use of a connection. A `snapshot` holds one for all reads of an operation. Under `prisma`, Prisma reads for readers,
 * also while the same operation holds a snapshot. A `check` is the one statement that all kept responses wait for. Searches and
 * reads of expensive operations are `expensive`, but for those in a snapshot.
 */
export type WorkKind = 'read' | 'expensive' | 'snapshot' | 'prisma' | 'write' | 'live' | 'staff' | 'check';

/** Longest queue. A waiting statement and its request take some 20 kB. */
const MAX_WAITING = 10_000;
/** Longest part of it that one sender has: 2,000 readers behind one address, with two statements each, fit. */
const MAX_WAITING_OF_SENDER = 5_000;
/** Milliseconds that a statement may wait. */
const LONGEST_WAIT = 20_000;
const CHECK_INTERVAL = 500;

/** What one kind of work uses. */
export interface ShareUsage {
  kind: WorkKind;
  /** Connections. */
  running: number;
  /** Statements and transactions that wait for one. */
  waiting: number;
}

/** A statement that waits for a connection. */
export interface Waiting<Connection> extends InLine<Waiting<Connection>> {
  /** Called when it has a slot, with a connection if the slot's last one was left for it, or with the reason why it gets none. */
  ready(error: OverloadedError | null, connection: Connection | null): void;
  since: number;
  lane: Lane<Connection>;
}

interface Lane<Connection> {
  share: Share<Connection>;
  sender: string;
  /** Oldest first. */
  waiting: WaitingLine<Waiting<Connection>>;
}

interface Share<Connection> {
  /** Connections that no other kind of work may take. */
  reserve: number;
  /** Most connections at a time. */
  max: number;
  running: number;
  /** By sender, in the order of their turns. */
  lanes: Map<string, Lane<Connection>>;
}

/**
 * Divides the connections between the kinds of work and between senders. Each kind has a reserve that the others leave
 * free; beyond it, idle connections go to any kind. Kinds that wait take turns, and so do the senders of each kind: a sender
 * with a thousand statements delays another sender by one.
 */
export class ConnectionSlots<Connection> {
  readonly #shares: Readonly<Record<WorkKind, Share<Connection>>>;
  /** In the order of their turns. */
  readonly #turns: Share<Connection>[];
  #free: number;
  #waiting = 0;
  #refused = 0;
  readonly #checking: NodeJS.Timeout;

  constructor(total: number) {
    this.#free = total;
    this.#shares = sharesOf(total);
    this.#turns = Object.values(this.#shares);
    this.#checking = setInterval(() => this.#refuseOld(), CHECK_INTERVAL).unref();
  }

  /** Statements that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Statements that were refused because too many wait, or after they had waited for long. */
  get refused(): number {
    return this.#refused;
  }

  usage(): ShareUsage[] {
    return Object.entries(this.#shares).map(([kind, { running, lanes }]) => ({
      kind: kind as WorkKind,
      running,
      waiting: [...lanes.values()].reduce((sum, { waiting }) => sum + waiting.size, 0),
    }));
  }

  /** Takes a slot if one is free and nothing of its kind waits for one. */
  tryTake(kind: WorkKind): boolean {
    const share = this.#shares[kind];
    if (share.lanes.size > 0 || !this.#mayTake(share)) return false;
    this.#take(share);
    return true;
  }

  /** Waits for a slot. @throws OverloadedError when the queue is full */
  wait(kind: WorkKind, sender: string, ready: Waiting<Connection>['ready']): Waiting<Connection> {
    const share = this.#shares[kind];
    const length = share.lanes.get(sender)?.waiting.size ?? 0;
    if (length >= MAX_WAITING_OF_SENDER) throw this.#overloaded();
    if (this.#waiting >= MAX_WAITING) this.#makeRoom(length);
    let lane = share.lanes.get(sender);
    if (!lane) {
      lane = { share, sender, waiting: new WaitingLine() };
      share.lanes.set(sender, lane);
    }
    const waiting: Waiting<Connection> = { ready, since: performance.now(), lane, before: null, after: null };
    lane.waiting.add(waiting);
    this.#waiting += 1;
    return waiting;
  }

  /** Gives up waiting. @returns false when it does not wait any more */
  leave(waiting: Waiting<Connection>): boolean {
    const { lane } = waiting;
    if (!lane.waiting.remove(waiting)) return false;
    this.#waiting -= 1;
    if (lane.waiting.size === 0) lane.share.lanes.delete(lane.sender);
    return true;
  }

  /**
   * @param connection is left to the next statement that waits
   * @returns the connection if there is none
   */
  release(kind: WorkKind, connection: Connection | null = null): Connection | null {
    this.#shares[kind].running -= 1;
    this.#free += 1;
    let left = connection;
    for (let share = this.#next(); share; share = this.#next()) {
      this.#take(share);
      const given = left;
      left = null;
      this.#takeTurn(share).ready(null, given);
    }
    return left;
  }

  close(): void {
    clearInterval(this.#checking);
  }

  #take(share: Share<Connection>): void {
    share.running += 1;
    this.#free -= 1;
  }

  #mayTake(share: Share<Connection>): boolean {
    if (share.running >= share.max) return false;
    let kept = 0;
    for (const other of this.#turns) if (other !== share) kept += Math.max(0, other.reserve - other.running);
    return share.running < share.reserve ? this.#free > 0 : this.#free > kept;
  }

  /** The next kind that waits and may take a slot: first one below its reserve. It then has its turn last. */
  #next(): Share<Connection> | undefined {
    if (this.#waiting === 0 || this.#free === 0) return undefined;
    let next: Share<Connection> | undefined;
    for (const share of this.#turns) {
      if (share.lanes.size === 0 || !this.#mayTake(share)) continue;
      if (share.running < share.reserve) {
        next = share;
        break;
      }
      next ??= share;
    }
    if (next) this.#turns.push(...this.#turns.splice(this.#turns.indexOf(next), 1));
    return next;
  }

  /** The oldest statement of the sender whose turn it is; the sender then has its turn last. */
  #takeTurn({ lanes }: Share<Connection>): Waiting<Connection> {
    const [lane] = lanes.values();
    const waiting = lane!.waiting.first!;
    this.leave(waiting);
    if (lanes.size > 1 && lanes.delete(lane!.sender)) lanes.set(lane!.sender, lane!);
    return waiting;
  }

  /** Refuses the newest statement of the sender with the most, unless the new one is of such a sender itself. */
  #makeRoom(lengthOfNew: number): void {
    let longest: Lane<Connection> | undefined;
    for (const { lanes } of this.#turns)
      for (const lane of lanes.values()) if (!longest || lane.waiting.size > longest.waiting.size) longest = lane;
    if (!longest || longest.waiting.size <= lengthOfNew + 1) throw this.#overloaded();
    this.#refuse(longest.waiting.last!);
  }

  #refuseOld(): void {
    const oldest = performance.now() - LONGEST_WAIT;
    for (const { lanes } of this.#turns)
      for (const { waiting } of [...lanes.values()])
        while (waiting.first && waiting.first.since <= oldest) this.#refuse(waiting.first);
  }

  #refuse(waiting: Waiting<Connection>): void {
    if (this.leave(waiting)) waiting.ready(this.#overloaded(), null);
  }

  #overloaded(): OverloadedError {
    this.#refused += 1;
    return new OverloadedError();
  }
}

/**
 * With eight connections and more, each kind that ends by itself has a reserve. A snapshot holds its connection while Prisma
 * needs another, so snapshots never take the last one that Prisma may have. Changes of one article wait for each other
 * while they hold theirs, so they take half of the connections at most. An event is read once for each group of its
 * subscribers, who may be hundreds of groups, so live delivery takes a fifth at most.
 */
function sharesOf<Connection>(total: number): Record<WorkKind, Share<Connection>> {
  const half = Math.max(1, Math.floor(total / 2));
  const inLarge = total >= 8 ? 1 : 0;
  const inMiddle = total >= 4 ? 1 : 0;
  const share = (reserve: number, max: number): Share<Connection> => ({ reserve, max, running: 0, lanes: new Map() });
  return {
    read: share(inLarge, total),
    expensive: share(0, Math.max(1, Math.floor(total / 5))),
    snapshot: share(0, Math.max(1, half - 1)),
    prisma: share(inMiddle, total),
    write: share(inLarge, half),
    live: share(inMiddle, Math.max(1 + inMiddle, Math.floor(total / 5))),
    staff: share(inLarge, total),
    // Kinds that wait take turns, so it waits for the end of one statement at most.
    check: share(0, 1),
  };
}
