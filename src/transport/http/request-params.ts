import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';

/** Largest body of a request, in bytes: an article of the longest kind, with what writing it as JSON adds. */
export const MAX_BODY = 1_000_000;

/** What an operation is asked with (GraphQL over HTTP, 5.1). */
export interface Params {
  query: string;
  variables: Record<string, unknown> | undefined;
  operationName: string | undefined;
  extensions: Record<string, unknown> | undefined;
}

/** The body has more than MAX_BODY bytes; the rest of it is not read. */
export const TOO_LARGE = Symbol('too large');

/** Reads what a POST asks with. An error says what is wrong with it. */
export async function postParams(request: IncomingMessage): Promise<Params | GraphQLError | typeof TOO_LARGE> {
  const body = await readBody(request);
  if (body === null) return TOO_LARGE;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return new GraphQLError('The body is not JSON.');
  }
  return isObject(value)
    ? checked(value)
    : new GraphQLError('The body must be a JSON object with a `query`; batches are not taken.');
}

/** Reads what a GET asks with: the same, in the address. */
export function getParams({ url }: IncomingMessage): Params | GraphQLError {
  const { searchParams } = new URL(url!, 'http://localhost');
  const values: Record<string, unknown> = {};
  for (const name of ['query', 'operationName']) values[name] = searchParams.get(name) ?? undefined;
  for (const name of ['variables', 'extensions']) {
    const text = searchParams.get(name);
    try {
      values[name] = text === null || text === '' ? undefined : JSON.parse(text);
    } catch {
      return new GraphQLError(`\`${name}\` must be a JSON object.`);
    }
  }
  return checked(values);
}

/** The body as text, or null when it is larger than allowed. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A string `query`, and maps or nothing for the rest. */
function checked({ query, variables, operationName, extensions }: Record<string, unknown>): Params | GraphQLError {
  if (typeof query !== 'string') return new GraphQLError('`query` must be a string that holds a GraphQL document.');
  if (variables != null && !isObject(variables)) return new GraphQLError('`variables` must be a JSON object.');
  if (operationName != null && typeof operationName !== 'string')
    return new GraphQLError('`operationName` must be a string.');
  if (extensions != null && !isObject(extensions)) return new GraphQLError('`extensions` must be a JSON object.');
  return {
    query,
    variables: variables ?? undefined,
    operationName: operationName ?? undefined,
    extensions: extensions ?? undefined,
  };
}
