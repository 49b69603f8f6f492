import type pg from 'pg';

export type OperationName = 'article' | 'front' | 'thread' | 'author';

/** One query that is measured, with what it is asked for in turn. */
export interface Operation {
  /** Also the document's operation name. */
  name: OperationName;
  document: string;
  /** The variables of each request, in turn; read from the seeded database. */
  variables(client: pg.Client): Promise<Record<string, unknown>[]>;
}

/** The POST bodies of an operation, as a GraphQL client sends them. */
export async function bodiesOf(operation: Operation, client: pg.Client): Promise<string[]> {
  const { name, document } = operation;
  const bodies: string[] = [];
  for (const variables of await operation.variables(client))
    bodies.push(JSON.stringify({ query: document, operationName: name, variables }));
  return bodies;
}
