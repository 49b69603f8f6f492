import type { IncomingMessage } from 'node:http';
import { type DocumentRequest, readDocumentRequest } from '../../execution/index.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { remembered } from './remembered.ts';

/** The parameters of a GraphQL request (GraphQL over HTTP, 5.1). Requests of the same text share them. */
export interface RequestParams {
  readonly document: DocumentRequest;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly operationName: string | null;
  /** The response is to have the cost of the operation. */
  readonly wantsCost: boolean;
  /** The cursor of an event that the client has received. */
  readonly seen: string | null;
  /** The heartbeats of an event stream are to be events. */
  readonly wantsHeartbeats: boolean;
}

/** Bodies and queries of URLs: those of popular pages come again and again. With what was read of it, a text takes three times its size. */
const KNOWN = { size: 1_000_000, length: 4_000, keeps: (params: RequestParams | Refusal) => !isRefusal(params) };

const readBodyText = remembered(parseBody, KNOWN);
const readQuery = remembered(parseQuery, KNOWN);

const NO_EXTENSIONS: Record<string, unknown> = {};

/** Reads the parameters from the body of a POST. */
export function readBodyParams(body: Buffer): RequestParams | Refusal {
  return readBodyText(body.toString());
}

/** Reads the parameters from the URL of a GET. */
export function readUrlParams({ url = '' }: IncomingMessage): RequestParams | Refusal {
  const start = url.indexOf('?') + 1;
  return readQuery(start > 0 ? url.slice(start) : '');
}

function parseBody(text: string): RequestParams | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return badRequest('The body is not JSON.');
  }
  return isObject(value)
    ? checkParams(value)
    : badRequest('The body must be a JSON object with the parameters of one operation; batches are not supported.');
}

function parseQuery(text: string): RequestParams | Refusal {
  const searchParams = new URLSearchParams(text);
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
  const { cost, heartbeats, seen } = extensions ?? NO_EXTENSIONS;
  return {
    document,
    variables,
    operationName,
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
