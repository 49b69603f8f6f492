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
  /** The header `Authorization`, or the connection parameter of a socket; undefined for an anonymous client. */
  authorization: string | undefined;
  onResult(result: Result): void;
}

/** A subscription on a connection of its own. No result is reported after `destroy` or `leave`. */
export interface DialedSubscription {
  /** Closes the TCP connection without the protocol's closing messages. */
  destroy(): void;
  /** Ends the subscription as the protocol prescribes. */
  leave(): void;
  /** Resolves to the way in which it ended: `complete` when the server completed the subscription. */
  ended: Promise<string>;
}

export type Dial = (options: DialOptions) => DialedSubscription;

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
      // The request reports the end.
      response.once('error', () => {});
    });
    request.end(JSON.stringify({ query, variables }));
  });
  function destroy(): void {
    isWanted = false;
    request.destroy();
  }
  // An event stream has no closing message of the client.
  return { ended, destroy, leave: destroy };
};
