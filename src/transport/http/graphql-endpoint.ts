import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Identify, onExpiry, type RequestIdentity } from '../../auth/index.ts';
import type { OperationPipeline } from '../../execution/index.ts';
import { answerOperation } from './answer-operation.ts';
import { allowOrigin, answerPreflight } from './cors.ts';
import { type Handler, sendText } from './handler.ts';
import { acceptedTypes, JSON_TYPE } from './media-types.ts';
import type { OpenStreams } from './open-streams.ts';
import { sendIdentityError } from './result-response.ts';

export interface GraphQLEndpointOptions {
  pipeline: OperationPipeline;
  identify: Identify;
  streams: OpenStreams;
  /** Origins whose pages may read responses. */
  origins: readonly string[];
  /** Serves GraphiQL to browsers; null when it is turned off. */
  graphiql: Handler | null;
}

/** The endpoint of GraphQL over HTTP: checks a request, identifies its sender, and answers the operation. */
export function createGraphQLEndpoint({ origins, graphiql, ...options }: GraphQLEndpointOptions): Handler {
  return (request, response, requestId) => {
    allowOrigin(origins, request, response);
    if (request.method === 'OPTIONS') return answerPreflight(response);
    if (graphiql && isPageRequest(request)) return graphiql(request, response, requestId);
    if (request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'POST') {
      response.setHeader('allow', 'GET, POST');
      return sendText(response, 405, 'send a POST, or a GET for a query');
    }
    // A page of any origin may send forms and plain text without a preflight; JSON it may not.
    if (request.method === 'POST' && !/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
      return sendText(response, 415, 'send application/json');
    return answerRequest({ ...options, requestId }, request, response);
  };
}

interface RequestOptions extends Pick<GraphQLEndpointOptions, 'pipeline' | 'identify' | 'streams'> {
  requestId: string;
}

async function answerRequest(
  { pipeline, identify, streams, requestId }: RequestOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let identity: RequestIdentity;
  try {
    identity = await identify(request.headers.authorization, request, requestId);
  } catch (error) {
    const type = acceptedTypes(request.headers.accept).single ?? JSON_TYPE;
    return sendIdentityError(response, type, pipeline.maskError(error, requestId));
  }
  // The client disconnected during authentication.
  if (response.destroyed) return;
  // A stream ends when the token that it was opened with expires.
  const forgetExpiry = onExpiry(identity.expiresAt, () => response.destroy());
  response.once('close', forgetExpiry);
  const source = { identity, requestId, signal: signalOf(response) };
  await answerOperation({ pipeline, source, streams }, request, response);
}

/** Aborted when the client disconnects before the response is written. */
function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** A browser that opens the endpoint's address, also with the query that GraphiQL writes into it. */
function isPageRequest({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers.accept ?? '').includes('text/html');
}
