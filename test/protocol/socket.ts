import { WebSocket } from 'ws';
import { encodeId } from '../../schema/content/ids.ts';
import { leavesNothing, type TestGateway, until } from '../gateway.ts';

/** A message of graphql-transport-ws. */
export interface Message {
  type: string;
  id?: string;
  payload?: unknown;
}

/** A socket that sends what it is told to, frame by frame, and keeps what it hears. */
export interface TestSocket {
  /** What has arrived so far. */
  messages: Message[];
  /** The socket underneath, for frames that are no messages. */
  socket: WebSocket;
  /** The code with which it was closed; null while it is open. */
  readonly closed: number | null;
  /** Waits until it is closed, and tells with which code. */
  closedWith(): Promise<number>;
  say(message: unknown): void;
  /** Waits until the first message is acknowledged. */
  acknowledged(): Promise<void>;
  subscribe(id: string, query: string, more?: object): void;
  /** What arrived for an operation. */
  of(id: string): Message[];
  /** Waits until an operation has ended, and gives its messages. */
  ended(id: string): Promise<Message[]>;
  /** Resolves when the other side has dealt with everything sent before. */
  answersPing(): Promise<void>;
  close(): Promise<void>;
}

export interface SocketOptions {
  protocols?: string | string[];
  headers?: Record<string, string>;
}

const opened = new Set<WebSocket>();

/** Opens a socket and says nothing yet. @throws when it is refused, with the status */
export async function openSocket(
  gateway: { url: string },
  { protocols = 'graphql-transport-ws', headers = {} }: SocketOptions = {},
): Promise<TestSocket> {
  const socket = new WebSocket(gateway.url.replace('http', 'ws'), protocols, { headers });
  const messages: Message[] = [];
  let closed: number | null = null;
  opened.add(socket);
  socket.on('close', (code) => {
    opened.delete(socket);
    closed = code;
  });
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  // What a broken connection throws is told by its code.
  socket.on('error', () => undefined);

  const say = (message: unknown): void => socket.send(JSON.stringify(message));
  const of = (id: string): Message[] => messages.filter((message) => message.id === id);
  let pings = 0;

  async function closedWith(): Promise<number> {
    await until('the socket is closed', () => closed !== null);
    return closed!;
  }

  return {
    messages,
    socket,
    get closed() {
      return closed;
    },
    closedWith,
    say,
    acknowledged: () =>
      until('the connection is acknowledged', () => messages.some(({ type }) => type === 'connection_ack')),
    subscribe: (id, query, more = {}) => say({ id, type: 'subscribe', payload: { query, ...more } }),
    of,
    async ended(id) {
      await until(
        `the operation ${id} has ended`,
        () => closed !== null || of(id).some(({ type }) => type === 'complete' || type === 'error'),
      );
      return of(id);
    },
    async answersPing() {
      const mark = `ping ${++pings}`;
      say({ type: 'ping', payload: { mark } });
      await until('a ping is answered', () =>
        messages.some(({ type, payload }) => type === 'pong' && (payload as { mark?: string })?.mark === mark),
      );
    },
    async close() {
      socket.close();
      await closedWith();
    },
  };
}

/** Opens a socket that is ready for operations. */
export async function openReady(gateway: { url: string }, options?: SocketOptions): Promise<TestSocket> {
  const socket = await openSocket(gateway, options);
  socket.say({ type: 'connection_init' });
  await socket.acknowledged();
  return socket;
}

export const ARTICLE = encodeId('Article', 1);
export const ADDED = `subscription { commentAdded(articleId: "${ARTICLE}") { body { text } } }`;
const ADD = `mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename } }`;

export async function addComment(gateway: TestGateway, body: string): Promise<void> {
  const input = { articleId: ARTICLE, body, guest: { name: 'Ann', email: 'ann@example.com' } };
  const { data } = await gateway.ask<{ addComment: unknown }>(ADD, { input });
  if (JSON.stringify(data) !== '{"addComment":{"__typename":"AddCommentSuccess"}}')
    throw new Error(`The comment was not taken: ${JSON.stringify(data)}`);
}

/** Waits until a subscription to comments hears one, which is its only sign of listening. */
export async function hears(gateway: TestGateway, socket: TestSocket, id: string): Promise<void> {
  const before = socket.of(id).length;
  await until(`the subscription ${id} hears a comment`, async () => {
    if (socket.of(id).length > before) return true;
    await addComment(gateway, 'are you there?');
    return false;
  });
}

/** The gateway still serves others, and nothing of what was done to it is left. */
export async function isUnharmed(gateway: TestGateway): Promise<void> {
  // A test that failed has left its own open, which is no fault of the next.
  for (const socket of opened) socket.terminate();
  const health = await fetch(new URL('/health', gateway.url));
  if (health.status !== 200) throw new Error(`/health answers ${health.status}`);
  await leavesNothing(gateway);
}
