// Addresses as browsers read them (the URL Standard), for links, media, embeds, covers and pages of guests.

import { parseUrl } from './parse-url.ts';

/** Hosts that cannot exist. An address that resolves to them on http and on https pages is relative. */
const BASES = ['https://relative.invalid', 'http://relative.invalid'] as const;

export interface WebAddress {
  /** Without tabs and line ends, which browsers ignore, and with `/` where they read `\\` as `/`. */
  url: string;
  /** With a colon, such as `https:`; that of a relative address is the page's and reported as `https:`. */
  scheme: string;
  host: string;
  /** Leads to another origin than the one of the page that has it. */
  external: boolean;
}

/**
 * Reads an address. Null unless it is valid, and the same on pages of http and https: `https:a.example` is a host on the
 * first and a path on the second.
 */
export function readAddress(value: string): WebAddress | null {
  const text = trimmed(value.replace(/[\t\n\r]/g, ''));
  const [onHttps, onHttp] = BASES.map((base) => parseUrl(text, base));
  if (text === '' || !onHttps || !onHttp) return null;
  const external = onHttps.origin !== BASES[0];
  if (external !== (onHttp.origin !== BASES[1])) return null;
  const { protocol: scheme, host } = onHttps;
  return { url: /^https?:$/.test(scheme) ? withSlashes(text) : text, scheme, host, external };
}

/**
 * A path on the page's own site in its normal form, which begins with one `/`. Null for any other address: of a path such as
 * `/..//a.example` the normal form would be another site's address.
 */
export function normalizePath(value: string): string | null {
  const address = readAddress(value);
  if (!address || address.external || !address.url.startsWith('/')) return null;
  const path = new URL(address.url, BASES[0]).href.slice(BASES[0].length);
  return /^\/(?!\/)/.test(path) ? path : null;
}

/** An address of http or https in its normal form; null for any other, and for one with a name or password. */
export function normalizeWebAddress(value: string): string | null {
  const address = readAddress(value);
  if (!address?.external || !/^https?:$/.test(address.scheme) || !/^https?:/i.test(address.url)) return null;
  const { href, username, password } = new URL(address.url);
  return username === '' && password === '' ? href : null;
}

/** White space and control characters around an address are no part of it. */
function trimmed(value: string): string {
  let [from, to] = [0, value.length];
  while (from < to && isAround(value[from]!)) from += 1;
  while (to > from && isAround(value[to - 1]!)) to -= 1;
  return value.slice(from, to);
}

function isAround(character: string): boolean {
  return character <= ' ' || /\s/.test(character);
}

/** Browsers read a backslash before the query of such an address as a slash. */
function withSlashes(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url.replaceAll('\\', '/') : url.slice(0, end).replaceAll('\\', '/') + url.slice(end);
}
