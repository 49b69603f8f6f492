import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';

/** Errors as clients get them. `extensions.http` is for the transport, which turns it into a status. */
export function publicErrors(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
  return errors.map((error) => {
    const { extensions, ...rest } = error.toJSON();
    const { http, ...kept } = extensions ?? {};
    return Object.keys(kept).length > 0 ? { ...rest, extensions: kept } : rest;
  });
}

/** A result as clients get it. */
export function resultJson(result: ExecutionResult): string {
  return JSON.stringify(result.errors ? { ...result, errors: publicErrors(result.errors) } : result);
}
