import { randomUUID } from 'node:crypto';
import { type ExecutionResult, type FormattedExecutionResult, GraphQLError } from 'graphql';
import { type ConnectionInitMessage, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import { ANONYMOUS, type Identify, InvalidTokenError, onExpiry } from '../../auth/index.ts';
import { CancelSignal } from '../../database/index.ts';
import {
  describeOperation,
  isSubscription,
  type Operation,
  type OperationPipeline,
  type OperationRecord,
  publicErrors,
  readDocumentRequest,
} from '../../execution/index.ts';
import type { Logger } from '../../logger.ts';
import { isRefusal, refusalError } from '../refusal.ts';
import { readTraceParent } from '../trace-parent.ts';
import type { SocketConnection } from './connection.ts';
import { readAuthorization, readTraceContext } from './connection-params.ts';

/** Operations that may run on one WebSocket at a time: a page has a handful. */
const MAX_OPERATIONS = 100;

export interface ProtocolOptions {
  pipeline: OperationPipeline;
  identify: Identify;
  log: Logger;
}

/** graphql-transport-ws over the pipeline that all transports share. */
export type Protocol = Server<SocketConnection>;

type ConnectionParams = ConnectionInitMessage['payload'];
type ExecutionArguments = Parameters<Operation['execute']>[0];

/** The arguments that `onSubscribe` passes to `execute` and `subscribe`. */
interface SocketArguments extends ExecutionArguments {
  operation: Operation;
  connection: SocketConnection;
  id: string;
  requestId: string;
  use: IdUse;
  /** Bytes of its message. */
  size: number;
  abort(): void;
  record: OperationRecord;
}

/** Milliseconds in which the first message must come: enough for slow networks, and while this process is busy. */
const CONNECTION_INIT_WITHIN = 5_000;

/** The use of an id by one operation. */
interface IdUse {
  /** Whether the client has not completed the operation. */
  isWanted(): boolean;
  /** Whether the client has completed the operation, and uses its id for another. */
  isReplaced(): boolean;
}

export function createProtocol({ pipeline, ...options }: ProtocolOptions): Protocol {
  return makeServer<ConnectionParams, SocketConnection>({
    connectionInitWaitTimeout: CONNECTION_INIT_WITHIN,
    onConnect: ({ connectionParams, extra }) => authenticate(extra, connectionParams, options),
    onSubscribe({ extra: connection, subscriptions }, id, payload) {
      const { traceParent } = connection;
      const record = pipeline.record({ requestId: randomUUID(), transport: 'websocket', traceParent });
      record.viewer = connection.identity?.viewer ?? null;
      const use = useId(subscriptions, id);
      // The new operation is one of them already.
      const prepared =
        Object.keys(subscriptions).length > MAX_OPERATIONS
          ? [tooManyOperations()]
          : prepare(pipeline, payload, { connection, id, record, use, size: connection.messageSize });
      return endWhenRefused(record, prepared, use);
    },
    execute(args) {
      const { operation, connection, id, requestId, record, use, abort } = args as SocketArguments;
      return connection.execute(id, {
        async run() {
          try {
            return await operation.execute(args);
          } catch (error) {
            return { errors: [pipeline.maskError(error, requestId)] };
          }
        },
        isWanted: use.isWanted,
        abort,
        record,
      });
    },
    async subscribe(args) {
      const { operation, connection, id, requestId, record, use, size } = args as SocketArguments;
      try {
        const outcome = await operation.subscribe(args);
        if (use.isReplaced()) return await dropped(record);
        if (!isSubscription(outcome)) return refused(record, outcome);
        const delivering = connection.deliver(id, outcome, size);
        // It ends the record when it has begun.
        return isRefusal(delivering) ? refused(record, { errors: [refusalError(delivering)] }) : delivering;
      } catch (error) {
        return refused(record, { errors: [pipeline.maskError(error, requestId)] });
      }
    },
    onNext: (_context, _id, _payload, _args, { errors, ...result }) => {
      if (errors) return { ...result, errors: publicErrors(errors) } as FormattedExecutionResult;
    },
    onError: (_context, _id, _payload, errors) => publicErrors(errors),
  });
}

function tooManyOperations(): GraphQLError {
  return new GraphQLError(`At most ${MAX_OPERATIONS} operations run on one WebSocket at a time.`, {
    extensions: { code: 'TOO_MANY_OPERATIONS' },
  });
}

/**
 * graphql-ws knows operations by their ids alone. So each is marked, by a value that is not iterated.
 * @param subscriptions of graphql-ws, where the id is one of an operation that begins
 */
function useId(subscriptions: Record<string, AsyncIterable<unknown> | null>, id: string): IdUse {
  const mark: AsyncIterable<never> = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
  subscriptions[id] = mark;
  return {
    isWanted: () => subscriptions[id] === mark,
    isReplaced: () => id in subscriptions && subscriptions[id] !== mark,
  };
}

/** Never resolves: graphql-ws would send the outcome to the operation that uses the id now, and forget that one. */
function dropped(record: OperationRecord): Promise<never> {
  record.isAborted = true;
  record.end();
  return new Promise(() => {});
}

/** Ends the record of an operation that is refused before it is executed. */
async function endWhenRefused(
  record: OperationRecord,
  prepared: Awaited<ReturnType<typeof prepare>> | ReturnType<typeof prepare>,
  use: IdUse,
): ReturnType<typeof prepare> {
  const outcome = await prepared;
  if (use.isReplaced()) return dropped(record);
  if (Array.isArray(outcome)) refused(record, { errors: outcome });
  return outcome;
}

/** @returns the result, after its operation was recorded */
function refused(record: OperationRecord, result: ExecutionResult): ExecutionResult {
  record.fail(result.errors);
  record.end();
  return result;
}

/** @returns whether the connection is accepted; graphql-ws closes it with 4403 otherwise */
async function authenticate(
  connection: SocketConnection,
  params: ConnectionParams,
  { identify, log }: Pick<ProtocolOptions, 'identify' | 'log'>,
): Promise<boolean> {
  const request = connection.request!;
  connection.request = null;
  const authorization = readAuthorization(params) ?? request.headers.authorization;
  connection.traceParent = readTraceParent(readTraceContext(params) ?? request.headers.traceparent);
  try {
    connection.identity = await identify(authorization, request, connection.requestId);
  } catch (error) {
    if (error instanceof InvalidTokenError) return false;
    log.error('Could not authenticate a WebSocket connection; the client will try again', {
      requestId: connection.requestId,
      err: error,
    });
    connection.close('unavailable', 'Try again later');
    return false;
  }
  // The client disconnected during authentication, and nothing would end the wait for the expiry.
  if (!connection.outgoing.isOpen) return false;
  connection.forgetExpiry = onExpiry(connection.identity.expiresAt, () =>
    connection.close('forbidden', 'Token expired'),
  );
  return true;
}

/** @returns what to execute, or errors on the operation's own id: the WebSocket and its other operations go on */
async function prepare(
  pipeline: OperationPipeline,
  payload: SubscribePayload,
  { connection, id, record, use, size }: Pick<SocketArguments, 'connection' | 'id' | 'record' | 'use' | 'size'>,
): Promise<SocketArguments | readonly GraphQLError[]> {
  const { operationName = null, variables = null, extensions } = payload;
  const request = readDocumentRequest({ ...payload });
  if (typeof request === 'string') return [refusalError({ status: 400, message: request })];
  const { requestId } = record;
  const signal = new CancelSignal();
  const source = {
    identity: connection.identity ?? ANONYMOUS,
    requestId,
    record,
    signal,
    wantsCost: extensions?.cost === true,
    seen: typeof extensions?.seen === 'string' ? extensions.seen : null,
  };
  const operation = pipeline.operationFor(source);
  const { schema } = operation;
  try {
    const { document, errors } = await pipeline.readDocument(request, operation, source);
    record.description = describeOperation({ schema, document, operationName });
    if (errors.length > 0) return errors;
    const args: ExecutionArguments = {
      schema,
      document,
      operationName,
      variableValues: variables,
      contextValue: await operation.contextFactory(),
      rootValue: undefined,
    };
    // Execution says which operation the document lacks; graphql-ws would say it in other words than the other transports.
    if (!record.description.kind) return (await operation.execute(args)).errors ?? [];
    return {
      ...args,
      operation,
      connection,
      id,
      requestId,
      record,
      abort: () => signal.cancel(),
      use,
      size,
    };
  } catch (error) {
    return [pipeline.maskError(error, requestId)];
  }
}
