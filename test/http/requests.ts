import { type IncomingMessage, request } from 'node:http';
import { expect } from 'vitest';
import { encodeId } from '../../schema/content/ids.ts';
import type { TestGateway } from '../gateway.ts';

export const JSON_TYPE = 'application/json';
export const GRAPHQL_TYPE = 'application/graphql-response+json';
export const EVENT_STREAM = 'text/event-stream';

export const ARTICLE = encodeId('Article', 1);
export const TITLE = 'query Title($slug: String!) { article(slug: $slug) { title } }';
export const ADD_COMMENT = `mutation ($input: AddCommentInput!) { addComment(input: $input) {
  ... on AddCommentSuccess { comment { id } } ... on Error { message } } }`;
export const COMMENT_ADDED = 'subscription ($id: ID!) { commentAdded(articleId: $id) { id body { text } } }';

/** The variables of ADD_COMMENT. */
export function commentInput(body: string, articleId = ARTICLE) {
  return { input: { articleId, body, guest: { name: 'Ann', email: 'ann@example.com' } } };
}

export async function addComment(gateway: TestGateway, body: string, articleId = ARTICLE): Promise<void> {
  const { errors } = await gateway.ask(ADD_COMMENT, commentInput(body, articleId));
  expect(errors).toBeUndefined();
}

export interface HttpResponse {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** The body as JSON. */
  json: { data?: Record<string, unknown> | null; errors?: { message: string; extensions?: Record<string, unknown> }[] };
}

export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

type Endpoint = Pick<TestGateway, 'url'>;

/** Sends exactly the headers that are given; fetch would add its own. */
export async function send(gateway: Endpoint, path: string, options: RequestOptions = {}): Promise<HttpResponse> {
  const { response } = await open(gateway, path, options);
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return {
    status: response.statusCode!,
    headers: response.headers,
    body,
    get json() {
      return JSON.parse(body.toString()) as HttpResponse['json'];
    },
  };
}

/** @param body JSON unless it is text or bytes */
export function post(gateway: Endpoint, body: unknown, headers: Record<string, string> = {}): Promise<HttpResponse> {
  return send(gateway, '/graphql', {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, ...headers },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
}

export function get(
  gateway: Endpoint,
  params: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<HttpResponse> {
  return send(gateway, `/graphql?${new URLSearchParams(params)}`, { headers: { accept: JSON_TYPE, ...headers } });
}

/** A response that stays open. */
export interface OpenStream {
  status: number;
  type: string;
  /** What has arrived so far. */
  text(): string;
  ended: Promise<void>;
  close(): void;
}

export interface StreamOptions {
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
}

export async function openStream(
  gateway: Endpoint,
  { query, variables = {} }: { query: string; variables?: Record<string, unknown> },
  { method, headers = {} }: StreamOptions,
): Promise<OpenStream> {
  const accept = { accept: EVENT_STREAM, ...headers };
  const { response, abort } =
    method === 'GET'
      ? await open(gateway, `/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`, {
          headers: accept,
        })
      : await open(gateway, '/graphql', {
          method,
          headers: { 'content-type': JSON_TYPE, ...accept },
          body: JSON.stringify({ query, variables }),
        });
  let text = '';
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  return {
    status: response.statusCode!,
    type: response.headers['content-type'] ?? '',
    text: () => text,
    ended: new Promise((resolve) => response.on('close', resolve)),
    close: abort,
  };
}

export function open(
  gateway: Endpoint,
  path: string,
  { method = 'GET', headers = {}, body }: RequestOptions,
): Promise<{ response: IncomingMessage; abort(): void }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway.url);
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) =>
      resolve({ response, abort: () => sent.destroy() }),
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
