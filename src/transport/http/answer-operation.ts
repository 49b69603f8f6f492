import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, getOperationAST, type OperationTypeNode } from 'graphql';
import { EncodedResult } from '../../delivery/index.ts';
import {
  isSubscription,
  type OperationPipeline,
  type OperationSource,
  resultJson,
  type Subscription,
} from '../../execution/index.ts';
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
import { isRefusal, type Refusal } from './refusal.ts';
import { readBodyParams, readUrlParams } from './request-params.ts';
import { retryAfter, sendRefusal, sendResult } from './result-response.ts';

export interface AnswerOptions {
  pipeline: OperationPipeline;
  source: OperationSource;
  streams: OpenStreams;
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
  { pipeline, source, streams }: AnswerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const accepted = acceptedTypes(request.headers.accept);
  const type = accepted.single ?? JSON_TYPE;
  const params = request.method === 'POST' ? await readBodyParams(request) : readUrlParams(request);
  if (isRefusal(params)) return sendRefusal(response, type, params);
  if (!accepted.single && !accepted.stream) return sendRefusal(response, type, NOTHING_ACCEPTED);

  const operation = pipeline.operationFor({ ...source, wantsCost: params.wantsCost });
  const { schema } = operation;
  let outcome: ExecutionResult | Subscription;
  try {
    const document = operation.parse(params.query);
    const errors = operation.validate(schema, document);
    if (errors.length > 0) {
      outcome = { errors };
    } else {
      const kind = getOperationAST(document, params.operationName)?.operation;
      const refusal = refuseKind(kind, request, accepted);
      if (refusal) return sendRefusal(response, type, refusal);
      const args = {
        schema,
        document,
        contextValue: await operation.contextFactory(),
        variableValues: params.variables,
        operationName: params.operationName,
      };
      outcome = kind === 'subscription' ? await operation.subscribe(args) : await operation.execute(args);
    }
  } catch (error) {
    outcome = { errors: [pipeline.maskError(error, source.requestId)] };
  }
  // A stream of one refusal would have the status 200.
  if (!isSubscription(outcome) && (isSingleResult(accepted) || retryAfter(outcome) !== null))
    return sendResult(response, type, outcome);
  streamOutcome(outcome, accepted, { streams, request, response, type });
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

function streamOutcome(
  outcome: ExecutionResult | Subscription,
  accepted: AcceptedTypes,
  {
    streams,
    request,
    response,
    type,
  }: {
    streams: OpenStreams;
    request: IncomingMessage;
    response: ServerResponse;
    type: SingleType;
  },
): void {
  // The client has disconnected; its `close` event was before anything here listened.
  if (response.destroyed) return;
  const stream = streams.open(request, response, accepted.stream!);
  if (!stream) {
    sendRefusal(response, type, { status: 429, message: 'Your address has too many open streams.' });
  } else if (isSubscription(outcome)) {
    response.once('close', outcome.start(stream));
  } else {
    stream.send(new EncodedResult(resultJson(outcome)));
    stream.end('complete');
  }
}
