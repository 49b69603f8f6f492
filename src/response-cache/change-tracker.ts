import type { Queryable } from '../../schema/content/context.ts';
import { ANYTHING, CONTENT, type Dependencies, isWrites } from '../../schema/content/dependencies.ts';
import { queryRow } from '../../schema/content/query.ts';
import { CoalescedCalls } from '../log/index.ts';

/** Subjects whose last change is remembered. Past this number all count as changed just now. */
const MAX_REMEMBERED = 100_000;

/** SQL that tells a database from another one; a standby has that of its primary. */
export const CONTENT_IDENTITY = `concat_ws(' ', (SELECT oid FROM pg_database WHERE datname = current_database()),
    (SELECT string_agg(xmin::text, ' ' ORDER BY name) FROM secret))`;

/**
 * The subjects of all changes that were committed since a snapshot ($1; null for none), and the present snapshot. Both are of the
 * moment at which the statement begins. The identity tells whether it is still the same database, with the same rows:
 * secrets are never updated, so the transactions that wrote them are others once a backup was restored, also without triggers. The
 * log position is at or after the commit of everything that the snapshot sees.
 */
const CHANGES_SINCE = `SELECT pg_current_snapshot()::text,
  pg_snapshot_xmin($1::pg_snapshot)::text::bigint >= (SELECT deleted_before FROM content_change_horizon),
  pg_postmaster_start_time()::text, ${CONTENT_IDENTITY},
  CASE WHEN pg_is_in_recovery() THEN 0 ELSE pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 END,
  changes_since($1::pg_snapshot)`;

type Changes = [
  snapshot: string,
  isComplete: boolean | null,
  startedAt: string,
  content: string,
  logPosition: number,
  subjects: number[],
];

/**
 * Follows what is committed to the database. One small statement serves all that wait for it, and those that come while it
 * runs share the next one: the more requests, the less it costs for each.
 */
export class ChangeTracker {
  readonly #db: Queryable;
  readonly #looks = new CoalescedCalls<null, void>(() => this.#look());
  readonly #lastChange = new Map<number, number>();
  /** The log position of the look that found the last write of each sender. */
  readonly #writes = new Map<number, number>();
  #snapshot: string | null = null;
  #startedAt: string | null = null;
  #content: string | null = null;
  #logPosition = 0;
  /** Writes before it are forgotten. */
  #forgottenUpTo = 0;
  /** Counts the looks that have succeeded. */
  #position = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Called with the subjects of new changes; null when everything may have changed. */
  onChange: (subjects: readonly number[] | null) => void = () => {};

  constructor(db: Queryable) {
    this.#db = db;
  }

  /** The last look: everything that was committed before it began is known. */
  get position(): number {
    return this.#position;
  }

  /** Where the write-ahead log was at the last look, in bytes: a replica that has replayed it has all that the look knows. */
  get logPosition(): number {
    return this.#logPosition;
  }

  /** See `CONTENT_IDENTITY`. Null before the first look. */
  get content(): string | null {
    return this.#content;
  }

  /** What a replica must have replayed to have all that a sender has written. @param writes subject of `writesOf` */
  positionOfWrites(writes: number): number {
    return this.#writes.get(writes) ?? this.#forgottenUpTo;
  }

  /** Milliseconds since the last look that succeeded ended. */
  get age(): number {
    return performance.now() - this.#lookedAt;
  }

  /**
   * Learns of everything that was committed before this call.
   * @throws when the database does not answer
   */
  catchUp(): Promise<void> {
    return this.#looks.call(null);
  }

  /** Whether something of this was committed after a position. */
  hasChangedSince(position: number, { subjects }: Pick<Dependencies, 'subjects'>): boolean {
    const changed = (subject: number): boolean => (this.#lastChange.get(subject) ?? 0) > position;
    if (changed(CONTENT)) return true;
    for (const subject of subjects) if (changed(subject)) return true;
    return false;
  }

  async #look(): Promise<void> {
    const [snapshot, isComplete, startedAt, content, logPosition, subjects] = await queryRow<Changes>(this.#db, {
      name: 'content-changes',
      text: CHANGES_SINCE,
      values: [this.#snapshot],
    });
    this.#position += 1;
    this.#lookedAt = performance.now();
    const isContinued = isComplete === true && startedAt === this.#startedAt && content === this.#content;
    this.#snapshot = snapshot;
    this.#startedAt = startedAt;
    this.#content = content;
    this.#logPosition = logPosition;
    if (!isContinued || this.#lastChange.size > MAX_REMEMBERED) this.#forget();
    else this.#add(subjects);
  }

  #add(subjects: readonly number[]): void {
    const changed = subjects.filter((subject) => !isWrites(subject));
    for (const subject of changed) this.#lastChange.set(subject, this.#position);
    if (changed.length > 0) {
      this.#lastChange.set(ANYTHING, this.#position);
      this.onChange(changed);
    }
    if (this.#writes.size > MAX_REMEMBERED) this.#forgetWrites();
    for (const subject of subjects) if (isWrites(subject)) this.#writes.set(subject, this.#logPosition);
  }

  #forget(): void {
    this.#lastChange.clear();
    this.#lastChange.set(CONTENT, this.#position);
    this.#forgetWrites();
    this.onChange(null);
  }

  #forgetWrites(): void {
    this.#writes.clear();
    this.#forgottenUpTo = this.#logPosition;
  }
}
