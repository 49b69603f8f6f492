/** Replaces the known secrets in a text. */
export type Redact = (text: string) => string;

/** What is written in place of a secret. */
const MASK = '***';

/** UTF-16 code units: shorter values occur in ordinary words, and hiding those would make the log unreadable. */
const SHORTEST = 4;

/** Characters that a regular expression would interpret. */
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

/**
 * The last line of defence against secrets in output: nothing writes one on purpose, but an error of a library may quote
 * its input. Each secret is found as it was given, decoded, percent-encoded, and as JSON or a program would quote it.
 */
export function createRedaction(secrets: readonly string[]): Redact {
  const forms = new Set(secrets.flatMap(formsOf).filter((form) => form.length >= SHORTEST));
  if (forms.size === 0) return (text) => text;
  // Longer forms first, so that a form that contains another one is replaced as a whole.
  const alternatives = [...forms].sort((a, b) => b.length - a.length).map((form) => form.replace(SPECIAL, '\\$&'));
  const anyForm = new RegExp(alternatives.join('|'), 'g');
  return (text) => text.replace(anyForm, MASK);
}

/** The secret as it may appear in messages. */
function formsOf(secret: string): string[] {
  const plain = [secret, decoded(secret)];
  return plain.flatMap((text) => [text, ...encodedForms(text)]).flatMap((text) => [text, ...quotedForms(text)]);
}

function encodedForms(text: string): string[] {
  // encodeURIComponent refuses half a surrogate pair.
  if (!text.isWellFormed()) return [];
  const strict = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const forms = [
    strict,
    encodeURIComponent(text),
    encodeURI(text),
    asUserInfo(text),
    encodeURIComponent(text).replaceAll('%20', '+'),
  ];
  return forms.flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

/** The secret as the WHATWG URL parser writes a password. */
function asUserInfo(text: string): string {
  const url = new URL('http://localhost');
  url.password = text;
  return url.password;
}

function quotedForms(text: string): string[] {
  const inJson = JSON.stringify(text).slice(1, -1);
  return [inJson, JSON.stringify(inJson).slice(1, -1), text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
