import { setImmediate as turn } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { listen, textOf } from './listen.ts';

/** The event that the parent process sent last, around its comment's id, which makes each another. */
let [before, id, after] = ['{"type":"next","payload":{"data":{"event":{"comment":{"id":"', '000000000000', '"}}}}}'];
let lastId = 0;
process.on('message', (event: string) => {
  const parts = event.match(/^(.*?"comment":\{"id":")([^"]+)(.*)$/s);
  if (!parts) throw new Error(`There is no comment in ${event}`);
  [before, id, after] = parts.slice(1) as [string, string, string];
  process.send?.('ready');
});

const subscribers = new Set<WebSocket>();

// POST {"broadcasts": 100} sends so many events to all subscribers, as fast as it can, and is answered with their ids.
const server = listen(async (request, response) => {
  const { broadcasts } = JSON.parse(await textOf(request)) as { broadcasts: number };
  const ids: string[] = [];
  for (let i = 0; i < broadcasts; i++) {
    const another = String(++lastId).padStart(id.length, '0');
    ids.push(another);
    const message = Buffer.from(before + another + after);
    for (const subscriber of subscribers) subscriber.send(message, { binary: false });
    // As between two events of any server: what has come in is read, and what could not be sent at once goes out.
    await turn();
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(ids.map((id) => ({ id }))));
});

// Of the protocol only what a client waits for. Who says how many it has missed gets so many at once.
new WebSocketServer({ server }).on('connection', (socket, { socket: stream }) => {
  socket.on('message', (data) => {
    const { type, payload } = JSON.parse(String(data)) as { type: string; payload: { variables: { missed?: number } } };
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
    if (type !== 'subscribe') return;
    const { missed } = payload.variables;
    // In one piece, as whoever has it all at hand can send it.
    stream.cork();
    if (missed) catchUp(socket, missed);
    stream.uncork();
    subscribers.add(socket);
  });
  socket.on('close', () => subscribers.delete(socket));
});

function catchUp(socket: WebSocket, missed: number): void {
  for (let n = 1; n <= missed; n++)
    socket.send(Buffer.from(before + String(n).padStart(id.length, '0') + after), { binary: false });
  socket.send(JSON.stringify({ type: 'next', payload: { data: { event: { replayed: missed } } } }));
}
