import { Agent } from 'node:http';
import { postFrom } from './post-from.ts';

const ARTICLE = 'title excerpt author { name } topics { name }';
const COMMENT = 'body { html } author { name slug } reactions { kind count }';

/** Lists within lists, of which the outermost has this many entries. */
const LISTS: readonly ((size: number) => string)[] = [
  (n) =>
    `articles(first: ${n}) { nodes { ${ARTICLE} comments(first: 10) { nodes { ${COMMENT} replies(first: 3) { nodes { ${COMMENT} } } } } } }`,
  (n) =>
    `articles(first: ${n}) { nodes { ${ARTICLE} related(first: 5) { ${ARTICLE} comments(first: 5) { nodes { ${COMMENT} } } } } }`,
  (n) => `authors(first: ${n}) { nodes { name articles(first: 20) { totalCount nodes { ${ARTICLE} } } } }`,
  (n) =>
    `topics(first: ${Math.min(n, 50)}) { nodes { name articles(first: 10) { nodes { ${ARTICLE} comments(first: ${Math.max(1, Math.floor(n / 10))}) { nodes { ${COMMENT} } } } } } }`,
  (n) =>
    `articles(last: ${n}) { totalCount nodes { thread(first: 50) { rows { depth comment { ${COMMENT} parent { id } } } } } }`,
  (n) =>
    `articles(first: ${n}) { nodes { body { html } author { articles(first: 30) { totalCount nodes { title body { text } } } } } }`,
];

const SEARCHES = 15;
const WORDS = ['river', 'garden', 'election', 'music', 'harbour', 'winter', 'machine', 'history'];

function searches(count: number): string {
  const words = (i: number) => `${WORDS[i % WORDS.length]} OR ${WORDS[(i + 3) % WORDS.length]} OR t${i}*`;
  return Array.from(
    { length: count },
    (_, i) => `s${i}: search(query: "${words(i)}", first: 5) { totalCount edges { headline } }`,
  ).join(' ');
}

/** @returns the cost of an operation and the most that one may cost, in points. @throws when it is refused for more than its cost */
async function costOf(url: string, query: string, address: string): Promise<{ requested: number; limit: number }> {
  const agent = new Agent();
  const { text } = await postFrom({ agent, address }, url, JSON.stringify({ query, extensions: { cost: true } }));
  const { extensions, errors } = JSON.parse(text) as {
    extensions?: { cost?: { requested: number; limit: number } };
    errors?: { message: string; extensions?: { cost?: { requested: number; limit: number } } }[];
  };
  const cost = extensions?.cost ?? errors?.[0]?.extensions?.cost;
  if (!cost) throw new Error(`${errors?.[0]?.message}: ${query.slice(0, 100)}`);
  return cost;
}

/** An operation that costs about as much as one may. */
interface ExpensiveQuery {
  query: string;
  cost: number;
}

/** Asks the gateway what operations cost, and finds the largest of each kind that it allows: lists alone, and beside searches. */
export async function findExpensive(url: string): Promise<ExpensiveQuery[]> {
  const found: ExpensiveQuery[] = [];
  let asked = 0;
  async function largest(document: (size: number) => string): Promise<void> {
    let [least, most] = [0, 100];
    let best: ExpensiveQuery | undefined;
    while (least < most) {
      const size = Math.ceil((least + most) / 2);
      const query = document(size);
      asked += 1;
      const { requested, limit } = await costOf(url, query, `172.30.${Math.floor(asked / 250)}.${asked % 250}`);
      if (requested <= limit) {
        best = { query, cost: requested };
        least = size;
      } else {
        most = size - 1;
      }
    }
    if (best) found.push(best);
  }
  for (const list of LISTS) {
    await largest((n) => `{ ${list(n)} }`);
    await largest((n) => `{ ${list(n)} ${searches(SEARCHES)} }`);
  }
  await largest((n) => `{ ${searches(Math.min(n, 90))} }`);
  if (found.length === 0) throw new Error('The gateway allows none of the expensive operations.');
  return found;
}
