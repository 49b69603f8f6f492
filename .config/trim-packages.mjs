// Removes 66 MB of @prisma/client that no gateway uses: the query compilers for other databases and for CommonJS, and
// source maps. Runs after each installation; without it, everything works the same.
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const runtime = fileURLToPath(new URL('../node_modules/@prisma/client/runtime/', import.meta.url));
const USED = /^query_compiler_fast_bg\.postgresql\..*mjs$/;

for (const name of readdirSync(runtime))
  if (name.endsWith('.map') || (name.startsWith('query_compiler_') && !USED.test(name))) rmSync(runtime + name);
