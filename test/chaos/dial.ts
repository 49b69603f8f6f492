import { type ClientRequest, request as openRequest } from 'node:http';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface Result {
  data?: Record<string, unknown> | null;
  errors?: readonly unknown[];
}

interface DialOptions {
  url: string;
  query: string;
  variables: Record<string, unknown>;
  /** The header `Authorization`, and the parameter of sockets; undefined for nobody. */
  authorization: string | undefined;
  onResult(result: Result): void;
}

/** A subscription on a connection of its own. After `destroy` and `leave` no result comes. */
export interface Dialled {
  /** Ends the TCP connection without a word. */
  destroy(): void;
  /** Says that no more is wanted. */
  leave(): void;
  /** Resolves to how it ended. `complete` when the server said that nothing more can come. */
  ended: Promise<string>;
}

export type Dial = (options: DialOptions) => Dialled;

/** Over WebSocket, with the client of graphql-ws. */
export const dialSocket: Dial = ({ url, query, variables, authorization, onResult }) => {
  let socket: WebSocket | undefined;
  let isWanted = true;
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: class extends WebSocket {
      constructor(address: string, protocol: string) {
        super(address, protocol);
        socket = this;
      }
    },
    retryAttempts: 0,
    ...(authorization !== undefined && { connectionParams: { authorization } }),
  });
  let stop!: () => void;
  const ended = new Promise<string>((resolve) => {
    stop = client.subscribe(
      { query, variables },
      {
        next: (result) => isWanted && onResult(result as Result),
        error: (error) => resolve(`${(error as CloseEvent).code ?? error}`),
        complete: () => resolve(isWanted ? 'complete' : 'left'),
      },
    );
  });
  return {
    ended,
    destroy() {
      isWanted = false;
      socket?.terminate();
    },
    leave() {
      isWanted = false;
      stop();
    },
  };
};

interface CloseEvent {
  code?: number;
}

/** As server-sent events. */
export const dialStream: Dial = ({ url, query, variables, authorization, onResult }) => {
  let isWanted = true;
  let request!: ClientRequest;
  const ended = new Promise<string>((resolve) => {
    request = openRequest(url, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        ...(authorization !== undefined && { authorization }),
      },
    });
    request.once('error', (error) => resolve(error.message));
    request.once('close', () => resolve('closed'));
    request.once('response', (response) => {
      if (response.statusCode !== 200) resolve(`status ${response.statusCode}`);
      let rest = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop()!;
        for (const block of blocks) {
          const [, name, data = ''] = /^event: (\w+)\ndata:(.*)$/.exec(block) ?? [];
          if (name === 'complete') resolve('complete');
          else if (name === 'next' && isWanted) onResult(JSON.parse(data) as Result);
        }
      });
      // The end is told by the request.
      response.once('error', () => {});
    });
    request.end(JSON.stringify({ query, variables }));
  });
  function destroy(): void {
    isWanted = false;
    request.destroy();
  }
  // A stream has no other word for it.
  return { ended, destroy, leave: destroy };
};
