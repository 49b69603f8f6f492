import { type DocumentNode, Kind, visit } from 'graphql';

/** Arguments that name a place in what was read before. */
const CONTINUE = new Set(['after', 'before']);

interface Continuations {
  /** A document has such an argument with a value. */
  hasValue: boolean;
  /** Variables that are such arguments. */
  variables: ReadonlySet<string>;
}

const known = new WeakMap<DocumentNode, Continuations>();

/** Whether an operation continues a list that its sender has read a part of. */
export function continuesList(document: DocumentNode, values: Readonly<Record<string, unknown>>): boolean {
  let continuations = known.get(document);
  if (!continuations) {
    continuations = collect(document);
    known.set(document, continuations);
  }
  if (continuations.hasValue) return true;
  for (const name of continuations.variables) if (values[name] != null) return true;
  return false;
}

function collect(document: DocumentNode): Continuations {
  let hasValue = false;
  const variables = new Set<string>();
  visit(document, {
    Argument({ name, value }) {
      if (!CONTINUE.has(name.value)) return;
      if (value.kind === Kind.VARIABLE) variables.add(value.name.value);
      else if (value.kind !== Kind.NULL) hasValue = true;
    },
  });
  return { hasValue, variables };
}
