import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult, OperationTypeNode } from 'graphql';
import { EncodedResult } from '../../delivery/index.ts';
import {
  describeOperation,
  isSubscription,
  type OperationContext,
  type OperationPipeline,
  type OperationRecord,
  type OperationSource,
  type Subscription,
} from '../../execution/index.ts';
import { CachedResponse } from '../../response-cache/index.ts';
import type { Share } from '../admission.ts';
import { holdResult } from '../held-result.ts';
import { budgetRefusal, isRefusal, overloadRefusal, type Refusal } from '../refusal.ts';
import { COMPLETE_ID, lastEventIdOf, refuseEventId } from './last-event-id.ts';
import {
  type AcceptedTypes,
  acceptedTypes,
  EVENT_STREAM,
  GRAPHQL_RESPONSE,
  JSON_TYPE,
  MULTIPART,
  type SingleType,
} from './media-types.ts';
import { nextRound } from './next-round.ts';
import type { OpenStreams } from './open-streams.ts';
import { readBody } from './request-body.ts';
import { type RequestParams, readBodyParams, readUrlParams } from './request-params.ts';
import { retryAfter, secondsUntilRetry, sendRefusal, sendResult } from './result-response.ts';
import {
  executeForReuse,
  find,
  type Reuse,
  type ReusedResponse,
  type ReuseOptions,
  recordHit,
  reuseOf,
  sendReused,
  sendUnshared,
} from './reused-response.ts';

export interface AnswerOptions {
  pipeline: OperationPipeline;
  source: OperationSource & { record: OperationRecord };
  streams: OpenStreams;
  share: Share;
  /** Null when responses are not kept. */
  reuse: ReuseOptions | null;
}

/** Bytes of a body for each point: to read its JSON takes as long as a point. A short one costs nothing. */
const BYTES_PER_POINT = 1_000;

const NOTHING_ACCEPTED: Refusal = {
  status: 406,
  message: `The response is ${GRAPHQL_RESPONSE}, ${JSON_TYPE} or ${EVENT_STREAM}; accept one of them.`,
};

/**
 * Answers an operation over GET or POST, straight on node:http. Translating request and response into fetch's objects
 * and back would take a quarter of a millisecond each time.
 */
export async function answerOperation(
  { pipeline, source, streams, share, reuse: reuseOptions }: AnswerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const accepted = acceptedTypes(request.headers.accept);
  const type = accepted.single ?? JSON_TYPE;
  const params = await readParams({ pipeline, source, share }, request, response);
  await nextRound();
  // The body arrived so slowly that the request was refused meanwhile, or the client has left.
  if (response.headersSent || response.destroyed) return;
  if (isRefusal(params)) return sendRefusal(response, type, params);
  if (!accepted.single && !accepted.stream) return sendRefusal(response, type, NOTHING_ACCEPTED);
  const lastEventId = accepted.stream === EVENT_STREAM ? lastEventIdOf(request) : null;
  // After this status an EventSource does not connect again.
  if (lastEventId === COMPLETE_ID) {
    response.writeHead(204).end();
    return;
  }

  const reuse = isSingleResult(accepted) ? reuseOf(reuseOptions, params, source) : null;
  if (reuse) {
    const entry = await find(reuse.cache, reuse.key);
    if (entry) return sendEntry({ pipeline, source, request, response }, { reuse, entry, type, share });
  }
  const asked = { pipeline, source, request, accepted, params, reuse, lastEventId };
  const outcome = await outcomeOf(asked);
  if (isRefusal(outcome)) return sendRefusal(response, type, outcome);
  if (outcome instanceof CachedResponse)
    return sendReused(request, response, { reuse: reuse!, entry: outcome, type, share });
  if (!isSubscription(outcome)) source.record.fail(outcome.errors);
  // A stream of one refusal would have the status 200.
  if (!isSubscription(outcome) && (isSingleResult(accepted) || retryAfter(outcome) !== null))
    return sendUnshared(response, type, { result: outcome, share });
  const { wantsHeartbeats } = params;
  const { record } = source;
  const options = { streams, request, response, type, share, record, lastEventId, wantsHeartbeats };
  await streamOutcome(outcome, accepted, options);
}

interface Asked extends Pick<AnswerOptions, 'pipeline' | 'source'> {
  request: IncomingMessage;
  accepted: AcceptedTypes;
  params: RequestParams;
  reuse: Reuse | null;
  lastEventId: string | null;
}

