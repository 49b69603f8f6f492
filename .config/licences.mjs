// Lists the packages that a production installation has, with their licences: `npm run licences`. Exits with 1 when one has
// a licence that is not listed here. With `--texts`, prints the texts of all licences.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Licences that ask for their text and a notice, and for nothing more. */
const ACCEPTED = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  // Of libvips, which is a shared library beside sharp and may be replaced. Its package names its source.
  'LGPL-3.0-or-later',
  'PostgreSQL',
  'Python-2.0',
];

/** Those of this installation; optional packages of other platforms are not. */
function productionPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && existsSync(join(root, path)))
    .map(([path, { version, license }]) => ({ path, name: path.split('node_modules/').at(-1), version, license }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `(MIT OR Apache-2.0)` offers a choice. */
function isAccepted(license) {
  const choices = String(license).replace(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((part) => ACCEPTED.includes(part)));
}

export function licenceTexts() {
  return productionPackages()
    .map(({ path, name, version, license }) => {
      const files = readdirSync(join(root, path)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
      const texts = files.map((file) => readFileSync(join(root, path, file), 'utf8').trim());
      return [`${name} ${version} (${license})`, ...texts].join('\n\n');
    })
    .join(`\n\n${'-'.repeat(80)}\n\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === '--texts') {
    process.stdout.write(`${licenceTexts()}\n`);
  } else {
    const packages = productionPackages();
    for (const { name, version, license } of packages) process.stdout.write(`${name} ${version} ${license}\n`);
    const refused = packages.filter(({ license }) => !isAccepted(license));
    for (const { name, license } of refused)
      process.stderr.write(`${name}: the licence ${license} is not accepted yet\n`);
    if (refused.length > 0) process.exitCode = 1;
  }
}
