import type { LoadRequest } from './load/load.ts';
import type { Target } from './rounds.ts';
import type { Server } from './servers/gateway.ts';

/** Pages that are fetched at a time to learn their tags. */
const AT_A_TIME = 8;

/** The same operations by GET, from clients that have the responses: each is answered with 304. */
export async function unchanged(gateway: Server, bodies: readonly string[]): Promise<Target<'unchanged'>> {
  const requests = new Map<string, LoadRequest>();
  const distinct = [...new Set(bodies)];
  const learn = async (): Promise<void> => {
    for (let body = distinct.pop(); body !== undefined; body = distinct.pop())
      requests.set(body, await requestOf(gateway, body));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, learn));
  return {
    name: 'unchanged',
    server: gateway,
    requests: bodies.map((body) => requests.get(body)!),
    leastBytes: 0,
    status: 304,
  };
}

/** @throws when the response has no tag */
async function requestOf({ url }: Server, body: string): Promise<LoadRequest> {
  const { query, operationName, variables } = JSON.parse(body) as Record<string, string>;
  const address = new URL(url);
  address.search = new URLSearchParams({
    query: query!,
    operationName: operationName!,
    variables: JSON.stringify(variables),
  }).toString();
  // As the load asks: another coding has another tag.
  const response = await fetch(address, { headers: { accept: 'application/json', 'accept-encoding': 'identity' } });
  const text = await response.text();
  const tag = response.headers.get('etag');
  if (response.status !== 200 || tag === null)
    throw new Error(`${address} has no tag: ${response.status} ${text.slice(0, 300)}`);
  return {
    path: `${address.pathname}${address.search}`,
    headers: { 'accept-encoding': 'identity', 'if-none-match': tag },
  };
}
