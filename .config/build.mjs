// Compiles the gateway into dist. Types are not checked: `npm run check` does that. With `--whole`, dist has all packages,
// and works without node_modules; it takes four times as long.
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

const files = await bundle({
  entryPoints: ['src/main.ts', 'src/rendering/conversion-worker.ts', 'src/media/picture-worker.ts'],
  outdir: dist,
  packages: process.argv.includes('--whole') ? 'bundle' : 'external',
});
mkdirSync(dist, { recursive: true });
for (const { path, contents } of files) writeFileSync(path, contents);
const names = files.map(({ path }) => basename(path));
for (const name of readdirSync(dist)) if (!names.includes(name)) rmSync(join(dist, name), { recursive: true });
chmodSync(join(dist, 'main.js'), 0o755);
// The compiler in WebAssembly keeps the process running.
process.exit();
