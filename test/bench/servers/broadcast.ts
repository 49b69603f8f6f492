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

// Of the protocol only what a client waits for.
new WebSocketServer({ server }).on('connection', (socket) => {
  socket.on('message', (data) => {
    const { type } = JSON.parse(String(data)) as { type: string };
    if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
    if (type === 'subscribe') subscribers.add(socket);
  });
  socket.on('close', () => subscribers.delete(socket));
});
