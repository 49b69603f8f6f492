import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, getOperationAST, type OperationTypeNode } from 'graphql';
import { EncodedResult } from '../../delivery/index.ts';
import {
  isSubscription,
  type OperationContext,
  type OperationPipeline,
  type OperationSource,
  type Subscription,
} from '../../execution/index.ts';
import { CachedResponse } from '../../response-cache/index.ts';
import type { Share } from '../admission.ts';
import { holdResult } from '../held-result.ts';
import { isRefusal, overloadRefusal, type Refusal } from '../refusal.ts';
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
import type { OpenStreams } from './open-streams.ts';
import { readBody } from './request-body.ts';
import { type RequestParams, readBodyParams, readUrlParams } from './request-params.ts';
import { retryAfter, secondsUntilRetry, sendRefusal, sendResult } from './result-response.ts';
import {
  executeForReuse,
  find,
  type ReusedResponse,
  type ReuseOptions,
  reuseOf,
  sendReused,
  sendUnshared,
} from './reused-response.ts';

export interface AnswerOptions {
  pipeline: OperationPipeline;
  source: OperationSource;
  streams: OpenStreams;
  share: Share;
  /** Null when responses are not kept. */
  reuse: ReuseOptions | null;
}

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
  const params = await readParams(request, response, share);
  // The body arrived so slowly that the request was refused meanwhile.
  if (response.headersSent) return;
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
  const operation = pipeline.operationFor({ ...source, wantsCost: params.wantsCost });
  const { schema } = operation;
  let outcome: ExecutionResult | Subscription;
  try {
    const { document, errors } = await pipeline.readDocument(params.document, operation, source);
    if (errors.length > 0) {
      outcome = { errors };
    } else {
      const kind = getOperationAST(document, params.operationName)?.operation;
      const refusal =
        refuseKind(kind, request, accepted) ?? (kind === 'subscription' ? refuseEventId(lastEventId) : null);
      if (refusal) return sendRefusal(response, type, refusal);
      const args = {
        schema,
        document,
        contextValue: (await operation.contextFactory()) as OperationContext,
        variableValues: params.variables,
        operationName: params.operationName,
      };
      if (reuse && kind === 'query' && pipeline.isShared(args, source.identity.viewer)) {
        const executed = await executeForReuse({ ...reuse, pipeline, operation }, args);
        if (executed instanceof CachedResponse)
          return sendReused(request, response, { reuse, entry: executed, type, share });
        outcome = executed;
      } else outcome = await (kind === 'subscription' ? operation.subscribe(args) : operation.execute(args));
    }
  } catch (error) {
    outcome = { errors: [pipeline.maskError(error, source.requestId)] };
  }
  // A stream of one refusal would have the status 200.
  if (!isSubscription(outcome) && (isSingleResult(accepted) || retryAfter(outcome) !== null))
    return sendUnshared(response, type, { result: outcome, share });
  const { wantsHeartbeats } = params;
  await streamOutcome(outcome, accepted, { streams, request, response, type, share, lastEventId, wantsHeartbeats });
}

/** Sends a response that was kept, at its cost. */
function sendEntry(
  { pipeline, source, request, response }: Pick<AnswerOptions, 'pipeline' | 'source'> & Exchange,
  reused: ReusedResponse,
): void | Promise<void> {
  const error = pipeline.charge(reused.entry.cost, source);
  const { type, share } = reused;
  return error
    ? sendResult(response, type, { result: { errors: [error] }, share })
    : sendReused(request, response, reused);
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

async function readParams(
  request: IncomingMessage,
  response: ServerResponse,
  share: Share,
): Promise<RequestParams | Refusal> {
  if (request.method !== 'POST') return readUrlParams(request);
  const body = await readBody(request, response, share);
  return isRefusal(body) ? body : readBodyParams(body);
}

function isSingleResult({ single, stream, prefersSingle }: AcceptedTypes): boolean {
  return single !== null && (prefersSingle || stream === MULTIPART);
}

/** Refuses an operation that its kind does not allow over this request; null for one that may be executed. */
function refuseKind(
  kind: `${OperationTypeNode}` | undefined,
  { method }: IncomingMessage,
  { stream }: AcceptedTypes,
): Refusal | null {
  if (kind === 'mutation' && method !== 'POST')
    return { status: 405, message: 'A mutation must be sent by POST.', headers: { allow: 'POST' } };
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
  lastEventId: string | null;
  wantsHeartbeats: boolean;
}

async function streamOutcome(
  outcome: ExecutionResult | Subscription,
  accepted: AcceptedTypes,
  { streams, request, response, type, share, lastEventId, wantsHeartbeats }: StreamOptions,
): Promise<void> {
  const held = isSubscription(outcome) ? null : await holdResult(outcome, share);
  // The client has disconnected; its `close` event was before anything here listened.
  if (response.destroyed) return;
  if (held && isRefusal(held)) return sendRefusal(response, type, held);
  const stream = streams.open(request, response, { type: accepted.stream!, wantsHeartbeats });
  if (!stream) {
    sendRefusal(response, type, { ...overloadRefusal('address'), message: 'Your address has too many open streams.' });
  } else if (isSubscription(outcome)) {
    // From here on the stream is counted instead of the request.
    share.release();
    response.once('close', outcome.start(stream, lastEventId));
  } else {
    stream.send(new EncodedResult(String(held)));
    stream.end('complete', secondsUntilRetry(outcome));
  }
}
