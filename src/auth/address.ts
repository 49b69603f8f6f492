import { isIPv4, isIPv6 } from 'node:net';

/** Hexadecimal groups of an IPv6 address that name the network of one customer: /64 (RFC 6177). */
const NETWORK_GROUPS = 4;

interface Sender {
  /** Where the connection comes from. */
  remote: string | undefined;
  /** X-Forwarded-For: each proxy adds whom it was asked by to its end. */
  forwarded: string | undefined;
}

/**
 * The address that a request counts for: of IPv6 the network, for a customer has all addresses of theirs. Pure.
 * @param hops proxies in front of the gateway whose word on X-Forwarded-For is taken; what stands further to the left
 *   anyone may have written
 */
export function addressOf({ remote, forwarded }: Sender, hops: number): string {
  const named = forwarded?.split(',').map((address) => bare(address.trim())) ?? [];
  // A chain shorter than it should be: its first is the furthest that is known.
  const claimed = hops === 0 ? undefined : named[Math.max(0, named.length - hops)];
  return network(claimed ?? '') ?? network(bare(remote ?? '')) ?? 'unknown';
}

/** Without a port, brackets or zone: `1.2.3.4:80`, `[::1]:80` and `fe80::1%eth0` are all seen. */
function bare(address: string): string {
  const [, inBrackets] = /^\[([^\]]+)\](?::\d+)?$/.exec(address) ?? [];
  const [, beforePort] = /^([\d.]+):\d+$/.exec(address) ?? [];
  return (inBrackets ?? beforePort ?? address).replace(/%.*$/, '');
}

function network(address: string): string | null {
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return null;
  // URL writes every address in the one way of RFC 5952, with no dots in it.
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(written) ?? [];
  if (high && low) return [high, low].flatMap(bytesOf).join('.');
  const [head, tail] = written.split('::') as [string, string?];
  const groups = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  if (tail !== undefined) groups.push(...Array<string>(8 - groups.length - after.length).fill('0'), ...after);
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

/** The two bytes of a hexadecimal group, as the dots of an IPv4 address part them. */
function bytesOf(group: string): number[] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
