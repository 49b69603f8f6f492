import type pg from 'pg';
import { HOLD_LIMITS } from '../../../schema/content/administration/hold-settings.ts';
import { readingMinutes } from '../../../schema/content/text/excerpt.ts';
import { RENDERING_VERSION, renderText } from '../../../schema/content/text/render.ts';
import { ARCHIVE_SEQUENCES, ARCHIVE_TABLES, ARCHIVE_VERSION, type ArchiveTable } from '../../archive/index.ts';
import { loadComments } from '../../database/index.ts';
import { ImportError } from '../import-error.ts';
import { itemsOf, propertyOf, textOf } from '../json-values.ts';
import { ARCHIVE_BYTES, createMemoryLimit } from '../memory.ts';
import type { ReportBuilder } from '../report.ts';

/** Characters of rows in memory at which they are written. */
const MAX_BUFFERED = 512 * 1024;

/** Rows that the report counts. */
const REPORTED = { author: 'authors', topic: 'topics', article: 'articles', comment: 'comments' } as const;

type Row = Record<string, unknown>;

/** Where comments wait until all are read: their places and counters are computed from all of them. */
const STAGED_COMMENTS = 'archive_comment';

/** Writes the lines of an archive into the empty tables, in the caller's transaction. HTML and plain texts are rendered anew. */
export class ArchiveWriter {
  /** Number of rows so far. */
  rows = 0;
  readonly #client: pg.ClientBase;
  readonly #report: ReportBuilder;
  readonly #onPictures: (names: readonly string[]) => Promise<void>;
  readonly #limitMemory = createMemoryLimit(ARCHIVE_BYTES);
  #table = -1;
  #sequences: unknown = null;
  #buffered: string[] = [];
  #characters = 0;
  #firstLine = 0;
  #hasEnded = false;
  /** The statement that runs while the next lines are rendered. */
  #running: Promise<unknown> = Promise.resolve();

  /** @param onPictures is called with the names of pictures before their rows are written */
  constructor(client: pg.ClientBase, report: ReportBuilder, onPictures: (names: readonly string[]) => Promise<void>) {
    this.#client = client;
    this.#report = report;
    this.#onPictures = onPictures;
  }

