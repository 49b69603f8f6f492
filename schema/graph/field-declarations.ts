import type { GraphQLField } from 'graphql';

/** Properties of a field that are known before it is resolved. Stated at the field as its Pothos `extensions`. */
export interface FieldDeclaration {
  /**
   * Viewers who can reach this field may get different answers.
   * `STAFF`: writers, moderators and admins may; readers, signed in or not, all get the same.
   * `EVERYONE`: each viewer may get an answer of their own, which no other viewer may be sent.
   * Mutations have no declaration: a mutation acts as its viewer, and its result is never shared.
   */
  dependsOnViewer?: ViewerDependence;
  /** The whole query, payload of a mutation or event must be read from one database snapshot, because it names a position in the log. */
  needsSnapshot?: true;
  /** An argument names what was written at any time before, such as a place in a log or a receipt, which a replica may not have yet. */
  needsPrimary?: true;
  /** Points of the field by itself, where other fields of its kind cost less or more. */
  cost?: number;
  /**
   * Entries of a list whose size no argument sets: the most that it can have or, where nothing limits it, as many as it
   * counts as. For a single object, the number of objects that it counts as.
   */
  entries?: number;
  /** Points of each entry by itself, where that is less than a row. */
  entryCost?: number;
}

export type ViewerDependence = 'STAFF' | 'EVERYONE';

/** Makes the `extensions` of a field. A misspelled declaration does not compile. */
export function declare(declaration: FieldDeclaration): Readonly<Record<string, unknown>> {
  return { ...declaration };
}

export function declarationOf({ extensions }: GraphQLField<unknown, unknown>): FieldDeclaration {
  return extensions as FieldDeclaration;
}
