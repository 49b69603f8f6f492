import { resolve } from 'node:path';
import * as v from 'valibot';
import { parseUrl } from '../schema/content/text/parse-url.ts';
import { formatServerAddress, parseServerAddress, type ServerAddress } from './server-address.ts';

const SECOND = 1_000;
/** Milliseconds in each unit that a period may be given in. */
const UNITS = { s: SECOND, m: 60 * SECOND, h: 3_600 * SECOND, d: 86_400 * SECOND };

/** One environment variable. */
export interface Variable {
  name: string;
  /** As an operator would write it; null when the variable may be unset. */
  default: string | null;
  /** Checks and converts the text. Its message completes "must be". */
  schema: v.GenericSchema<string, unknown>;
  /** It is a secret, or an address that may hold a password, or several with commas between them. */
  secret?: 'value' | 'address' | 'addresses';
}

/** One message for whatever is wrong with a value: it describes what is allowed. */
export function allowed<Schema extends v.GenericSchema<string, unknown>>(description: string, schema: Schema): Schema {
  return v.config(schema, { message: description, abortPipeEarly: true });
}

export function wholeNumber(least: number, most: number) {
  return allowed(
    `a whole number from ${least} to ${most}`,
    v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number), v.minValue(least), v.maxValue(most)),
  );
}

export function portOrOff() {
  return allowed(
    'a whole number from 0 to 65535, or off',
    v.union([
      v.pipe(v.string(), v.toLowerCase(), v.literal('off')),
      v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number), v.maxValue(65_535)),
    ]),
  );
}

/** A part of the whole, from 0 to 1. */
export function share() {
  return allowed(
    'a number from 0 to 1 such as 0.01',
    v.pipe(v.string(), v.regex(/^(0|1|0?\.\d{1,9}|1\.0+|0\.0+)$/), v.transform(Number)),
  );
}

export function oneOf<const Choices extends readonly string[]>(choices: Choices) {
  return allowed(`one of ${choices.join(', ')}`, v.pipe(v.string(), v.toLowerCase(), v.picklist(choices)));
}

export function onOrOff() {
  return v.pipe(
    oneOf(['on', 'off']),
    v.transform((choice) => choice === 'on'),
  );
}

export function period(mostDays: number) {
  return allowed(
    `days such as 30, or a time such as 90s, 15m or 12h, from 1s to ${mostDays}d`,
    v.pipe(
      v.string(),
      v.regex(/^\d{1,10}[smhd]?$/),
      v.transform(
        (text) => Number.parseInt(text, 10) * UNITS[(/[smhd]$/.exec(text)?.[0] ?? 'd') as keyof typeof UNITS],
      ),
      v.minValue(UNITS.s),
      v.maxValue(mostDays * UNITS.d),
    ),
  );
}

const BYTES = { B: 1, kB: 1_000, MB: 1_000_000, GB: 1_000_000_000 };

/** Bytes, as a number with a unit. */
export function fileSize(least: string, most: string) {
  return allowed(
    `a size with its unit such as 500kB or 20MB, from ${least} to ${most}`,
    v.pipe(
      v.string(),
      v.regex(/^\d{1,10}\s?([kMG]?B)$/i),
      v.transform(bytesOf),
      v.minValue(bytesOf(least)),
      v.maxValue(bytesOf(most)),
    ),
  );
}

function bytesOf(text: string): number {
  const unit = /[a-z]+$/i.exec(text)![0].toUpperCase().replace('KB', 'kB');
  return Number.parseInt(text, 10) * BYTES[unit as keyof typeof BYTES];
}

/**
 * An address that may have credentials, rewritten so that every library reads the same parts.
 * @param isPlace checks the rest of the address
 */
export function serverAddress(beginning: RegExp, description: string, isPlace: (address: ServerAddress) => boolean) {
  return allowed(
    `${description}; percent-encode the password if it has an @ and a ?`,
    v.pipe(
      v.string(),
      v.regex(beginning),
      v.transform(parseServerAddress),
      v.check((address) => address !== null && isPlace(address)),
      v.transform((address) => formatServerAddress(address!)),
    ),
  );
}

/** The address of a PostgreSQL server, percent-encoded for every library. */
export function postgresAddress() {
  return serverAddress(
    /^postgres(ql)?:\/\/(?!$)/i,
    'an address such as postgres://user:password@host:5432/database',
    ({ path }) => !/[?#]/.test(path),
  );
}

/** The address of a site, rewritten so that it ends with a slash. */
export function siteAddress() {
  return allowed(
    'the address of a site such as https://example.com or https://example.com/blog, without a password, query and fragment',
    v.pipe(
      v.string(),
      v.regex(/^https?:\/\/[^?#]*$/i),
      v.check((text) => {
        const url = parseUrl(text);
        return url?.username === '' && url.password === '';
      }),
      v.transform((text) => new URL(text).href.replace(/\/*$/, '/')),
    ),
  );
}

export function webAddress() {
  return allowed(
    'an address that begins with https:// or http://',
    v.pipe(
      v.string(),
      v.regex(/^https?:\/\//),
      v.check((text) => parseUrl(text) !== null),
    ),
  );
}

export function isOrigin(text: string): boolean {
  const url = parseUrl(text);
  // Not its `origin`, which is null for schemes of apps: the pages of hybrid apps are at capacitor://localhost and the like.
  return text === '*' || (url !== null && url.host !== '' && text === `${url.protocol}//${url.host}`);
}

export function splitList(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}

export function toAbsolutePath(path: string): string {
  return resolve(path);
}

export function toUpperCase<Text extends string>(text: Text): Uppercase<Text> {
  return text.toUpperCase() as Uppercase<Text>;
}
