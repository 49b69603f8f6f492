import type DataLoader from 'dataloader';
import type { Author, PrismaClient } from '../../prisma/client/client.ts';
import type { EmittedEvent, LoggedEvent, LogPosition, Publication } from './events.ts';
import type { Settings } from './settings.ts';

/** One SQL statement. With a name it is prepared once on each connection, so its text must never vary under that name. */
export interface Statement {
  name?: string;
  text: string;
  values: readonly unknown[];
}

/** Runs a statement and gives its rows, each an array of its columns. */
export interface Queryable {
  query<Row extends readonly unknown[]>(statement: Statement): Promise<Row[]>;
}

/** The database that requests read. Prisma and the statements written by hand share one pool of connections. */
export interface Database extends Queryable {
  prisma: PrismaClient;
}

/**
 * Makes one change of a discussion: everything inside commits together, or nothing does.
 * `emit` is the only way into the log; it locks the article's row until the end, so order in the log is order of commit.
 */
export type Change = <Result>(
  work: (tx: Queryable, emit: (event: EmittedEvent) => Promise<void>) => Promise<Result>,
) => Promise<Result>;

/**
 * What a subscription shows of a log, whoever follows it. Subscribers who may see the same and asked for the same share
 * one view, wherever each of them starts.
 */
export interface LogView<Event, Shown> {
  /**
   * What each of some events is to them, in order; null for nothing.
   * @param context made for these events: what it loads is as it is now, and seen with the rights of now
   */
  load(events: readonly Event[], context: Context): Promise<(Shown | null)[]>;
  /** How subscribers go on from the cursor in their argument `after`; absent where there is none. */
  resuming?: ResumeRules<Shown>;
}

export interface ResumeRules<Shown> {
  /** Null for what is no cursor. */
  decode(after: string): LogPosition | null;
  /**
   * Why nobody can go on from there, in words; null when they can.
   * @param first the sequence of the first event that is kept after it; null for none
   */
  fault(from: LogPosition | null, log: { position: LogPosition; first: number | null }): string | null;
  /** Said when everything that had happened is told. */
  caughtUp(position: LogPosition, replayed: number): Shown;
  /** Said instead of what was missed. What follows is live, from this position on. */
  resync(position: LogPosition, reason: string): Shown;
}

/** What is happening now: sources for the fields of `Subscription`. Opening one reads nothing. */
export interface Live {
  /** What happens in one article's discussion, as long as the article is public. */
  discussion<Shown>(articleId: number, view: LogView<LoggedEvent, Shown>): AsyncIterable<Shown>;
  /** Articles becoming public. */
  publications<Shown>(view: LogView<Publication, Shown>): AsyncIterable<Shown>;
}

/** What is done when its time has come; the times are kept in the database. */
export interface Schedule {
  /** Something is due in so many milliseconds, or has been moved: look then. Nothing is lost without, it only comes later. */
  wake(milliseconds?: number): void;
}

/** Who asks. Null stands for nobody: a reader or guest who is not signed in. */
export interface SignedInViewer {
  author: Pick<Author, 'id' | 'slug' | 'name' | 'kind'>;
  role: Role;
}

/** What a signed-in person may do; each may also do what those before it may. */
export const ROLES = ['READER', 'WRITER', 'MODERATOR', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];

/** What a guest has of a comment: opaque, and for that comment alone. */
export interface Receipts {
  /** The receipt of a comment, always the same. */
  issue(commentId: number): string;
  /** The comment that a receipt is of; null for whatever was not issued. */
  read(receipt: string): number | null;
}

/** What may be done only so often by one person, from one address or on one article. */
export type RateLimitedAction = 'comment' | 'edit' | 'remove' | 'react' | 'report' | 'article';

/** What the graph needs of the machinery for one operation, or for one event of a subscription. */
export interface Context {
  viewer: SignedInViewer | null;
  receipts: Receipts;
  /** Counts an action of whoever asks, before it is done. @throws RateLimitedError when it is one too many */
  consumeRateLimit(action: RateLimitedAction, articleId?: number): Promise<void>;
  db: Database;
  /**
   * What it has loaded so far, by what loads it. It is not kept in a WeakMap beside the context: what such a map holds and
   * what refers to its own key, V8 keeps until it collects the whole heap, and that would be the rows of every request.
   */
  loaders: Map<object, DataLoader<unknown, unknown>>;
  change: Change;
  live: Live;
  /** Something was published here: whoever follows is told now. */
  wakePublicationReaders(): void;
  schedule: Schedule;
  settings: Settings;
  now(): Date;
}
