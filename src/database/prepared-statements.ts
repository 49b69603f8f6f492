import type pg from 'pg';

/** Makes a value of a column's text. */
export type ReadColumn = (text: string) => unknown;

/** A named statement that a connection has prepared. */
export interface PreparedStatement {
  text: string;
  /** Reads its columns; null until the server has described them, which it is asked for once. */
  columns: readonly ReadColumn[] | null;
}

/** The named statements of a connection. */
export class PreparedStatements {
  readonly #byName = new Map<string, PreparedStatement>();
  #length = 0;

  /** The length of all texts in UTF-16 code units. */
  get length(): number {
    return this.#length;
  }

  get(name: string): PreparedStatement | undefined {
    return this.#byName.get(name);
  }

  add(name: string, text: string): PreparedStatement {
    const statement = { text, columns: null };
    this.#byName.set(name, statement);
    this.#length += text.length;
    return statement;
  }

  delete(name: string): void {
    this.#length -= this.#byName.get(name)?.text.length ?? 0;
    this.#byName.delete(name);
  }
}

const ofClients = new WeakMap<pg.ClientBase, PreparedStatements>();

export function preparedStatementsOf(client: pg.ClientBase): PreparedStatements {
  let statements = ofClients.get(client);
  if (!statements) {
    statements = new PreparedStatements();
    ofClients.set(client, statements);
  }
  return statements;
}
