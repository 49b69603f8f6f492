import type DataLoader from 'dataloader';
import type { Author, PrismaClient } from '../../prisma/client/client.ts';
import type { Dependencies } from './dependencies.ts';
import type {
  EmittedEvent,
  LoggedEvent,
  LoggedModerationFact,
  LogPosition,
  LogState,
  ModerationFact,
  Publication,
  WrittenEvent,
} from './events.ts';
import type { ForbiddenWordCache } from './moderation/forbidden-word-list.ts';
import type { Settings } from './settings.ts';
import type { ConvertText } from './text/conversions.ts';

/** One SQL statement. With a name it is prepared once on each connection, so its text must never vary under that name. */
export interface Statement {
  name?: string;
  text: string;
  values: readonly unknown[];
  /** Its time depends on what a reader searches for, so it has a shorter limit and an error of its own. */
  isSearch?: true;
  /** It only reads: operations that wait for it at the same time, with the same values, may get the rows of one execution. */
  isShareable?: true;
}

/** Runs a statement and gives its rows, each an array of its columns. */
export interface Queryable {
  query<Row extends readonly unknown[]>(statement: Statement): Promise<Row[]>;
}

/** The statements of a change, executed in the order in which it gives them. */
export interface Transaction extends Queryable {
  /**
   * Adds a statement that nothing in the change waits for: it is sent with the next query or with the commit, in one round trip.
   * @param read gets its rows before that query, or the change, returns
   */
  enqueue<Row extends readonly unknown[]>(statement: Statement, read?: (rows: Row[]) => void): void;
}

/** The database that requests read. Prisma and hand-written statements share one pool of connections. */
export interface Database extends Queryable {
  prisma: PrismaClient;
}

/**
 * Writes events into the logs of their articles, or facts into the moderation log, which is written before the commit. Of an event
 * that a statement of the change has written, it only wakes the readers. Events that are known together are emitted together, by one
 * statement.
 */
export type Emit = (...events: (EmittedEvent | WrittenEvent | ModerationFact)[]) => void;

/**
 * Runs one change in a transaction: all of it commits, or none. Into the log leads `emit`, and the statement that adds a visible
 * comment. Both lock the article's row until the commit, so the order of a log is the order of commits.
 *
 * Locks are taken in this order, so that changes never wait for each other in a circle: articles by id, the advisory lock
 * of slugs, topics by id, authors by id, notices of authors, and last the table of publications or of moderation events. Comments need
 * no lock of their own: the row
 * of their article protects them. Rate limits are consumed before: see `consumeRateLimit`.
 *
 * Others wait while a change waits for the database, so it locks and reads in one round trip, and writes in another, which commits.
 */
export type Change = <Result>(work: (tx: Transaction, emit: Emit) => Promise<Result>) => Promise<Result>;

/** A statement that makes several changes under one lock, in their order. */
interface SharedStatement {
  /** Makes it of a part for each change. Its rows begin with the number of their change, from 1 on. */
  statement(parts: readonly unknown[]): Statement;
  part: unknown;
}

/** A change of which all statements are known beforehand. */
export interface ChangeStatements<Results extends readonly (readonly unknown[])[]> {
  /** Locks the article. */
  lock: Statement;
  /** Its statements, or the one that it shares with changes that have the same. */
  work: { statements: readonly Statement[] } | { shared: SharedStatement };
  /** The author whose row the statements update: the id, or the key of a guest, who may be new. Null for none. */
  writer: number | string | null;
  /** The event that they have written, from the rows of each, those of the lock first. Its readers are woken after the commit. */
  written(results: Results): WrittenEvent | null;
}

/**
 * Runs a change whose statements are sent together, so its locks are held for no round trip. Changes that wait for the same lock are
 * sent in one transaction; when it fails, each is run alone.
 * @returns the rows of each statement, those of the lock first
 */
export type ChangeAtOnce = <Results extends readonly (readonly unknown[])[]>(
  change: ChangeStatements<Results>,
) => Promise<Results>;

/**
 * Turns the entries of a log into the items of a subscription. Subscribers with the same rights and the same document share
 * one view, wherever in the log each of them starts.
 */
export interface LogView<Entry, Item> {
  /**
   * The item of each entry, in order; null for an entry that this view leaves out.
   * @param context made for these entries: it reads the present state with the present rights
   */
  load(entries: readonly Entry[], context: Context): Promise<(Item | null)[]>;
  /** How subscribers resume from the cursor in their argument `after`; absent for a subscription without it. */
  resuming?: ResumeRules<Item>;
  /** Why the log can no longer be followed; absent for a log that always can. */
  goneError?(context: Context): Promise<Error>;
}

