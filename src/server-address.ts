// Addresses of servers with credentials in them, as operators write them. A password often has characters that an
// address reserves (`#`, `/`, `@`, `?`, `%`, spaces) and is pasted as it is: a URL parser then takes a part of it for the
// host or the path, and quotes it in its error.

import { parseUrl } from '../schema/content/text/parse-url.ts';

/** The parts of an address, decoded. */
export interface ServerAddress {
  /** Without a colon. */
  scheme: string;
  user: string | null;
  password: string | null;
  /** A host name, an IPv4 address, an IPv6 address in brackets, or a percent-encoded directory; may be empty. */
  host: string;
  port: string;
  /** What follows the slash: the name or the number of a database. */
  path: string;
  /** What follows the question mark, percent-encoded. */
  parameters: string;
}

/** `host:port/path?parameters`, all but the credentials. A path has no further slash, and an @ in it is written %40. */
const PLACE = /^((?:[\w.~-]|%[0-9a-f]{2})*|\[[0-9a-f:.]+\])(?::(\d{1,5})?)?(?:\/([^/?#@]*))?(?:\?([^#]*))?$/i;

/** A whole text of well-formed percent-encoding. */
const ENCODED = /^(?:[^%]|%[0-9a-f]{2})*$/i;

/** Parameters that the drivers of PostgreSQL and Redis know. */
const PARAMETER =
  /^(host|port|user|username|password|db|dbname|database|schema|options|family|application_name|fallback_application_name|client_encoding|uselibpqcompat|connect_timeout|connection_limit|statement_timeout|lock_timeout|query_timeout|keepalives\w*|ssl\w*|target_session_attrs|channel_binding|gssencmode|pgbouncer)=/i;

/**
 * Reads `scheme://user:password@host:port/path?parameters`. The credentials end at the @ that a well-formed rest
 * follows, so a password need not be percent-encoded. A user or password whose every % begins an encoded character is
 * decoded; another one is taken as it is.
 * @returns null for anything else, and when several @ may end the password
 */
export function parseServerAddress(text: string): ServerAddress | null {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined || !rest.isWellFormed()) return null;
  const readings = endsOfCredentials(rest).flatMap((end) => {
    const place = PLACE.exec(end === null ? rest : rest.slice(end + 1));
    return place ? { end, place } : [];
  });
  const reading = readings.length > 1 ? readings.find(({ place }) => hasKnownParameters(place[4])) : readings[0];
  if (!reading) return null;
  const { end, place } = reading;
  const [, host = '', port = '', path = '', parameters = ''] = place;
  if (Number(port) > 65_535) return null;
  return {
    scheme: scheme.toLowerCase(),
    ...credentials(end === null ? null : rest.slice(0, end)),
    host,
    port,
    path: decode(path),
    parameters,
  };
}

/** The places of every @; null for an address without credentials, whose only @ may be one in the parameters. */
function endsOfCredentials(rest: string): (number | null)[] {
  const ends = [...rest.matchAll(/@/g)].map(({ index }) => index);
  return [null, ...ends];
}

function hasKnownParameters(parameters: string | undefined): boolean {
  return parameters?.split('&').every((parameter) => PARAMETER.test(parameter)) ?? false;
}

function credentials(text: string | null): Pick<ServerAddress, 'user' | 'password'> {
  if (text === null) return { user: null, password: null };
  const colon = text.indexOf(':');
  if (colon === -1) return { user: decode(text), password: null };
  return { user: decode(text.slice(0, colon)), password: decode(text.slice(colon + 1)) };
}

function decode(text: string): string {
  try {
    return ENCODED.test(text) ? decodeURIComponent(text) : text;
  } catch {
    // Encoded bytes that are no UTF-8.
    return text;
  }
}

/** The address with everything percent-encoded that needs to be, so that every library reads the same parts. */
export function formatServerAddress({ scheme, user, password, host, port, path, parameters }: ServerAddress): string {
  const secret = password === null ? '' : `:${encode(password)}`;
  const sender = user === null ? '' : `${encode(user)}${secret}@`;
  const place = `${host}${port && `:${port}`}${path && `/${encodePath(path)}`}`;
  return `${scheme}://${sender}${place}${parameters && `?${encodeParameters(parameters)}`}`;
}

/** Also quotes and parentheses, which encodeURIComponent leaves. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

/** PostgreSQL's driver decodes a path by decodeURI, which leaves these characters encoded. */
function encodePath(path: string): string {
  return encodeURIComponent(path).replace(/%(?:2F|3A|3B|40|26|3D|2B|24|2C)/g, decodeURIComponent);
}

function encodeParameters(parameters: string): string {
  return parameters
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(/[^\x21-\x7e]|["'<>\\^`{|}]/gu, (character) => encode(character));
}

/** Host and port as a message may name them. */
export function placeOf({ host, port, parameters }: ServerAddress): string {
  const other = new URLSearchParams(parameters).get('host');
  return other ?? `${host || 'localhost'}${port && `:${port}`}`;
}

/** What must not be shown of a text that is meant to be an address: all of it, and its password in each form. */
export function secretsIn(text: string): string[] {
  const address = parseServerAddress(text);
  const parameter = new URLSearchParams(address?.parameters ?? '').get('password');
  const secrets = [text, rawPassword(text), address?.password, parameter, address && formatServerAddress(address)];
  return secrets.filter((secret): secret is string => typeof secret === 'string' && secret !== '');
}

/** What stands where the password would, also in a text that is no address: up to the last @, or to the end. */
function rawPassword(text: string): string | undefined {
  const [, upToAt] = /:\/\/[^:@]*:(.*)@/s.exec(text) ?? [];
  return upToAt ?? /:\/\/[^:@/]*:([^@/]*\D[^@/]*)/s.exec(text)?.[1];
}

/** The address as it may be shown: the mask stands for each password. */
export function hidePassword(text: string, mask: string): string {
  const address = parseServerAddress(text);
  if (!address) return hideInUrl(text, mask);
  const { user, password, parameters } = address;
  const place = formatServerAddress({ ...address, user: null, password: null, parameters: '' });
  const sender = user === null ? '' : `${encode(user)}${password === null ? '' : `:${mask}`}@`;
  return place.replace('://', () => `://${sender}`) + (parameters && `?${hideParameters(parameters, mask)}`);
}

/** Only an address of PostgreSQL or Redis has the parts above; this is for any other. */
function hideInUrl(text: string, mask: string): string {
  const url = parseUrl(text);
  if (url === null) return mask;
  const { protocol, host, pathname, username, search } = url;
  return `${protocol}//${username && `${mask}@`}${host}${pathname}${search && `?${mask}`}`;
}

function hideParameters(parameters: string, mask: string): string {
  return parameters.replace(/(^|&)(password)=[^&]*/gi, (_, before, name) => `${before}${name}=${mask}`);
}