/** Reads the document of a request and executes its operation. */
async function outcomeOf({
  pipeline,
  source,
  request,
  accepted,
  params,
  reuse,
  lastEventId,
}: Asked): Promise<ExecutionResult | Subscription | CachedResponse | Refusal> {
  const { operationName, variables: variableValues } = params;
  const { identity, requestId, record, signal } = source;
  const { wantsCost, seen } = params;
  const operation = pipeline.operationFor({ identity, requestId, record, signal, wantsCost, seen });
  const { schema } = operation;
  try {
    const { document, errors } = await pipeline.readDocument(params.document, operation, source);
    record.description = describeOperation({ schema, document, operationName });
    if (errors.length > 0) return { errors };
    const { kind } = record.description;
    const refusal =
      refuseKind(kind, request, accepted) ?? (kind === 'subscription' ? refuseEventId(lastEventId) : null);
    if (refusal) return refusal;
    const contextValue = (await operation.contextFactory()) as OperationContext;
    const args = { schema, document, contextValue, variableValues, operationName };
    if (reuse && kind === 'query' && pipeline.isShared(args, identity.viewer))
      return await executeForReuse({ ...reuse, pipeline, operation }, args);
    return await (kind === 'subscription' ? operation.subscribe(args) : operation.execute(args));
  } catch (error) {
    return { errors: [pipeline.maskError(error, requestId)] };
  }
}

/** Sends a response that was kept, at its cost. */
function sendEntry(
  { pipeline, source, request, response }: Pick<AnswerOptions, 'pipeline' | 'source'> & Exchange,
  reused: ReusedResponse,
): void | Promise<void> {
  const { type, share, entry } = reused;
  const { record } = source;
  recordHit(record, entry);
  const error = pipeline.charge(entry.cost, source);
  if (error) record.fail([error]);
  return error
    ? sendResult(response, type, { result: { errors: [error] }, share })
    : sendReused(request, response, reused);
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

async function readParams(
  { pipeline, source, share }: Pick<AnswerOptions, 'pipeline' | 'source' | 'share'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<RequestParams | Refusal> {
  if (request.method !== 'POST') return readUrlParams(request);
  const body = await readBody(request, response, share);
  if (isRefusal(body)) return body;
  const cost = Math.floor(body.length / BYTES_PER_POINT);
  // Before it is parsed: a kilobyte may be decoded to a megabyte.
  const error = cost === 0 ? null : pipeline.charge(cost, source);
  return error ? budgetRefusal(error) : readBodyParams(body);
}

function isSingleResult({ single, stream, prefersSingle }: AcceptedTypes): boolean {
  return single !== null && (prefersSingle || stream === MULTIPART);
}

/** Refuses an operation that its kind does not allow over this request; null for one that may be executed. */
function refuseKind(
  kind: `${OperationTypeNode}` | null,
  { method }: IncomingMessage,
  { stream }: AcceptedTypes,
): Refusal | null {
  if (kind === 'mutation' && method !== 'POST')
    return { status: 405, message: 'A mutation must be sent by POST.', headers: { allow: 'POST' } };
  // Its response would have no body, and no end.
  if (kind === 'subscription' && method === 'HEAD')
    return { status: 405, message: 'A subscription must be sent by GET or POST.', headers: { allow: 'GET, POST' } };
  if (kind === 'subscription' && !stream)
    return {
      status: 406,
      message: `A subscription is answered over WebSocket, as ${EVENT_STREAM} or as ${MULTIPART}.`,
    };
  return null;
}

interface StreamOptions {
  streams: OpenStreams;
  request: IncomingMessage;
  response: ServerResponse;
  type: SingleType;
  share: Share;
  record: OperationRecord;
  lastEventId: string | null;
  wantsHeartbeats: boolean;
}

async function streamOutcome(
  outcome: ExecutionResult | Subscription,
  accepted: AcceptedTypes,
  { streams, request, response, type, share, record, lastEventId, wantsHeartbeats }: StreamOptions,
): Promise<void> {
  record.transport = accepted.stream === MULTIPART ? 'multipart' : 'event-stream';
  const held = isSubscription(outcome) ? null : await holdResult(outcome, share);
  // The client has disconnected; its `close` event was before anything here listened.
  if (response.destroyed) return;
  if (held && isRefusal(held)) return sendRefusal(response, type, held);
  const stream = streams.open(request, response, { type: accepted.stream!, wantsHeartbeats });
  if (!stream) {
    sendRefusal(response, type, { ...overloadRefusal('address'), message: 'Your address has too many open streams.' });
  } else if (isSubscription(outcome)) {
    // From here on the stream is counted instead of the request.
    share.becomeSubscription();
    response.once('close', outcome.start(stream, lastEventId));
  } else {
    record.bytes = held!.length;
    stream.send(new EncodedResult(String(held)));
    stream.end('complete', secondsUntilRetry(outcome));
  }
}
