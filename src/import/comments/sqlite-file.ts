import type { Database } from 'sql.js';
import { fileBytes } from '../file-text.ts';
import { ImportError } from '../import-error.ts';
import type { InputFile } from '../input-file.ts';

/** Bytes of a database, which is kept in memory. One of 100 MB has some 200,000 comments. */
const MAX_BYTES = 512 * 1024 * 1024;

const START = 'SQLite format 3\0';

/**
 * Opens a database of SQLite, in memory: its file is only read. The caller closes it.
 *
 * @throws ImportError if the file cannot be read, or is no database
 */
export async function openSqlite(file: InputFile): Promise<{ database: Database; size: number }> {
  const bytes = await bytesOf(file);
  if (bytes.toString('latin1', 0, START.length) !== START)
    throw new ImportError('The file is not a database of SQLite.');
  // The library is loaded by those who need it.
  const { default: initialize } = await import('sql.js/dist/sql-wasm-inline.js');
  const { Database } = await initialize();
  const database = new Database(bytes);
  try {
    requireTables(database);
    return { database, size: bytes.length };
  } catch (cause) {
    database.close();
    throw cause instanceof ImportError ? cause : readFailure(cause);
  }
}

/** A view or virtual table runs code of the file's author, which may never end. */
function requireTables(database: Database): void {
  database.run('PRAGMA trusted_schema = OFF');
  const [others] = database.exec(
    "SELECT name FROM sqlite_master WHERE type = 'view' OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL%')",
  );
  if (others) throw new ImportError('The database has views or virtual tables, which are not read.');
}

/** The library throws plain errors with the messages of SQLite. */
export function readFailure(cause: unknown): ImportError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ImportError(`The database cannot be read: ${message}.`, null, { cause });
}

async function bytesOf(file: InputFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of fileBytes(file)) {
      length += chunk.length;
      if (length > MAX_BYTES) throw new ImportError(`A database of more than ${MAX_BYTES} bytes cannot be read.`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    if (cause instanceof ImportError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new ImportError(`The file cannot be read (${code}).`, null, { cause });
  }
}
