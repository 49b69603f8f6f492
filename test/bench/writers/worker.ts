import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../clock.ts';
import { textOf } from '../servers/listen.ts';
import type { Post, Writing } from './writers.ts';

/** Kept between pieces of work, so that none begins with opening connections. */
const agents = new Map<number, Agent>();

async function write({ url, bodies, headers = {}, posts, connections, every }: Writing): Promise<Post[]> {
  let agent = agents.get(connections);
  if (!agent) {
    agent = new Agent({ keepAlive: true, maxSockets: connections });
    agents.set(connections, agent);
  }
  const sent: Promise<Post>[] = [];
  const send = (): Promise<Post> => {
    const n = sent.length;
    const numbered = (text: string): string => text.replaceAll('%n', String(n));
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, numbered(value)]));
    const answered = post(url, { body: numbered(bodies[n % bodies.length]!), headers: own, agent });
    sent.push(answered);
    return answered;
  };
  if (every === undefined) {
    const writer = async (): Promise<void> => {
      while (sent.length < posts) await send();
    };
    await Promise.all(Array.from({ length: connections }, writer));
  } else {
    const start = now();
    for (let n = 0; n < posts; n++) {
      await delay(start + n * every - now());
      // Heard below; a failure meanwhile is not unheard.
      send().catch(() => {});
    }
  }
  return Promise.all(sent);
}

interface Request {
  body: string;
  headers: Readonly<Record<string, string>>;
  agent: Agent;
}

async function post(url: string, { body, headers, agent }: Request): Promise<Post> {
  const sentAt = now();
  const answer = await new Promise<string>((resolve, reject) => {
    const sending = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          ...headers,
          'content-type': 'application/json',
          accept: 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        textOf(response).then(
          (text) =>
            response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode}: ${text}`)),
          reject,
        );
      },
    );
    sending.once('error', reject);
    sending.end(body);
  });
  return { sentAt, answeredAt: now(), answer };
}

process.on('message', async (writing: Writing) => {
  process.send?.(await write(writing));
});
process.once('disconnect', () => process.exit());
