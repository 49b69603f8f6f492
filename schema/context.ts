import type { Author, PrismaClient } from '../prisma/client/client.ts';
import type { EmittedEvent, LoggedEvent, LogPosition } from './events.ts';
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

/** What is happening now. */
export interface Live {
  /**
   * The article's events after a position, each once, in order, until the reader returns.
   * Without a position, from now on: nothing that commits after this resolves is missed.
   */
  follow(articleId: number, after?: LogPosition): Promise<AsyncGenerator<LoggedEvent, void, void>>;
}

/** Articles becoming public. */
export interface Publications {
  /** Ids of articles as they are published, each publication once; none that commits after this resolves is missed. */
  follow(): Promise<AsyncGenerator<number, void, void>>;
  /** Something was published or scheduled here: look now. */
  wake(): void;
}

/** Who asks. Null stands for nobody: a reader or guest who is not signed in. */
export interface SignedIn {
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
export type LimitedAction = 'comment' | 'edit' | 'remove' | 'react' | 'report' | 'article';

/** What the graph needs of the machinery for one operation, or for one event of a subscription. */
export interface Context {
  viewer: SignedIn | null;
  receipts: Receipts;
  /** Counts an action of whoever asks, before it is done. @throws RateLimitedError when it is one too many */
  limit(action: LimitedAction, articleId?: number): Promise<void>;
  db: Database;
  change: Change;
  live: Live;
  publications: Publications;
  settings: Settings;
  now(): Date;
}
