import { randomUUID } from 'node:crypto';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import { type ConnectionInitMessage, makeServer, type Server } from 'graphql-ws';
import { ANONYMOUS, type Identify, InvalidTokenError, onExpiry } from '../../auth/index.ts';
import { publicErrors } from '../../execution/errors.ts';
import type { Operation, OperationPipeline } from '../../execution/operations.ts';
import type { Logger } from '../../logger.ts';
import type { SocketConnection } from './connection.ts';

/** Operations that may run on one socket at a time: a page has a handful. */
const MAX_OPERATIONS = 100;

export interface ProtocolOptions {
  operations: OperationPipeline;
  identify: Identify;
  log: Logger;
}

type Arguments = Parameters<Operation['execute']>[0];

/** An operation as `onSubscribe` hands it on. */
interface SocketArguments extends Arguments {
  operation: Operation;
  connection: SocketConnection;
  id: string;
}

/** graphql-transport-ws, by the same pipeline as the other transports. */
export function createProtocol({ operations, identify, log }: ProtocolOptions): Server<SocketConnection> {
  return makeServer<ConnectionInitMessage['payload'], SocketConnection>({
    async onConnect({ connectionParams, extra: connection }) {
      const { request } = connection;
      connection.request = null;
      try {
        connection.asker = await identify(
          shownBy(connectionParams) ?? request!.headers.authorization,
          request!,
          connection.requestId,
        );
      } catch (error) {
        // False closes with 4403.
        if (error instanceof InvalidTokenError) return false;
        log.error('Could not authenticate a WebSocket connection', { requestId: connection.requestId, err: error });
        connection.close('unavailable', 'Try again later');
        return false;
      }
      connection.forgetExpiry = onExpiry(connection.asker.expiresAt, () =>
        connection.close('forbidden', 'Token expired'),
      );
      return true;
    },
    async onSubscribe({ extra: connection, subscriptions }, id, { query, operationName, variables }) {
      // It is counted among them already.
      if (Object.keys(subscriptions).length > MAX_OPERATIONS)
        return [
          new GraphQLError(`At most ${MAX_OPERATIONS} operations run on one socket at a time.`, {
            extensions: { code: 'TOO_MANY_OPERATIONS' },
          }),
        ];
      const operation = operations({ asker: connection.asker ?? ANONYMOUS, requestId: randomUUID() });
      try {
        const document = operation.parse(query);
        const errors = operation.validate(operation.schema, document);
        if (errors.length > 0) return errors;
        const args: SocketArguments = {
          schema: operation.schema,
          document,
          operationName: operationName ?? null,
          variableValues: variables ?? null,
          contextValue: await operation.contextFactory(),
          rootValue: undefined,
          operation,
          connection,
          id,
        };
        return args;
      } catch (error) {
        // A document that cannot be read is an answer on its own id: the socket and its other subscriptions go on.
        return [error instanceof GraphQLError ? error : new GraphQLError('The document could not be read.')];
      }
    },
    execute(args) {
      const { operation, connection, id } = args as SocketArguments;
      return connection.answer(id, () => operation.execute(args));
    },
    async subscribe(args) {
      const { operation, connection, id } = args as SocketArguments;
      return connection.deliver(id, await operation.subscribe(args));
    },
    onNext: (_context, _id, _payload, _args, { errors, ...result }) => {
      if (errors) return { ...result, errors: publicErrors(errors) } as FormattedExecutionResult;
    },
    onError: (_context, _id, _payload, errors) => publicErrors(errors),
  });
}

/** The credentials in a socket's first message, by the name that headers have in either spelling. */
function shownBy(params: Readonly<Record<string, unknown>> | undefined): unknown {
  return params?.authorization ?? params?.Authorization;
}
