import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript-compiler';

/** Text by path from the project's root. */
export type Files = ReadonlyMap<string, string>;

const ROOT = join(import.meta.dirname, '../..');

const FOLDERS = ['schema', 'src', 'test', '.ci', '.config', '.github', 'prisma/migrations'];

/** Generated code, content that tests read, and packages that the benchmark installs. */
const NOT_WRITTEN_HERE = /^test\/(generated|fixtures)\/|\/node_modules\//;

/** Every file of the project that a person wrote. */
export async function readProject(): Promise<Files> {
  const paths = [...(await Promise.all(FOLDERS.map(pathsBelow))).flat(), ...(await pathsAtRoot())];
  const read = paths.map(async (path) => [path, await readFile(join(ROOT, path), 'utf8')] as const);
  return new Map(await Promise.all(read));
}

/** The TypeScript among them. */
export function sourcesOf(files: Files): Files {
  return new Map([...files].filter(([path]) => /^((schema|src|test)\/.*|codegen)\.ts$/.test(path)));
}

async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((path) => !NOT_WRITTEN_HERE.test(path));
}

async function pathsAtRoot(): Promise<string[]> {
  const entries = await readdir(ROOT, { withFileTypes: true });
  // In a second work tree, .git is a file with the path of the first one.
  return entries.filter((entry) => entry.isFile() && entry.name !== '.git').map(({ name }) => name);
}

/** By text, since each rule asks for the imports of all files. */
const knownImports = new Map<string, string[]>();

/** The names of all modules that a file imports or exports from, types included. */
export function importsOf(text: string): string[] {
  let names = knownImports.get(text);
  if (!names) {
    names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    knownImports.set(text, names);
  }
  return names;
}

/** The project's files among its imports. */
export function targetsOf(path: string, text: string): string[] {
  return importsOf(text)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(path), name)));
}

/** Each import of one project file by another. */
export function edgesOf(files: Files): { from: string; to: string }[] {
  return [...files].flatMap(([from, text]) => targetsOf(from, text).map((to) => ({ from, to })));
}