  /** @throws ImportError with the line, if it is not the next one of an archive */
  async write(text: string, line: number): Promise<void> {
    const value = parseLine(text, line);
    const type = textOf(value, 'type');
    if (this.#sequences === null) return this.#begin(value, line);
    if (this.#hasEnded) throw new ImportError('the archive has ended before.', line);
    if (type === 'end') return this.#finish(value, line);
    const place = ARCHIVE_TABLES.findIndex(({ name }) => name === type);
    if (place < this.#table || place < 0)
      throw new ImportError(`a row of the type "${type.slice(0, 80)}" is not expected here.`, line);
    if (place > this.#table) await this.#finishTable();
    this.#table = place;
    if (this.#buffered.length === 0) this.#firstLine = line;
    this.#add(ARCHIVE_TABLES[place]!, checkedRow(ARCHIVE_TABLES[place]!, value as Row, line), line);
    if (this.#characters >= MAX_BUFFERED) await this.#flush();
  }

  /** @throws ImportError if the archive is not complete */
  end(): void {
    if (!this.#hasEnded) throw new ImportError('The archive is not complete: it has no line of the type "end".');
  }

  /** Sets the sequences, also beyond ids of rows whose program did not count them. A rollback does not set them back. */
  async setSequences(): Promise<void> {
    for (const name of ARCHIVE_SEQUENCES) {
      const [, table, column] = /^(.+)_(id|sequence)_seq$/.exec(name)!;
      const { rows } = await this.#client.query<{ last: number }>(
        `SELECT greatest($1, (SELECT max(${column}) FROM ${table}))::int AS last`,
        [propertyOf(this.#sequences, name)],
      );
      if (rows[0]!.last > 0) await this.#client.query('SELECT setval($1::regclass, $2)', [name, rows[0]!.last]);
    }
  }

  async #begin(value: unknown, line: number): Promise<void> {
    const isArchive = textOf(value, 'type') === 'broadsheet';
    if (!isArchive) throw new ImportError('this is not an archive of Broadsheet.', line);
    if (propertyOf(value, 'version') !== ARCHIVE_VERSION)
      throw new ImportError(
        `archives of version ${textOf(value, 'version')} cannot be read; this is version ${ARCHIVE_VERSION}.`,
        line,
      );
    const sequences = propertyOf(value, 'sequences');
    const isWhole = ARCHIVE_SEQUENCES.every((name) => {
      const last = propertyOf(sequences, name);
      return Number.isSafeInteger(last) && Number(last) >= 0 && Number(last) < 2 ** 31;
    });
    if (!isWhole) throw new ImportError('the sequences are not complete.', line);
    this.#sequences = sequences;
    await this.#client.query(
      `CREATE TEMP TABLE ${STAGED_COMMENTS} (LIKE comment INCLUDING DEFAULTS, line int) ON COMMIT DROP`,
    );
  }

  async #finish(value: unknown, line: number): Promise<void> {
    await this.#finishTable();
    const rows = propertyOf(value, 'rows');
    if (rows !== this.rows)
      throw new ImportError(`the archive should have ${String(rows)} rows, and has ${this.rows}.`, line);
    this.#hasEnded = true;
  }

  #add({ name }: ArchiveTable, row: Row, line: number): void {
    this.rows += 1;
    const kind = REPORTED[name as keyof typeof REPORTED];
    if (kind) {
      this.#report.countRead(kind);
      this.#report.addOutcomes(kind, { created: 1 });
    }
    const json = JSON.stringify(name === 'comment' ? { ...row, line } : row);
    this.#buffered.push(json);
    this.#characters += json.length;
  }

  /** Ends a table of which all rows are read. */
  async #finishTable(): Promise<void> {
    await this.#flush();
    await this.#running;
    const table = ARCHIVE_TABLES[this.#table];
    if (table?.name !== 'comment') return;
    const where = { table, line: this.#firstLine };
    const onPart = (line: number): void => {
      where.line = line;
    };
    const columns = columnsOf(table);
    await loadComments(this.#client, { staged: STAGED_COMMENTS, columns, onPart }).catch((cause) =>
      refuse(cause, where),
    );
    await this.#client.query(`DROP TABLE ${STAGED_COMMENTS}`);
  }

  /** Begins to write the rows in memory. The next ones are rendered meanwhile. */
  async #flush(): Promise<void> {
    const table = ARCHIVE_TABLES[this.#table];
    if (!table || this.#buffered.length === 0) return;
    await this.#running;
    this.#limitMemory();
    const where = { table, line: this.#firstLine };
    this.#running = this.#insert(table, `[${this.#buffered.join(',')}]`).catch((cause) => refuse(cause, where));
    // Whoever awaits it gets the failure.
    this.#running.catch(() => {});
    this.#buffered = [];
    this.#characters = 0;
  }

  async #insert(table: ArchiveTable, rows: string): Promise<void> {
    const isComments = table.name === 'comment';
    const name = isComments ? STAGED_COMMENTS : table.name;
    const columns = [...columnsOf(table), ...(isComments ? ['line'] : [])].join(', ');
    if (name === 'picture') await this.#onPictures(itemsOf(JSON.parse(rows)).map((row) => textOf(row, 'name')));
    await this.#client.query(
      `INSERT INTO ${name} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${name}, $1)
         ${table.onConflict ? `ON CONFLICT ${table.onConflict}` : ''}`,
      [rows],
    );
  }
}

/** @throws ImportError for what PostgreSQL refuses because of the rows, else the cause */
function refuse(cause: unknown, { table, line }: { table: ArchiveTable; line: number }): never {
  // 21: two rows with the same key; 22: a value that the column does not take; 23: a constraint, such as a reference to a row that is
  // missing.
  if (!/^2[123]/.test(String((cause as { code?: unknown }).code))) throw cause;
  throw new ImportError(`in this row of ${table.name} or soon after it: ${(cause as Error).message}`, line, { cause });
}

function parseLine(text: string, line: number): unknown {
  try {
    return JSON.parse(line === 1 ? text.replace(/^\ufeff/, '') : text);
  } catch (cause) {
    throw new ImportError('the line is not JSON.', line, { cause });
  }
}

/** The row with its derived columns. @throws ImportError if it has other columns than an archive's */
function checkedRow(table: ArchiveTable, value: Row, line: number): Row {
  const { name, columns, addresses = [], text } = table;
  const names = Object.keys(value).filter((key) => key !== 'type');
  const wrong = names.find((key) => !columns.includes(key)) ?? columns.find((column) => !names.includes(column));
  if (wrong !== undefined)
    throw new ImportError(`${name} has a column too many or too few: ${wrong.slice(0, 80)}.`, line);
  for (const column of addresses) {
    const address = value[column];
    if (address !== null && !/^(https?:\/\/|\/)/i.test(String(address)))
      throw new ImportError(`${column} is neither an http or https address nor a path.`, line);
  }
  if (name === 'hold_setting') checkHoldSetting(value, line);
  const { type: _type, ...row } = value;
  if (text) Object.assign(row, rendered(text, row));
  if (name === 'comment') Object.assign(row, { depth: 0, reaction_counts: itemsOf(row.brought_reactions) });
  if (name === 'article') Object.assign(row, { reading_minutes: readingMinutes(String(row.body_text)) });
  return row;
}

/** @throws ImportError for a limit that an admin could not set */
function checkHoldSetting({ name, value }: Row, line: number): void {
  const rule = String(name);
  if (!Object.hasOwn(HOLD_LIMITS, rule))
    throw new ImportError(`there is no rule "${rule.slice(0, 80)}" that holds comments.`, line);
  const most = HOLD_LIMITS[rule as keyof typeof HOLD_LIMITS] ?? 1;
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > most)
    throw new ImportError(`the limit of the rule "${rule}" must be a whole number from 0 to ${most}.`, line);
}

function rendered({ prefix, place }: NonNullable<ArchiveTable['text']>, row: Row): Row {
  const source = row[`${prefix}_source`];
  const format = row[`${prefix}_format`] === 'HTML' ? 'HTML' : 'MARKDOWN';
  const { html, text } = typeof source === 'string' ? renderText(source, format, place) : { html: null, text: null };
  const version = source === null ? 0 : RENDERING_VERSION;
  return { [`${prefix}_html`]: html, [`${prefix}_text`]: text, [renderingColumn(prefix)]: version };
}

/** The columns of a row that is written: those of the archive, and those that are derived from it alone. */
function columnsOf({ name, columns, text }: ArchiveTable): string[] {
  const own = { comment: ['depth', 'reaction_counts'], article: ['reading_minutes'] }[name] ?? [];
  const rendered = text ? [`${text.prefix}_html`, `${text.prefix}_text`, renderingColumn(text.prefix)] : [];
  return [...columns, ...rendered, ...own];
}

function renderingColumn(prefix: 'body' | 'bio'): string {
  return prefix === 'bio' ? 'bio_rendering' : 'rendering';
}