export interface ResumeRules<Item> {
  /** Null for a text that is no cursor. */
  decode(after: string): LogPosition | null;
  /**
   * Why a subscriber cannot resume from a cursor; null when they can.
   * @param from null for a text that is no cursor
   */
  fault(from: LogPosition | null, log: LogState): string | null;
  /** The cursor to resume from after an item. */
  cursorOf(item: Item): string;
  /** The item that follows the last missed event. */
  caughtUp(position: LogPosition, replayed: number): Item;
  /** The item that replaces the missed events. Live events follow from this position. */
  resync(position: LogPosition, reason: string): Item;
}

/** Sources of the fields of `Subscription`. Opening one reads nothing. */
export interface Live {
  /** The events of one article's discussion, as long as the article is published. */
  discussion<Item>(articleId: number, view: LogView<LoggedEvent, Item>): AsyncIterable<Item>;
  /** Articles that become public. */
  publications<Item>(view: LogView<Publication, Item>): AsyncIterable<Item>;
  /** Events for moderators. The caller has checked that the viewer is a moderator. */
  moderation<Item>(view: LogView<LoggedModerationFact, Item>): AsyncIterable<Item>;
}

/** Work in the background. Every gateway runs every job; what one gateway works on is locked, so the others skip it. */
export interface Job {
  /** In log lines and in names of prepared statements, so no two jobs share one. */
  name: string;
  /**
   * When it is due: the SQL of a time that is kept in the database, so that a restart loses nothing, or every so many
   * milliseconds. Every gateway runs the SQL every few seconds: it may take one step into an index. Null is never.
   */
  due: { sql: string } | { every: number };
  /** Does a bounded part of the due work. @returns whether more may be due that can be done now */
  step(context: JobContext): Promise<boolean>;
}

export type JobContext = Pick<Context, 'change' | 'wakePublicationReaders'> & { db: Queryable };

/** The signed-in author of a request. A reader or guest who is not signed in is null. */
export interface SignedInViewer {
  author: Pick<Author, 'id' | 'slug' | 'name' | 'kind'>;
  role: Role;
}

/** Each role includes the rights of those before it. */
export const ROLES = ['READER', 'WRITER', 'MODERATOR', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];

/** A guest's proof of authorship: an opaque text for one comment. */
export interface Receipts {
  /** The receipt of a comment, always the same. */
  issue(commentId: number): string;
  /** The comment of a receipt; null for a text that was not issued. */
  read(receipt: string): number | null;
}

/** Actions that are limited per person or address. `repeat` looks for the comment of an idempotency key. */
export type RateLimitedAction =
  | 'comment'
  | 'repeat'
  | 'edit'
  | 'remove'
  | 'react'
  | 'report'
  | 'article'
  | 'profile'
  | 'upload';

/** The pace of an operation that takes long: it is executed in slices of time, between which others are served. */
export interface Slices {
  /**
   * A value of a field, when there is time for what is selected of it: the value itself, or a promise; a list gives its items
   * one by one in the same way.
   */
  pace(value: unknown): unknown;
  /** Calls back when everything that is loaded already was given, so that what is needed next is loaded together. */
  schedule(batch: () => void): void;
}

/** The runtime, as the domain uses it during one operation, or for one event of a subscription. */
export interface Context {
  viewer: SignedInViewer | null;
  receipts: Receipts;
  /**
   * Counts an attempt of the viewer, or of the address of an anonymous sender. Every mutation has this order:
   * 1. It refuses senders whose role alone forbids it. That reads nothing, so it is not counted.
   * 2. It calls this function. An attempt counts whether or not it succeeds later, and only against its sender.
   * 3. It checks the input, reads, renders, and opens a transaction.
   * A refused attempt therefore costs no statement and no rendering, however often it is repeated in one request.
   * @throws RateLimitedError
   */
  consumeRateLimit(action: RateLimitedAction): Promise<void>;
  db: Database;
  /**
   * The loaders of this operation, by their batch function. They are not kept in a WeakMap beside the context: V8 keeps a
   * value that refers to its own key until it collects the whole heap, and that would be the rows of every request.
   */
  loaders: Map<object, DataLoader<unknown, unknown>>;
  /** Null for an operation that is executed at once, as nearly all are. */
  slices: Slices | null;
  /** Where reads note what they depend on, for a result that may be used again; null when nobody needs to know. */
  dependencies: Dependencies | null;
  change: Change;
  changeAtOnce: ChangeAtOnce;
  forbiddenWords: ForbiddenWordCache;
  /**
   * Begins a snapshot: all later reads of the payload see the database at one moment. `clearLoaders` calls it after the change.
   * Absent where no field of the payload needs that.
   */
  beginPayload?: (() => void) | undefined;
  convertText: ConvertText;
  live: Live;
  /** Wakes the readers of the publication log. Call it after the commit. */
  wakePublicationReaders(): void;
  /** Runs a job that is due in so many milliseconds, or now, on time; without the call it runs up to 2 s later. */
  wakeJob(job: Job, milliseconds?: number): void;
  settings: Settings;
  now(): Date;
}
