import type { Database, Queryable } from '../../schema/content/context.ts';

/** Reads in a snapshot. Prisma reads on a connection of its own. */
export class SnapshotReader implements Database {
  readonly query: Queryable['query'];
  readonly #db: Database;

  constructor(query: Queryable['query'], db: Database) {
    this.query = query;
    this.#db = db;
  }

  get prisma(): Database['prisma'] {
    return this.#db.prisma;
  }
}
