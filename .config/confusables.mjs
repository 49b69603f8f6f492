// Writes the table of look-alike characters from Unicode's file, which is at
// https://www.unicode.org/Public/<version>/security/confusables.txt:
//   npm run confusables -- <confusables.txt>
// A new table changes skeletons: add a migration that lists all people in `stale_name`, as the first one did.
import { readFileSync, writeFileSync } from 'node:fs';

const target = new URL('../schema/content/text/confusables.ts', import.meta.url);
const text = readFileSync(process.argv[2], 'utf8').replace(/^\uFEFF/, '');
const [, version] = /^# Version: (\S+)/m.exec(text);
const [, copyright] = /^# (© .*)$/m.exec(text);

/** Characters by what they look like, both in hexadecimal. */
const groups = new Map();
for (const [, source, prototype] of text.matchAll(/^([0-9A-F]+) ;\t([0-9A-F ]+) ;\tMA/gm)) {
  const character = String.fromCodePoint(Number.parseInt(source, 16));
  // `skeletonOf` decomposes a text before it looks characters up.
  if (character.normalize('NFKD') !== character) continue;
  const key = prototype.trim().replaceAll(' ', '+').toLowerCase();
  groups.set(key, [...(groups.get(key) ?? []), source.toLowerCase()]);
}
const lines = [''];
for (const [key, sources] of groups) {
  const group = `${key}:${sources.join()} `;
  if (lines.at(-1).length + group.length > 2_000) lines.push('');
  lines[lines.length - 1] += group;
}
const header = readFileSync(target, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('//'));
const about = header.map((line) =>
  line
    .replace(/^\/\/ Unicode .*, confusables\.txt.*/, `// Unicode ${version}, confusables.txt of UTS #39.`)
    .replace(/^\/\/ © .*/, `// ${copyright}`),
);
writeFileSync(
  target,
  `${about.join('\n')}

/** Groups of \`look-alike:characters\`, code points in hexadecimal. */
export const CONFUSABLES =
  ${lines.map((line) => `'${line}'`).join(' +\n  ')};
`,
);
