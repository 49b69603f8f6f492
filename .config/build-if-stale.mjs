// Builds before a start when something it is built from has changed since; an unchanged checkout starts at once.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = [
  'schema',
  'src',
  'prisma/schema.prisma',
  '.config/tsconfig.build.json',
  'tsconfig.json',
  'package.json',
];
// TypeScript writes it at the end of a build, unless nothing changed in meaning; then its time is set below.
const built = join(root, 'dist', '.tsbuildinfo');

/** The newest change below a path, in milliseconds since 1970. */
function changed(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))));
}

const newest = Math.max(...sources.map((source) => changed(join(root, source))));
if (!existsSync(built) || !existsSync(join(root, 'prisma/client')) || statSync(built).mtimeMs < newest) {
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
  const now = new Date();
  utimesSync(built, now, now);
}
