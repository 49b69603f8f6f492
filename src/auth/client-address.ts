import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { boundedCache } from './bounded-cache.ts';

/** Addresses whose networks are kept: a connection has many requests, and each looks twice. */
const KEPT = 5_000;
/** Characters of an address that is kept; longer ones are none. */
const LONGEST_ADDRESS = 64;

/** Hexadecimal groups of an IPv6 address that name the network of one customer: /64 (RFC 6177). */
const NETWORK_GROUPS = 4;

const networks = boundedCache<string>(KEPT);

interface ConnectionSource {
  /** The peer address of the TCP connection. */
  remoteAddress: string | undefined;
  /** The header X-Forwarded-For: each proxy appends the address of its own client. */
  forwardedFor: string | undefined;
}

/** The address under which a request is limited; see `resolveAddress`. */
export function clientAddress({ socket, headers }: IncomingMessage, trustedProxies: number): string {
  const forwarded = headers['x-forwarded-for'];
  const forwardedFor = forwarded === undefined ? undefined : String(forwarded);
  return resolveAddress({ remoteAddress: socket.remoteAddress, forwardedFor }, trustedProxies);
}

/**
 * An IPv4 address, or the /64 network of an IPv6 address: a customer controls all addresses of their network. Pure.
 * @param trustedProxies the number of proxies in front of the gateway. Each of them appends one entry to X-Forwarded-For,
 *   so the client's address is that many entries from the right. A client can forge every entry further left.
 */
export function resolveAddress({ remoteAddress, forwardedFor }: ConnectionSource, trustedProxies: number): string {
  const client = trustedProxies === 0 ? undefined : forwardedBy(trustedProxies, forwardedFor);
  return knownNetworkOf(client) ?? knownNetworkOf(remoteAddress) ?? 'unknown';
}

function forwardedBy(proxies: number, forwardedFor: string | undefined): string | undefined {
  const entries = forwardedFor?.split(',') ?? [];
  // With fewer entries than proxies, the first entry is the furthest known client.
  return entries[Math.max(0, entries.length - proxies)]?.trim();
}

function knownNetworkOf(address: string | undefined): string | null {
  if (!address) return null;
  const known = networks.get(address);
  if (known) return known;
  const network = networkOf(stripDecoration(address));
  if (network && address.length <= LONGEST_ADDRESS) networks.set(address, network);
  return network;
}

/** Removes a port, brackets or zone: `1.2.3.4:80`, `[::1]:80` and `fe80::1%eth0` all occur. */
function stripDecoration(address: string): string {
  const [, inBrackets] = /^\[([^\]]+)\](?::\d+)?$/.exec(address) ?? [];
  const [, beforePort] = /^([\d.]+):\d+$/.exec(address) ?? [];
  return (inBrackets ?? beforePort ?? address).replace(/%.*$/, '');
}

function networkOf(address: string): string | null {
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  // URL writes every address in the canonical form of RFC 5952, without dots.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(canonical) ?? [];
  if (high && low) return [high, low].flatMap(bytesOf).join('.');
  const [head, tail] = canonical.split('::') as [string, string?];
  const groups = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  if (tail !== undefined) groups.push(...Array<string>(8 - groups.length - after.length).fill('0'), ...after);
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

/** The two bytes of a hexadecimal group. */
function bytesOf(group: string): number[] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
