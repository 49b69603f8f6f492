import type pg from 'pg';

export type OperationName = 'article' | 'front' | 'thread' | 'threadParents' | 'author' | 'addComment' | 'typename';

/** One operation that is measured, with what it is asked for in turn. */
export interface Operation {
  /** Also the document's operation name. */
  name: OperationName;
  /** As people call it. */
  title: string;
  document: string;
  /** The variables of each request, in turn; read from the seeded database. */
  variables(client: pg.Client): Promise<Variables[]>;
  /** It changes the database, and each answer has other ids. */
  writes?: true;
}

export type Variables = Record<string, unknown>;

/** The POST bodies of an operation, as a GraphQL client sends them. */
export async function bodiesOf(operation: Operation, client: pg.Client): Promise<string[]> {
  const { name, document } = operation;
  return (await operation.variables(client)).map((variables) => bodyOf({ name, document, variables }));
}

export function bodyOf({
  name,
  document,
  variables,
}: {
  name: string;
  document: string;
  variables: Variables;
}): string {
  return JSON.stringify({ query: document, operationName: name, variables });
}
