import type { IncomingMessage, Server } from 'node:http';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { publicErrors } from './http/errors.ts';
import type { Operations } from './http/operations.ts';
import { MAX_BODY } from './http/post.ts';
import { GRAPHQL_PATH } from './http.ts';

/** Milliseconds between the pings that keep a connection through proxies, and find out that it is gone. */
const PING_EVERY = 12_000;

/**
 * Serves graphql-transport-ws on the HTTP server's upgrade requests, by the same pipeline as the other transports.
 * @returns closes every socket
 */
export function serveSockets(server: Server, operations: Operations): () => Promise<void> {
  const sockets = new WebSocketServer({ server, path: GRAPHQL_PATH, maxPayload: MAX_BODY });
  const { dispose } = useServer(
    {
      execute: (args) => operationOf(args).execute(args),
      subscribe: (args) => operationOf(args).subscribe(args),
      async onSubscribe({ extra }, _id, { query, operationName, variables }) {
        const operation = operations({ request: asPost(extra.request), params: { query, operationName, variables } });
        try {
          const document = operation.parse(query);
          const errors = operation.validate(operation.schema, document);
          if (errors.length > 0) return errors;
          return {
            schema: operation.schema,
            document,
            operationName,
            variableValues: variables,
            contextValue: await operation.contextFactory(),
            rootValue: operation,
          };
        } catch (error) {
          // A document that cannot be read is an answer on its own id: the socket and its other subscriptions go on.
          return [error instanceof GraphQLError ? error : new GraphQLError('The document could not be read.')];
        }
      },
      onNext: (_context, _id, _payload, _args, { errors, ...result }) => {
        if (errors) return { ...result, errors: publicErrors(errors) } as FormattedExecutionResult;
      },
      onError: (_context, _id, _payload, errors) => publicErrors(errors),
    },
    sockets,
    PING_EVERY,
  );
  return async () => {
    await dispose();
  };
}

/**
 * The request that opened the socket, as what it carries: operations that were sent, not read out of an address as those
 * of a GET are, in which a mutation is refused because a link could start it.
 */
function asPost(request: IncomingMessage): IncomingMessage {
  return Object.create(request, { method: { value: 'POST' } }) as IncomingMessage;
}

type Arguments = Parameters<ReturnType<Operations>['execute']>[0];

/** The pipeline that `onSubscribe` made for this operation. */
function operationOf(args: Arguments): ReturnType<Operations> {
  return args.rootValue as ReturnType<Operations>;
}
