import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../schema/index.ts';
import {
  circles,
  graphqlInContent,
  openersInSchema,
  wrongEntrance,
  wrongFolder,
  wrongModule,
  wrongOrderInGraph,
} from './structure/import-rules.ts';
import { namesWithoutMeaning, pathsOfOneMachine } from './structure/name-rules.ts';
import { longFiles, longFunctions, longMedian } from './structure/size-rules.ts';
import { type Files, readProject, sourcesOf, targetsOf } from './structure/sources.ts';

let project: Files;
let sources: Files;

beforeAll(async () => {
  project = await readProject();
  sources = sourcesOf(project);
});

describe('the project', () => {
  it('is read as a whole', () => {
    expect([...sources.keys()]).toEqual(expect.arrayContaining(['schema/index.ts', 'src/main.ts', 'codegen.ts']));
    expect(targetsOf('src/main.ts', sources.get('src/main.ts')!)).toContain('src/start.ts');
  });

  it('imports one way: prisma <- schema/content <- schema/graph <- src <- test, and codegen -> schema', () => {
    expect(wrongFolder(sources)).toEqual([]);
  });

  it('imports one way inside src/: bus <- log <- delivery <- execution <- transport, and start on top', () => {
    expect(wrongModule(sources)).toEqual([]);
  });

  it('imports a module of src/ through its index.ts, which exports what other modules use and no more', () => {
    expect(wrongEntrance(sources)).toEqual([]);
  });

  it('imports one way inside schema/graph: builder <- parts <- types <- mutations and subscriptions <- index', () => {
    expect(wrongOrderInGraph(sources)).toEqual([]);
  });

  it('keeps GraphQL out of schema/content', () => {
    expect(graphqlInContent(sources)).toEqual([]);
  });

  it('opens no file, connection or server in schema/', () => {
    expect(openersInSchema(sources)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(circles(sources)).toEqual([]);
  });

  it('keeps files short: 300 lines, 500 of a test, 80 in the median', () => {
    expect([...longFiles(sources), ...longMedian(sources)]).toEqual([]);
  });

  it('keeps functions within 60 lines, except those that CONTRIBUTING.md names with a reason', () => {
    expect(longFunctions(sources, project.get('CONTRIBUTING.md') ?? '')).toEqual([]);
  });

  it('gives every file and folder a name that states its contents', () => {
    expect(namesWithoutMeaning(sources)).toEqual([]);
  });

  it('names no path of the machine it was written on', () => {
    expect(pathsOfOneMachine(project)).toEqual([]);
  });

  it('has its printed schema committed', async () => {
    const printed = await readFile(join(import.meta.dirname, '../schema/schema.graphql'), 'utf8');
    expect(printed.replace(/^#.*\n+/, '').trim()).toBe(printSchema(lexicographicSortSchema(schema)).trim());
  });
});

/** Files with one import each: `[importer, path as written in it]`. */
function importing(...imports: [path: string, name: string][]): Files {
  return new Map(imports.map(([path, name]) => [path, `import { a } from '${name}';`]));
}

describe('a violation is found', () => {
  it('in an import of a folder above, of types and in exports too', () => {
    expect(wrongFolder(importing(['schema/graph/article.ts', '../../src/change.ts']))).toHaveLength(1);
    expect(wrongFolder(importing(['schema/content/errors.ts', '../graph/builder.ts']))).toHaveLength(1);
    expect(wrongFolder(importing(['schema/content/errors.ts', '../index.ts']))).toHaveLength(1);
    expect(wrongFolder(importing(['schema/graph/topic.ts', '../../prisma/migrations/a.ts']))).toHaveLength(1);
    expect(wrongFolder(importing(['codegen.ts', './src/start.ts']))).toHaveLength(1);
    for (const text of [
      "import type { A } from '../../test/gateway.ts';",
      "export { a } from '../../test/gateway.ts';",
      "export type { A } from '../../test/gateway.ts';",
      "const { a } = await import('../../test/gateway.ts');",
      "export const a: import('../../test/gateway.ts').A = 1;",
    ])
      expect(wrongFolder(new Map([['src/log/reader.ts', text]])), text).toHaveLength(1);
    expect(wrongFolder(importing(['src/log/reader.ts', '../../schema/content/events.ts']))).toEqual([]);
  });

  it('in a module of src/ that imports a later one or the other transport, and in a file of no module', () => {
    expect(wrongModule(importing(['src/bus/bus.ts', '../log/index.ts']))).toHaveLength(1);
    expect(wrongModule(importing(['src/delivery/group.ts', '../execution/index.ts']))).toHaveLength(1);
    expect(wrongModule(importing(['src/transport/websocket/a.ts', '../http/index.ts']))).toHaveLength(1);
    expect(wrongModule(importing(['src/transport/http/a.ts', '../websocket/index.ts']))).toHaveLength(1);
    expect(wrongModule(importing(['src/transport/limits.ts', './http/index.ts']))).toHaveLength(1);
    expect(wrongModule(importing(['src/auth/token.ts', '../bus/index.ts']))).toHaveLength(1);
    expect(wrongModule(importing(['src/serve-metrics.ts', './start.ts']))).toHaveLength(1);
    expect(wrongModule(importing(['src/mail/send.ts', '../config.ts']))).not.toEqual([]);
    expect(
      wrongModule(importing(['src/log/reader.ts', '../bus/index.ts'], ['src/start.ts', './serve-metrics.ts'])),
    ).toEqual([]);
  });

  it('in an import past an index.ts, in a module without one, and in an export of it that no module uses', () => {
    const index = ['src/bus/index.ts', "export { createBus, TOPIC } from './bus.ts';"] as const;
    const user = (names: string): [string, string] => ['src/start.ts', `import { ${names} } from './bus/index.ts';`];
    expect(wrongEntrance(new Map([index, user('createBus, TOPIC')]))).toEqual([]);
    expect(wrongEntrance(new Map([index, user('createBus')]))).toHaveLength(1);
    expect(wrongEntrance(new Map([index, user('createBus, TOPIC'), ...importing(['src/log/a.ts', '../bus/bus.ts'])])))
      // Also of src/log, which has no index.ts.
      .toHaveLength(2);
    expect(wrongEntrance(new Map([['src/bus/index.ts', 'export const TOPIC = 1;']]))).toHaveLength(1);
    expect(wrongEntrance(importing(['src/transport/limits.ts', './frames.ts']))).toEqual([]);
  });

  it('in the order of the graph', () => {
    const type: [string, string] = ['schema/graph/topic.ts', './builder.ts'];
    expect(wrongOrderInGraph(importing(type, ['schema/graph/builder.ts', './topic.ts']))).toHaveLength(1);
    expect(wrongOrderInGraph(importing(type, ['schema/graph/relay/node.ts', '../topic.ts']))).toHaveLength(1);
    expect(wrongOrderInGraph(importing(['schema/graph/topic.ts', './mutation/react.ts']))).toHaveLength(1);
    expect(wrongOrderInGraph(importing(['schema/graph/mutation/react.ts', '../subscription/a.ts']))).toHaveLength(1);
    expect(wrongOrderInGraph(importing(['schema/graph/topic.ts', '../index.ts']))).toHaveLength(1);
    expect(wrongOrderInGraph(importing(type, ['schema/graph/mutation/react.ts', '../topic.ts']))).toEqual([]);
  });

  it('in content that imports GraphQL', () => {
    for (const name of ['graphql', 'graphql/language/index.js', 'graphql-yoga', '@pothos/core'])
      expect(graphqlInContent(importing(['schema/content/errors.ts', name]))).toHaveLength(1);
    expect(graphqlInContent(importing(['schema/graph/errors.ts', 'graphql']))).toEqual([]);
  });

  it('in a schema that opens something', () => {
    for (const name of ['pg', 'node:http', 'node:fs/promises', 'graphql-yoga', 'ws'])
      expect(openersInSchema(importing(['schema/graph/article.ts', name]))).toHaveLength(1);
    expect(openersInSchema(importing(['schema/content/ids.ts', 'node:crypto']))).toEqual([]);
  });

  it('in a circle, which types close too', () => {
    const circle = new Map([
      ['src/a.ts', "import './b.ts';"],
      ['src/b.ts', "export * from './c.ts';"],
      ['src/c.ts', "import type { A } from './a.ts';"],
    ]);
    expect(circles(circle)).toEqual(['src/a.ts -> src/b.ts -> src/c.ts -> src/a.ts']);
  });

  it('in a file that is too long, and in a median', () => {
    const lines = (count: number): string => '\n'.repeat(count);
    expect(longFiles(new Map([['src/a.ts', lines(300)]]))).toEqual([]);
    expect(longFiles(new Map([['src/a.ts', lines(301)]]))).toEqual(['src/a.ts has 301 lines']);
    expect(longFiles(new Map([['test/a.test.ts', lines(500)]]))).toEqual([]);
    expect(longFiles(new Map([['test/a.test.ts', lines(501)]]))).toHaveLength(1);
    const three = (middle: number) =>
      new Map(['a', 'b', 'c'].map((name, at) => [`src/${name}.ts`, lines([1, middle, 299][at]!)]));
    expect(longMedian(three(80))).toEqual([]);
    expect(longMedian(three(81))).toHaveLength(1);
  });

  it('in a function that is too long and has no reason in CONTRIBUTING.md, or no longer needs one', () => {
    const body = '\n'.repeat(60);
    const long = new Map([['src/a.ts', `export function open() {${body}}`]]);
    const section = (line: string): string => `## Functions over 60 lines\n\n${line}\n\n## More\n`;
    expect(longFunctions(long, '')).toEqual(['src/a.ts open has 61 lines']);
    expect(longFunctions(long, section('- `src/a.ts` `open`: it closes what it opens.'))).toEqual([]);
    expect(longFunctions(long, section('- `src/a.ts` `open`:'))).toHaveLength(1);
    expect(longFunctions(new Map(), section('- `src/a.ts` `open`: it closes what it opens.'))).toHaveLength(1);
    for (const text of [
      `export const open = async () => {${body}};`,
      `class A { open() {${body}} }`,
      `it('', () => {${body}});`,
    ])
      expect(longFunctions(new Map([['test/a.test.ts', text]]), ''), text).toHaveLength(1);
    expect(longFunctions(new Map([['test/a.test.ts', `describe('', () => {${body}});`]]), '')).toEqual([]);
  });

  it('in a name without meaning, and in a path of one machine', () => {
    const named = new Map(['src/utils.ts', 'test/helpers/x.ts', 'src/library.ts'].map((path) => [path, '']));
    expect(namesWithoutMeaning(named)).toHaveLength(2);
    const place = ['', 'home', 'me', 'broadsheet'].join('/');
    const texts = new Map([
      ['README.md', `cd ${place}`],
      ['src/a.ts', 'https://example.com/home/a'],
    ]);
    expect(pathsOfOneMachine(texts)).toEqual(['README.md']);
  });
});
