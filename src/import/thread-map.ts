import { readFile, rename, writeFile } from 'node:fs/promises';
import { ImportError } from './import-error.ts';

const COLUMNS = ['address', 'article', 'comments', 'title'] as const;

interface Row {
  address: string;
  /** The slug of the article; empty while nobody has named it, `-` for a thread that is left out. */
  article: string;
  comments: string;
  title: string;
}

/** A table with one line for each thread that matches no article, in which an operator names the articles. Its cells are separated by tabs. */
export class ThreadMap {
  readonly #path: string;
  readonly #rows: Map<string, Row>;
  #isChanged = false;

  private constructor(path: string, rows: Map<string, Row>) {
    this.#path = path;
    this.#rows = rows;
  }

  /** Reads the table; without a file it is empty. @throws ImportError if it is no such table */
  static async read(path: string): Promise<ThreadMap> {
    const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return '';
      throw new ImportError(`The table ${path} cannot be read (${cause.code}).`, null, { cause });
    });
    const rows = new Map<string, Row>();
    const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
    if (text !== '' && !lines[0]?.startsWith(COLUMNS.slice(0, 2).join('\t')))
      throw new ImportError(`The table ${path} does not begin with the columns "${COLUMNS.join('", "')}".`);
    for (const line of lines.slice(1)) {
      const [address = '', article = '', comments = '', title = ''] = line.split('\t').map((cell) => cell.trim());
      if (address !== '') rows.set(address, { address, article: slugIn(article), comments, title });
    }
    return new ThreadMap(path, rows);
  }

  /** Addresses of threads with the slugs that the operator has named. */
  mapped(): [address: string, article: string][] {
    return [...this.#rows.values()].filter(({ article }) => article !== '').map((row) => [row.address, row.article]);
  }

  addUnmatched({ address, title, comments }: { address: string; title: string; comments: number }): void {
    if (this.#rows.has(address)) return;
    this.#rows.set(address, { address, article: '', comments: String(comments), title: title.replace(/\s+/g, ' ') });
    this.#isChanged = true;
  }

  /** Writes the table if threads were added. */
  async write(): Promise<void> {
    if (!this.#isChanged) return;
    const lines = [...this.#rows.values()].map((row) => COLUMNS.map((column) => row[column]).join('\t'));
    await writeFile(`${this.#path}.new`, `${COLUMNS.join('\t')}\n${lines.join('\n')}\n`);
    await rename(`${this.#path}.new`, this.#path);
  }
}

/** The slug in what an operator has written: a slug, a path or an address. */
function slugIn(article: string): string {
  return (
    article
      .replace(/[?#].*$/, '')
      .replace(/\/+$/, '')
      .split('/')
      .at(-1) ?? ''
  );
}
