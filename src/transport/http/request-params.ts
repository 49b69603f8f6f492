import type { IncomingMessage } from 'node:http';
import { type DocumentRequest, readDocumentRequest } from '../../execution/index.ts';
import type { Refusal } from '../refusal.ts';

/** The parameters of a GraphQL request (GraphQL over HTTP, 5.1). */
export interface RequestParams {
  document: DocumentRequest;
  variables: Record<string, unknown> | null;
  operationName: string | null;
  /** The response is to have the cost of the operation. */
  wantsCost: boolean;
  /** The cursor of an event that the client has received. */
  seen: string | null;
  /** The heartbeats of an event stream are to be events. */
  wantsHeartbeats: boolean;
}

/** Reads the parameters from the body of a POST. */
export function readBodyParams(body: Buffer): RequestParams | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    return badRequest('The body is not JSON.');
  }
  return isObject(value)
    ? checkParams(value)
    : badRequest('The body must be a JSON object with the parameters of one operation; batches are not supported.');
}

/** Reads the parameters from the URL of a GET. */
export function readUrlParams({ url }: IncomingMessage): RequestParams | Refusal {
  const { searchParams } = new URL(url!, 'http://localhost');
  const values: Record<string, unknown> = {};
  for (const name of ['query', 'operationName', 'documentId', 'doc_id', 'id']) values[name] = searchParams.get(name);
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

function checkParams(params: Record<string, unknown>): RequestParams | Refusal {
  const { variables = null, operationName = null, extensions = null } = params;
  if (variables !== null && !isObject(variables)) return badRequest('`variables` must be a JSON object.');
  if (operationName !== null && typeof operationName !== 'string')
    return badRequest('`operationName` must be a string.');
  if (extensions !== null && !isObject(extensions)) return badRequest('`extensions` must be a JSON object.');
  const document = readDocumentRequest(params);
  if (typeof document === 'string') return badRequest(document);
  const { cost, heartbeats, seen } = extensions ?? {};
  return {
    ...{ document, variables, operationName },
    wantsCost: cost === true,
    seen: typeof seen === 'string' ? seen : null,
    wantsHeartbeats: heartbeats === true,
  };
}

function badRequest(message: string): Refusal {
  return { status: 400, message };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
