import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, GraphQLError, getOperationAST, type OperationTypeNode } from 'graphql';
import { EncodedResult } from '../../delivery/index.ts';
import { type ErrorMask, resultJson } from '../../execution/errors.ts';
import type { OperationPipeline, OperationSource } from '../../execution/operations.ts';
import type { Subscription } from '../../execution/subscriptions.ts';
import type { ConnectionLimiter } from '../connections.ts';
import { accepted, EVENT_STREAM, GRAPHQL_RESPONSE, JSON_TYPE, MULTIPART, type SingleType } from './media-types.ts';
import { getParams, MAX_BODY, postParams, TOO_LARGE } from './request-params.ts';
import { ResultStream } from './result-stream.ts';

export interface AnswerOptions {
  operations: OperationPipeline;
  mask: ErrorMask;
  source: OperationSource;
  /** Counts the streams that stay open. */
  connections: ConnectionLimiter;
  /** The streams that are open. */
  streams: Set<ResultStream>;
}

/** What came of an operation: one result, or a subscription to be started. */
type Outcome = ExecutionResult | Subscription;

/**
 * Answers an operation over GET or POST, straight on node:http. It runs the same hooks as sockets do; what it leaves out
 * is the translation of request and response into fetch's objects and back, a quarter of a millisecond each time.
 */
export async function answerOperation(
  { operations, mask, source, connections, streams }: AnswerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const takes = accepted(request.headers.accept);
  const type = takes.single ?? JSON_TYPE;
  const params = request.method === 'POST' ? await postParams(request) : getParams(request);
  if (params === TOO_LARGE)
    return send(response, 413, type, failure(`The body has more than ${MAX_BODY} bytes.`), { connection: 'close' });
  if (params instanceof GraphQLError) return send(response, 400, type, { errors: [params] });
  if (!takes.single && !takes.stream)
    return send(response, 406, type, failure(`Answers are ${GRAPHQL_RESPONSE}, ${JSON_TYPE} or ${EVENT_STREAM}.`));

  const { parse, validate, contextFactory, execute, subscribe, schema } = operations(source);
  let kind: `${OperationTypeNode}` | undefined;
  let outcome: Outcome;
  try {
    const document = parse(params.query);
    const errors = validate(schema, document);
    kind = errors.length > 0 ? undefined : getOperationAST(document, params.operationName)?.operation;
    if (kind === 'mutation' && request.method !== 'POST')
      return send(response, 405, type, failure('Mutations are taken over POST.'), { allow: 'POST' });
    if (kind === 'subscription' && !takes.stream)
      return send(
        response,
        406,
        type,
        failure(`Subscriptions are served over WebSocket, as ${EVENT_STREAM} or as ${MULTIPART}.`),
      );
    const args = {
      schema,
      document,
      contextValue: errors.length > 0 ? undefined : await contextFactory(),
      variableValues: params.variables ?? null,
      operationName: params.operationName ?? null,
    };
    if (errors.length > 0) outcome = { errors };
    else outcome = kind === 'subscription' ? await subscribe(args) : await execute(args);
  } catch (error) {
    outcome = { errors: [mask(error, source.requestId) as GraphQLError] };
  }

  if (!('start' in outcome) && takes.single && (takes.prefersSingle || takes.stream === MULTIPART))
    return send(response, statusOf(outcome, type), type, outcome);
  // Whoever asked went meanwhile, and was told to have gone before anything here listened.
  if (response.destroyed) return;
  const leave = connections.take(request);
  if (!leave) return send(response, 429, type, failure('Too many streams are open from your address.'));
  const stream = new ResultStream(response, takes.stream!);
  streams.add(stream);
  response.once('close', () => {
    streams.delete(stream);
    leave();
  });
  if ('start' in outcome) {
    response.once('close', outcome.start(stream));
  } else {
    stream.send(new EncodedResult(resultJson(outcome)));
    stream.end('complete');
  }
}

/**
 * Refuses a request whose sender could not be told. The status says so under either type: nothing of the request was
 * looked at, so there is no well-formed one that failed (GraphQL over HTTP, 6.4).
 */
export function refuseRequest(error: Error, request: IncomingMessage, response: ServerResponse): void {
  const { message, extensions } = error as GraphQLError;
  const { http, ...rest } = (extensions ?? {}) as { http?: { status?: number } };
  const status = http?.status ?? 500;
  const type = accepted(request.headers.accept).single ?? JSON_TYPE;
  // RFC 9110, 15.5.2: how to be let in.
  const headers = status === 401 ? { 'www-authenticate': 'Bearer error="invalid_token"' } : {};
  send(response, status, type, { errors: [new GraphQLError(message, { extensions: rest })] }, headers);
}

/** GraphQL over HTTP, 6.4: with application/json a well-formed request that fails is still a 200. */
function statusOf({ data, errors }: ExecutionResult, type: SingleType): number {
  for (const { extensions } of errors ?? []) {
    const status = (extensions?.http as { status?: number } | undefined)?.status;
    if (status && (type === GRAPHQL_RESPONSE || status >= 500)) return status;
  }
  return data === undefined && type === GRAPHQL_RESPONSE ? 400 : 200;
}

function failure(message: string): ExecutionResult {
  return { errors: [new GraphQLError(message)] };
}

function send(
  response: ServerResponse,
  status: number,
  type: SingleType,
  result: ExecutionResult,
  headers: Record<string, string> = {},
): void {
  const body = resultJson(result);
  response.writeHead(status, {
    ...headers,
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
  });
  // HEAD is a GET without a body.
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
