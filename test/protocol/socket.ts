import { WebSocket } from 'ws';
import { encodeId } from '../../schema/content/ids.ts';
import { leavesNothing, type TestGateway, until } from '../gateway.ts';

/** A message of graphql-transport-ws. */
interface Message {
  type: string;
  id?: string;
  payload?: unknown;
}

/** A WebSocket that sends messages one by one, and keeps those that it receives. */
export interface TestSocket {
  /** The messages received so far. */
  messages: Message[];
  /** For frames that are not messages. */
  socket: WebSocket;
  /** The close code; null while the WebSocket is open. */
  readonly closed: number | null;
  /** Resolves to the close code once the WebSocket is closed. */
  closeCode(): Promise<number>;
  send(message: unknown): void;
  /** Resolves once `connection_init` is acknowledged. */
  acknowledged(): Promise<void>;
  subscribe(id: string, query: string, more?: object): void;
  /** The messages of an operation. */
  of(id: string): Message[];
  /** Resolves to the messages of an operation once it has ended. */
  ended(id: string): Promise<Message[]>;
  /** Resolves once the gateway has handled everything that was sent before. */
  awaitPong(): Promise<void>;
  close(): Promise<void>;
}

export interface SocketOptions {
  protocols?: string | string[];
  headers?: Record<string, string>;
}

/** The WebSockets of the current test. */
const opened = new Set<WebSocket>();

/** Opens a WebSocket and sends nothing. @throws when the upgrade is refused, with the status */
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
  // The tests look at the close code instead.
  socket.on('error', () => undefined);

  let pings = 0;
  const send = (message: unknown): void => {
    if ((message as Message).type === 'ping') pings += 1;
    socket.send(JSON.stringify(message));
  };
  const of = (id: string): Message[] => messages.filter((message) => message.id === id);

  async function closeCode(): Promise<number> {
    await until('the socket is closed', () => closed !== null);
    return closed!;
  }

  return {
    messages,
    socket,
    get closed() {
      return closed;
    },
    closeCode,
    send,
    acknowledged: () =>
      until('the connection is acknowledged', () => messages.some(({ type }) => type === 'connection_ack')),
    subscribe: (id, query, more = {}) => send({ id, type: 'subscribe', payload: { query, ...more } }),
    of,
    async ended(id) {
      await until(
        `the operation ${id} has ended`,
        () => closed !== null || of(id).some(({ type }) => type === 'complete' || type === 'error'),
      );
      return of(id);
    },
    async awaitPong() {
      send({ type: 'ping' });
      await until('each ping is answered', () => messages.filter(({ type }) => type === 'pong').length === pings);
    },
    async close() {
      socket.close();
      await closeCode();
    },
  };
}

/** Opens a WebSocket that is ready for operations. */
export async function openAcknowledged(gateway: { url: string }, options?: SocketOptions): Promise<TestSocket> {
  const socket = await openSocket(gateway, options);
  socket.send({ type: 'connection_init' });
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
    throw new Error(`The comment was refused: ${JSON.stringify(data)}`);
}

/** Adds comments until a subscription delivers one: it has no other sign that it is live. */
export async function awaitComment(gateway: TestGateway, socket: TestSocket, id: string): Promise<void> {
  const before = socket.of(id).length;
  await until(`the subscription ${id} delivers a comment`, async () => {
    if (socket.of(id).length > before) return true;
    await addComment(gateway, 'Is it live?');
    return false;
  });
}

/** Checks that the gateway still serves requests and keeps nothing of the connections of a test. */
export async function expectNothingLeft(gateway: TestGateway): Promise<void> {
  // A failed test leaves its WebSockets open, which must not fail the next one.
  for (const socket of opened) socket.terminate();
  const health = await fetch(new URL('/health', gateway.url));
  if (health.status !== 200) throw new Error(`/health answered ${health.status}`);
  await leavesNothing(gateway);
}
