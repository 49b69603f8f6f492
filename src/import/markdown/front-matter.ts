import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { firstInstant } from '../dates.ts';
import { ImportError } from '../import-error.ts';

export interface FrontMatter {
  fields: Fields;
  body: string;
}

export type Fields = Readonly<Record<string, unknown>>;

const yaml = (text: string): unknown => parseYaml(text, { logLevel: 'error' });

/** By the names that fences and files use. */
const PARSERS: Record<string, (text: string) => unknown> = {
  yaml,
  yml: yaml,
  toml: parseToml,
  json: (text) => JSON.parse(text),
};

/** Parses a file in YAML, TOML or JSON. @throws Error if it is damaged, or in none of them */
export function parseData(language: string, text: string): unknown {
  const parser = PARSERS[language];
  if (!parser) throw new Error(`${language} is not read`);
  return parser(text);
}

/**
 * Separates the front matter from the text of a page: YAML between `---`, TOML between `+++`, JSON in braces, or the language
 * that the first line names, as in `---json`. Names of fields are in lower case and without `_` and `-`.
 *
 * @returns the parts, or why the file has no front matter that is read: programs, as in `---js`, are not executed
 * @throws ImportError that names the file, if the front matter is damaged
 */
export function readFrontMatter(text: string, path: string): FrontMatter | string {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const fence = /^(---|\+\+\+)\s*([a-z]*)\s*$/.exec(lines[0] ?? '');
  if (!fence && !/^\{\s*("|$)/.test(lines[0] ?? '')) return withoutBeginning(lines, path) ?? 'has no front matter';
  const isEnd = fence
    ? (line: string) => line === fence[1] || (line === '...' && fence[1] === '---')
    : (line: string) => line === '}';
  const end = lines.findIndex((line, index) => index > 0 && isEnd(line.trimEnd()));
  if (end < 0) throw new ImportError(`${path}: the front matter does not end.`);
  const language = fence ? fence[2] || (fence[1] === '+++' ? 'toml' : 'yaml') : 'json';
  const parser = PARSERS[language];
  if (!parser) return `has front matter in "${language}", which is not read; use YAML, TOML or JSON`;
  const source = fence ? lines.slice(1, end) : lines.slice(0, end + 1);
  return { fields: fieldsOf(parser, source.join('\n'), path), body: lines.slice(end + 1).join('\n') };
}

/** Pages of Hexo may begin with a field, without the first line. Null for others: a text with such a first line has no title or date. */
function withoutBeginning(lines: readonly string[], path: string): FrontMatter | null {
  const end = /^[a-z]\w*:(?:\s|$)/i.test(lines[0] ?? '') ? lines.findIndex((line) => /^-{3,}\s*$/.test(line)) : -1;
  const source = lines.slice(0, Math.max(end, 0));
  if (!source.some((line) => /^(?:title|date):/.test(line))) return null;
  return { fields: fieldsOf(yaml, source.join('\n'), path), body: lines.slice(end + 1).join('\n') };
}

function fieldsOf(parser: (text: string) => unknown, source: string, path: string): Fields {
  let parsed: unknown;
  try {
    parsed = parser(source);
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new ImportError(`${path}: the front matter cannot be read: ${reason}`, null, { cause });
  }
  if (parsed === null || parsed === undefined) return {};
  if (typeof parsed !== 'object' || Array.isArray(parsed))
    throw new ImportError(`${path}: the front matter is not a list of fields.`);
  return withPlainNames(parsed);
}

/** Fields of `params`, `taxonomies` and `extra` are fields, too: Hugo and Zola allow both. */
function withPlainNames(parsed: object): Fields {
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(parsed)) fields[plainName(name)] = value;
  for (const group of ['params', 'taxonomies', 'extra']) {
    const inner = fields[group];
    if (typeof inner !== 'object' || inner === null) continue;
    for (const [name, value] of Object.entries(inner)) fields[plainName(name)] ??= value;
  }
  return fields;
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

/** The first of the fields that is a text, number or date, as text; empty if none is. */
export function fieldText(fields: Fields, ...names: string[]): string {
  for (const name of names) {
    const text = plainText(fields[name]);
    if (text !== '') return text;
  }
  return '';
}

export function plainText(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return String(value);
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : '';
}

/** Lists in a list. */
const MAX_LISTS = 8;

/** The texts of fields with a list, or with one text that separates them by commas, or by blanks if it has no comma. */
export function fieldList(fields: Fields, ...names: string[]): string[] {
  return names.flatMap((name) => {
    const value = fields[name];
    // Hexo lists categories below each other as a list in the list.
    if (Array.isArray(value))
      return value
        .flat(MAX_LISTS)
        .map(plainText)
        .filter((text) => text !== '');
    const text = plainText(value);
    return text.split(text.includes(',') ? ',' : /\s+/).flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
  });
}

/** A date with the name of its month or of its zone. */
const WORDED_DATE = /^(?=.*\d{4})(?:[a-z]{3}|\d.*\s[a-z]{3,5}$|\d{1,2}\s[a-z]{3})/i;

/** An instant in UTC; a time without a zone is in UTC, and a date its first moment. Null for anything else. */
export function instantOf(text: string): string | null {
  const found =
    /^(\d{4})([-/])(\d\d?)\2(\d\d?)(?:[T ]+(\d\d?:\d\d)(:\d\d)?(\.\d+)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/i.exec(text);
  if (!found) return WORDED_DATE.test(text) ? firstInstant(text) : null;
  const [, year, , month, day, time = '00:00', seconds = ':00', , zone = 'Z'] = found;
  const offset = /^(Z|UTC)$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
  const pad = (part: string) => part.padStart(2, '0');
  const date = new Date(`${year}-${pad(month!)}-${pad(day!)}T${time.padStart(5, '0')}${seconds}${offset}`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
