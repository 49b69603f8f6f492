import type { Queryable, Statement } from './context.ts';

/** The first row of a statement that always gives one, such as an INSERT with RETURNING. @throws Error when there is none */
export async function queryRow<Row extends readonly unknown[]>(tx: Queryable, statement: Statement): Promise<Row> {
  const [row] = await tx.query<Row>(statement);
  if (!row) throw new Error(`The statement ${statement.name ?? statement.text} returned no row.`);
  return row;
}
