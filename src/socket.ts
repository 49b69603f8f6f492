import type { Server } from 'node:http';
import { GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Operations } from './http/operations.ts';
import { GRAPHQL_PATH } from './http.ts';

/** Largest message a client may send, in bytes. */
const MAX_PAYLOAD = 65_536;
/** Milliseconds between the pings that keep a connection through proxies, and find out that it is gone. */
const PING_EVERY = 12_000;

/**
 * Serves graphql-transport-ws on the HTTP server's upgrade requests, by the same pipeline as the other transports.
 * @returns closes every socket
 */
export function serveSockets(server: Server, operations: Operations): () => Promise<void> {
  const sockets = new WebSocketServer({ server, path: GRAPHQL_PATH, maxPayload: MAX_PAYLOAD });
  const { dispose } = useServer(
    {
      execute: (args) => operationOf(args).execute(args),
      subscribe: (args) => operationOf(args).subscribe(args),
      async onSubscribe({ extra }, _id, { query, operationName, variables }) {
        const operation = operations({ request: extra.request });
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
    },
    sockets,
    PING_EVERY,
  );
  return async () => {
    await dispose();
  };
}

type Arguments = Parameters<ReturnType<Operations>['execute']>[0];

/** The pipeline that `onSubscribe` made for this operation. */
function operationOf(args: Arguments): ReturnType<Operations> {
  return args.rootValue as ReturnType<Operations>;
}
