import type { Role } from '../../schema/content/context.ts';
import type { Closers } from '../closers.ts';
import { tokenOf } from '../gateway.ts';
import { startProxy, type TestProxy } from '../proxy.ts';
import { type Dial, dialMultipart, dialSocket, dialStream } from './dial.ts';
import type { Node } from './node.ts';
import { type Viewer, WalkClient, type WalkClientOptions } from './walk-client.ts';
import { dialPolling } from './walk-polling.ts';
import { type WalkBoard, WalkWriter, type WalkWriterOptions } from './walk-writers.ts';

const TRANSPORTS: readonly [string, Dial][] = [
  ['WebSocket', dialSocket],
  ['event stream', dialStream],
  ['multipart', dialMultipart],
  ['polling', dialPolling],
];

/** Where clients reach the gateways: each transport, and writers, pass proxies of their own. */
export interface Entrances {
  /** Of clients, by transport and gateway. */
  proxies: readonly TestProxy[][];
  /** Of writers, by gateway. */
  urls: readonly string[];
}

export async function openEntrances(nodes: readonly Node[], closers: Closers): Promise<Entrances> {
  const ports = nodes.map(({ url }) => Number(new URL(url).port));
  const open = (): Promise<TestProxy[]> => Promise.all(ports.map((port) => proxyTo(port, closers)));
  return { proxies: await Promise.all(TRANSPORTS.map(open)), urls: (await open()).map(urlOf) };
}

export async function proxyTo(port: number, closers: Closers): Promise<TestProxy> {
  const proxy = await startProxy(port);
  closers.push(() => proxy.close());
  return proxy;
}

const urlOf = ({ port }: TestProxy): string => `http://127.0.0.1:${port}/graphql`;

/** A reader, or one that is signed in. The token expires after an hour. */
export async function viewer(name: string, role: Role | null): Promise<Viewer> {
  return { name, authorization: role === null ? undefined : `Bearer ${await tokenOf({ name, role })}` };
}

export interface ClientsOptions extends Pick<WalkClientOptions, 'next' | 'over'> {
  count: number;
  boards: readonly WalkBoard[];
  viewers: readonly Viewer[];
  entrances: Entrances;
}

/** Clients of every transport, article and viewer, in this order. */
export function createClients({ count, boards, viewers, entrances, ...options }: ClientsOptions): WalkClient[] {
  return Array.from({ length: count }, (_, i) => {
    const [transport, dial] = TRANSPORTS[i % TRANSPORTS.length]!;
    const article = boards[Math.floor(i / TRANSPORTS.length) % boards.length]!;
    const reader = viewers[Math.floor(i / TRANSPORTS.length / boards.length) % viewers.length]!;
    return new WalkClient({
      name: `Client ${i} (${transport}, ${reader.name}, ${article.slug})`,
      slug: article.slug,
      articleId: article.articleId,
      viewer: reader,
      dial,
      urls: entrances.proxies[i % TRANSPORTS.length]!.map(urlOf),
      ...options,
    });
  });
}

export interface WritersOptions extends Pick<WalkWriterOptions, 'boards' | 'urls' | 'next' | 'over'> {
  count: number;
  /** Their names begin with it. */
  name: string;
  /** As a proxy in front of the gateway names it. */
  addressOf?: (index: number) => string;
  results: Map<string, number>;
}

/** Writers that are guests, members and moderators. */
export function createWriters({ count, name, addressOf, results, ...options }: WritersOptions): WalkWriter[] {
  const roles = [null, 'READER', 'MODERATOR', 'READER', null] as const;
  return Array.from({ length: count }, (_, index) => {
    const who = {
      name: `${name} ${index}`,
      role: roles[index % roles.length]!,
      ...(addressOf && { address: addressOf(index) }),
    };
    return new WalkWriter({ ...options, ...who, index }, results);
  });
}
