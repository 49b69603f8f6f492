import { type DocumentNode, type ExecutionArgs, getOperationAST } from 'graphql';

export type OperationArguments = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName'>;

/** Computes a value once for each operation of each document. It is kept as long as the document, which is cached. */
export function memoizePerOperation<Value>(
  compute: (args: OperationArguments) => Value,
): (args: OperationArguments) => Value {
  const byDocument = new WeakMap<DocumentNode, Map<string | null, { value: Value }>>();
  return (args) => {
    const { document, operationName } = args;
    let byName = byDocument.get(document);
    if (!byName) {
      byName = new Map();
      byDocument.set(document, byName);
    }
    // Not '', which is a name that no operation has.
    const name = operationName ?? null;
    let entry = byName.get(name);
    if (!entry) {
      entry = { value: compute(args) };
      // Clients may send any number of names that no operation has.
      if (getOperationAST(document, operationName)) byName.set(name, entry);
    }
    return entry.value;
  };
}
