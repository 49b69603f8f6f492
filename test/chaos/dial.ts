import { type ClientRequest, request as openRequest } from 'node:http';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface Result {
  data?: Record<string, unknown> | null;
  errors?: readonly unknown[];
}

export interface DialOptions {
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

/** Takes the text of a response as it arrives. */
type ReadText = (text: string) => void;

interface ResponseReader {
  accept: string;
  open(sink: { onResult(result: Result): void; onComplete(): void }): ReadText;
}

/** As server-sent events. */
export const dialStream: Dial = (options) =>
  dialResponse(options, {
    accept: 'text/event-stream',
    open: ({ onResult, onComplete }) =>
      partsBetween('\n\n', (block) => {
        const [, name] = /^event: (\w+)$/m.exec(block) ?? [];
        if (name === 'complete') onComplete();
        else if (name === 'next') onResult(JSON.parse(/^data:(.*)$/m.exec(block)![1]!) as Result);
      }),
  });

/** As a multipart response, by Apollo's protocol for subscriptions. */
export const dialMultipart: Dial = (options) =>
  dialResponse(options, {
    accept: 'multipart/mixed;subscriptionSpec=1.0',
    open({ onResult, onComplete }) {
      const readParts = partsBetween('\r\n--graphql', (part) => {
        const [, body] = part.split('\r\n\r\n');
        const { payload } = JSON.parse(body ?? '{}') as { payload?: Result };
        if (payload) onResult(payload);
      });
      // What follows the last boundary.
      let end = '';
      return (text) => {
        readParts(text);
        end = (end + text).slice(-'--graphql--\r\n'.length);
        if (end === '--graphql--\r\n') onComplete();
      };
    },
  });

/** Splits a text that arrives in pieces. */
function partsBetween(boundary: string, onPart: (part: string) => void): ReadText {
  let rest = '';
  return (text) => {
    const parts = (rest + text).split(boundary);
    rest = parts.pop()!;
    for (const part of parts) onPart(part);
  };
}

function dialResponse(
  { url, query, variables, authorization, onResult }: DialOptions,
  { accept, open }: ResponseReader,
): DialedSubscription {
  let isWanted = true;
  let request!: ClientRequest;
  const ended = new Promise<string>((resolve) => {
    request = openRequest(url, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        accept,
        ...(authorization !== undefined && { authorization }),
      },
    });
    request.once('error', (error) => resolve(error.message));
    request.once('close', () => resolve('closed'));
    request.once('response', (response) => {
      if (response.statusCode !== 200) resolve(`status ${response.statusCode}`);
      const read = open({
        onResult: (result) => isWanted && onResult(result),
        onComplete: () => resolve('complete'),
      });
      response.setEncoding('utf8').on('data', read);
      // The request reports the end.
      response.once('error', () => {});
    });
    request.end(JSON.stringify({ query, variables }));
  });
  function destroy(): void {
    isWanted = false;
    request.destroy();
  }
  // A response has no closing message of the client.
  return { ended, destroy, leave: destroy };
}
