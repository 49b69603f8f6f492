import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Identify, onExpiry, type RequestIdentity } from '../../auth/index.ts';
import { CancelSignal } from '../../database/index.ts';
import type { OperationPipeline, OperationRecord } from '../../execution/index.ts';
import type { Admission } from '../admission.ts';
import { codeOf, overloadRefusal, type Refusal } from '../refusal.ts';
import { readTraceParent } from '../trace-parent.ts';
import { answerOperation } from './answer-operation.ts';
import { allowOrigin, answerPreflight } from './cors.ts';
import type { Handler } from './handler.ts';
import { acceptedTypes, JSON_TYPE, type SingleType } from './media-types.ts';
import type { OpenStreams } from './open-streams.ts';
import { refuseBody } from './request-body.ts';
import { sendIdentityError, sendRefusal } from './result-response.ts';
import type { ReuseOptions } from './reused-response.ts';

export interface GraphQLEndpointOptions {
  pipeline: OperationPipeline;
  identify: Identify;
  streams: OpenStreams;
  admission: Admission;
  /** Null when responses are not kept. */
  reuse: ReuseOptions | null;
  /** Origins whose pages may read responses. */
  origins: readonly string[];
  /** Serves GraphiQL to browsers; null when it is turned off. */
  graphiql: Handler | null;
}

/** The endpoint of GraphQL over HTTP: checks a request, identifies its sender, and answers the operation. */
export function createGraphQLEndpoint({ origins, graphiql, ...options }: GraphQLEndpointOptions): Handler {
  return (request, response, requestId) => {
    allowOrigin(origins, request, response);
    if (request.method === 'OPTIONS') return answerPreflight(origins, request, response);
    if (graphiql && isPageRequest(request)) return graphiql(request, response, requestId);
    const traceParent = readTraceParent(request.headers.traceparent);
    const record = options.pipeline.record({ requestId, transport: 'http', traceParent });
    response.on('close', () => endRecord(record, response));
    const refusal = refuseMethod(request) ?? (request.method === 'POST' ? refuseBody(request) : null);
    if (refusal) return sendRefusal(response, responseType(request), refusal);
    return answerRequest(options, { request, response, record });
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  record: OperationRecord;
}

async function answerRequest(
  {
    pipeline,
    identify,
    streams,
    admission,
    reuse,
  }: Pick<GraphQLEndpointOptions, 'pipeline' | 'identify' | 'streams' | 'admission' | 'reuse'>,
  { request, response, record }: Exchange,
): Promise<void> {
  const type = responseType(request);
  const { requestId } = record;
  const share = admission.begin(admission.addressOf(request));
  if (typeof share === 'string') return sendRefusal(response, type, overloadRefusal(share));
  const signal = new CancelSignal();
  let forgetExpiry = (): void => {};
  response.on('close', () => {
    share.release();
    forgetExpiry();
    // The client disconnected before the response was written.
    if (!response.writableFinished) signal.cancel();
  });
  let identity: RequestIdentity;
  try {
    identity = await identify(request.headers.authorization, request, requestId);
  } catch (error) {
    const masked = pipeline.maskError(error, requestId);
    record.fail([masked]);
    return sendIdentityError(response, type, masked);
  }
  // The client disconnected during authentication.
  if (response.destroyed) return;
  // A stream ends when the token that it was opened with expires.
  forgetExpiry = onExpiry(identity.expiresAt, () => response.destroy());
  record.viewer = identity.viewer;
  const source = { identity, requestId, record, signal };
  await answerOperation({ pipeline, source, streams, share, reuse }, request, response);
}

/** The response is complete, or its client has left. */
function endRecord(record: OperationRecord, response: ServerResponse): void {
  record.isAborted = !response.writableFinished;
  record.bytes ||= Number(response.getHeader('content-length') ?? 0);
  // A refusal has no result.
  if (record.codes.length === 0 && response.statusCode >= 400) record.codes = [codeOf(response.statusCode)];
  record.end();
}

function refuseMethod({ method }: IncomingMessage): Refusal | null {
  return method === 'GET' || method === 'HEAD' || method === 'POST'
    ? null
    : { status: 405, message: 'Send a POST, or a GET for a query.', headers: { allow: 'GET, POST' } };
}

/** The media type of a single result, also of a refusal. */
function responseType({ headers: { accept } }: IncomingMessage): SingleType {
  return acceptedTypes(accept).single ?? JSON_TYPE;
}

/** A browser that opens the endpoint's address, also with the query that GraphiQL writes into it. */
function isPageRequest({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');
}
