// Removes what no gateway uses, from 120 MB of packages: of @prisma/client the query compilers for other databases and for
// CommonJS, and source maps; of sql.js all but one of eleven builds; of OpenTelemetry the build for newer runtimes, and source maps;
// GraphiQL for CommonJS; the tests of a library. Runs after each installation; without it, everything works the same.
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const runtime = fileURLToPath(new URL('../node_modules/@prisma/client/runtime/', import.meta.url));
const USED = /^query_compiler_fast_bg\.postgresql\..*mjs$/;

for (const name of readdirSync(runtime))
  if (name.endsWith('.map') || (name.startsWith('query_compiler_') && !USED.test(name))) rmSync(runtime + name);

const builds = fileURLToPath(new URL('../node_modules/sql.js/dist/', import.meta.url));
for (const name of readdirSync(builds)) if (name !== 'sql-wasm-inline.js') rmSync(builds + name);

const modules = fileURLToPath(new URL('../node_modules/', import.meta.url));
const telemetry = `${modules}@opentelemetry/`;
for (const path of readdirSync(telemetry, { recursive: true })) if (path.endsWith('.map')) rmSync(telemetry + path);
const unused = readdirSync(telemetry).map((name) => `@opentelemetry/${name}/build/esnext`);
for (const path of [...unused, '@graphql-yoga/render-graphiql/cjs', '@mixmark-io/domino/test'])
  rmSync(modules + path, { recursive: true, force: true });
