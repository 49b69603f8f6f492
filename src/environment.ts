import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { VARIABLES } from './config.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The environment of the process, completed from files. */
export interface Environment {
  /** The values of all variables. */
  values: Variables;
  /** What the environment of the process lacks: the variables in `.env`, and those of others that a file holds. */
  forLibraries: Readonly<Record<string, string>>;
  /** The file that a value was read from, by the variable's name. */
  files: ReadonlyMap<string, string>;
  /** Files that cannot be read and variables that are given twice, one line each. */
  mistakes: readonly string[];
  /** Variables without effect whose names are nearly those of Broadsheet's. */
  misspelled: readonly Misspelling[];
}

interface Misspelling {
  name: string;
  didYouMean: string;
}

/** Where variables may be written down, in the working directory. */
const DOTENV = '.env';

/** Ends the name of a variable whose value is the path of a file with the value, as Docker and Kubernetes keep secrets. */
const FILE = '_FILE';

/** Variables of others that a secret may be in, too: PostgreSQL's driver reads the password. */
const OF_OTHERS = ['PGPASSWORD'];

/**
 * Reads `.env` in the directory, if there is one, and the files that variables such as JWT_SECRET_FILE name. A variable
 * that the process was given, also an empty one, takes precedence over `.env`.
 * @param given the environment that the process was started with
 */
export function readEnvironment(given: Variables, directory: string): Environment {
  const mistakes: string[] = [];
  const files = new Map<string, string>();
  const values: Record<string, string | undefined> = { ...given };
  const forLibraries: Record<string, string> = {};
  const isGiven = (name: string) => given[name] !== undefined || given[name + FILE] !== undefined;
  for (const [name, value] of Object.entries(readDotenv(directory, mistakes))) {
    const base = name.endsWith(FILE) ? name.slice(0, -FILE.length) : name;
    if (isGiven(base)) continue;
    values[name] = forLibraries[name] = value;
    files.set(name, DOTENV);
  }
  for (const name of [...VARIABLES.map((variable) => variable.name), ...OF_OTHERS]) {
    const path = values[name + FILE];
    if (!path) continue;
    if (values[name]) {
      mistakes.push(`${name}: cannot be set together with ${name + FILE}`);
      continue;
    }
    const secret = readSecret(name + FILE, resolve(directory, path), mistakes);
    values[name] = secret;
    files.set(name, path);
    if (secret !== undefined && OF_OTHERS.includes(name)) forLibraries[name] = secret;
  }
  return { values, forLibraries, files, mistakes, misspelled: misspellings(Object.keys(values)) };
}

function readDotenv(directory: string, mistakes: string[]): Record<string, string> {
  try {
    return parseEnv(readFileSync(resolve(directory, DOTENV), 'utf8')) as Record<string, string>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') mistakes.push(`${DOTENV}: cannot be read (${code})`);
    return {};
  }
}

/** The text of the file without the end of its last line, which editors and shells add. */
function readSecret(variable: string, path: string, mistakes: string[]): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (text === '') mistakes.push(`${variable}: the file is empty`);
    return text;
  } catch (error) {
    mistakes.push(`${variable}: the file cannot be read (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
}

function misspellings(names: readonly string[]): Misspelling[] {
  const known = VARIABLES.map(({ name }) => name);
  return names.flatMap((name) => {
    const suffix = name.endsWith(FILE) ? FILE : '';
    const base = suffix ? name.slice(0, -FILE.length) : name;
    if (known.includes(base)) return [];
    const meant = known.find((other) => isNearly(base.toUpperCase(), other));
    return meant === undefined ? [] : [{ name, didYouMean: meant + suffix }];
  });
}

/**
 * One mistake in a name, two in a long one. In a short one only letters in another order: HOST, PORT and the like are near
 * many names of other programs.
 */
function isNearly(name: string, known: string): boolean {
  if (known.length < 6) return sorted(name) === sorted(known) && distance(name, known) <= 1;
  return distance(name, known) <= (known.length < 10 ? 1 : 2);
}

function sorted(text: string): string {
  return [...text].sort().join('');
}

/** Letters to add, remove, replace or exchange with the next one (optimal string alignment). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isExchange = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const exchanged = isExchange ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced, exchanged));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
