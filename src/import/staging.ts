import type pg from 'pg';
import { createMemoryLimit } from './memory.ts';
import { STAGED_COLUMNS, type StagedRows } from './staged-rows.ts';

/** Characters of JSON in memory at which the buffered rows are written. */
const MAX_BUFFERED = 512 * 1024;

/**
 * Writes a file's rows to temporary tables in batches, so that memory does not grow with the file. The tables are
 * dropped at the end of the transaction.
 */
export class Staging {
  readonly client: pg.ClientBase;
  readonly #buffered = new Map<keyof StagedRows, string[]>();
  readonly #limitMemory = createMemoryLimit();
  #characters = 0;
  #filePosition = 0;

  constructor(client: pg.ClientBase) {
    this.client = client;
  }

  async createTables(): Promise<void> {
    for (const [table, columns] of Object.entries(STAGED_COLUMNS)) {
      await this.client.query(`CREATE TEMP TABLE ${table} (file_position int, ${columns})`);
    }
  }

  add<Table extends keyof StagedRows>(table: Table, row: StagedRows[Table]): void {
    this.#filePosition += 1;
    // Several records may begin on one line, so the line cannot identify a row.
    const json = JSON.stringify({ ...row, file_position: this.#filePosition });
    const rows = this.#buffered.get(table);
    if (rows) rows.push(json);
    else this.#buffered.set(table, [json]);
    this.#characters += json.length;
  }

  /** Writes the buffered rows if there are many. The caller awaits this before it reads more of the file. */
  async flushIfFull(): Promise<void> {
    if (this.#characters >= MAX_BUFFERED) await this.#flush();
  }

  /** Reads staged rows. */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    await this.#flush();
    return (await this.client.query<Row>(text, values)).rows;
  }

  /** Writes the remaining rows, and indexes and analyzes the tables for the merge. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.client.query(
      'CREATE UNIQUE INDEX ON staged_article (item); CREATE UNIQUE INDEX ON staged_comment (file_position); ' +
        'CREATE INDEX ON staged_note (file_position)',
    );
    for (const table of Object.keys(STAGED_COLUMNS)) await this.client.query(`ANALYZE ${table}`);
  }

  async #flush(): Promise<void> {
    for (const [table, rows] of this.#buffered) {
      await this.client.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [
        `[${rows.join(',')}]`,
      ]);
    }
    this.#buffered.clear();
    this.#characters = 0;
    this.#limitMemory();
  }
}
