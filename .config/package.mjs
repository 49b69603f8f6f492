// Before and after `npm pack`: the package has the built gateway, and no dependencies but the embedded PostgreSQL and the
// decoder of pictures, both optional. Its package.json is in the place of the project's while npm packs.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licenceTexts } from './licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = join(root, 'package.json');
const original = join(root, 'node_modules', '.broadsheet-package.json');
const licences = join(root, 'THIRD-PARTY-LICENCES.txt');

/** What only the project needs. */
const OF_THE_PROJECT = ['private', 'scripts', 'overrides', 'dependencies', 'devDependencies', 'allowScripts'];

/** The package.json of the package. sharp has a compiled library beside it, so it cannot be in the programs. */
export function packageManifest() {
  const project = JSON.parse(readFileSync(manifest, 'utf8'));
  const kept = Object.entries(project).filter(([name]) => !OF_THE_PROJECT.includes(name));
  const { optionalDependencies } = project;
  const { sharp } = project.dependencies;
  return { ...Object.fromEntries(kept), optionalDependencies: { ...optionalDependencies, sharp } };
}

function restore() {
  if (existsSync(original)) renameSync(original, manifest);
  rmSync(licences, { force: true });
}

function begin() {
  const { status } = spawnSync(process.execPath, [join(root, '.config/build.mjs'), '--whole'], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
  writeFileSync(licences, `${licenceTexts()}\n`);
  const text = `${JSON.stringify(packageManifest(), null, 2)}\n`;
  copyFileSync(manifest, original);
  writeFileSync(manifest, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Also before: what packed last may have been interrupted.
  restore();
  if (process.argv[2] === 'begin') begin();
}
