import type { IncomingMessage } from 'node:http';
import type { Refusal } from './refusal.ts';

/** Largest body of a request in bytes: the longest article, with what encoding it as JSON adds. */
const MAX_BODY = 1_000_000;

/** The parameters of a GraphQL request (GraphQL over HTTP, 5.1). */
export interface RequestParams {
  query: string;
  variables: Record<string, unknown> | null;
  operationName: string | null;
  /** The response is to have the cost of the operation. */
  wantsCost: boolean;
}

/** Reads the parameters from the body of a POST. */
export async function readBodyParams(request: IncomingMessage): Promise<RequestParams | Refusal> {
  const body = await readBody(request);
  if (body === null)
    // The rest of the body is not read.
    return { status: 413, message: `The body has more than ${MAX_BODY} bytes.`, headers: { connection: 'close' } };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return badRequest('The body is not JSON.');
  }
  return isObject(value)
    ? checkParams(value)
    : badRequest('The body must be a JSON object with a `query`; batches are not supported.');
}

/** Reads the parameters from the URL of a GET. */
export function readUrlParams({ url }: IncomingMessage): RequestParams | Refusal {
  const { searchParams } = new URL(url!, 'http://localhost');
  const values: Record<string, unknown> = {};
  for (const name of ['query', 'operationName']) values[name] = searchParams.get(name);
  for (const name of ['variables', 'extensions']) {
    const text = searchParams.get(name);
    try {
      values[name] = text ? JSON.parse(text) : null;
    } catch {
      return badRequest(`\`${name}\` must be a JSON object.`);
    }
  }
  return checkParams(values);
}

/** The body as text; null when it is larger than MAX_BODY. */
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

function checkParams({
  query,
  variables = null,
  operationName = null,
  extensions = null,
}: Record<string, unknown>): RequestParams | Refusal {
  if (typeof query !== 'string') return badRequest('`query` must be a string with a GraphQL document.');
  if (variables !== null && !isObject(variables)) return badRequest('`variables` must be a JSON object.');
  if (operationName !== null && typeof operationName !== 'string')
    return badRequest('`operationName` must be a string.');
  if (extensions !== null && !isObject(extensions)) return badRequest('`extensions` must be a JSON object.');
  return { query, variables, operationName, wantsCost: extensions?.cost === true };
}

function badRequest(message: string): Refusal {
  return { status: 400, message };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
