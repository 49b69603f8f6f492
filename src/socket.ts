import type { Server } from 'node:http';
import { type FormattedExecutionResult, GraphQLError } from 'graphql';
import type { ConnectionInitMessage } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { type Asker, type Identify, NOBODY } from './auth/asker.ts';
import { atExpiry } from './auth/expiry.ts';
import { RefusedToken } from './auth/refused.ts';
import { publicErrors } from './http/errors.ts';
import type { Operations } from './http/operations.ts';
import { MAX_BODY } from './http/post.ts';
import { GRAPHQL_PATH } from './http.ts';
import type { Log } from './log.ts';

/** Close codes of our own accord; clients try again after each. */
const CLOSE = {
  /** The token is not valid, or no longer (graphql-transport-ws: Forbidden). */
  forbidden: 4403,
  /** Not now (RFC 6455's registry: Try Again Later). */
  unavailable: 1013,
} as const;

/** Milliseconds between the pings that keep a connection through proxies, and find out that it is gone. */
const PING_EVERY = 12_000;

export interface SocketOptions {
  server: Server;
  operations: Operations;
  identify: Identify;
  log: Log;
}

/** What is known of a connection once its first message has come. */
type Connection = {
  asker?: Asker;
  forgetExpiry?: () => void;
};

/**
 * Serves graphql-transport-ws on the HTTP server's upgrade requests, by the same pipeline as the other transports.
 * @returns closes every socket
 */
export function serveSockets({ server, operations, identify, log }: SocketOptions): () => Promise<void> {
  const sockets = new WebSocketServer({ server, path: GRAPHQL_PATH, maxPayload: MAX_BODY });
  const { dispose } = useServer<ConnectionInitMessage['payload'], Connection>(
    {
      async onConnect({ connectionParams, extra }) {
        const { socket, request } = extra;
        try {
          extra.asker = await identify(shownBy(connectionParams) ?? request.headers.authorization, request);
        } catch (error) {
          // False closes with 4403.
          if (error instanceof RefusedToken) return false;
          log.error('Who opened a socket could not be told', error);
          socket.close(CLOSE.unavailable, 'Try again later');
          return false;
        }
        extra.forgetExpiry = atExpiry(extra.asker.expiresAt, () => socket.close(CLOSE.forbidden, 'Token expired'));
        return true;
      },
      onClose: ({ extra }) => extra.forgetExpiry?.(),
      execute: (args) => operationOf(args).execute(args),
      subscribe: (args) => operationOf(args).subscribe(args),
      async onSubscribe({ extra }, _id, { query, operationName, variables }) {
        const operation = operations({ asker: extra.asker ?? NOBODY });
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

/** The credentials in a socket's first message, by the name that headers have in either spelling. */
function shownBy(params: Readonly<Record<string, unknown>> | undefined): unknown {
  return params?.authorization ?? params?.Authorization;
}

type Arguments = Parameters<ReturnType<Operations>['execute']>[0];

/** The pipeline that `onSubscribe` made for this operation. */
function operationOf(args: Arguments): ReturnType<Operations> {
  return args.rootValue as ReturnType<Operations>;
}
