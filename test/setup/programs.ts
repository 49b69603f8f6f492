import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';
import { projectRoot } from '../../src/root.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The directory of the programs that tests start in processes of their own. */
    programs: string;
  }
}

const SOURCES = ['src/main.ts', 'test/setup/embedded-process.ts', 'test/fixtures/wordpress/measure.ts'];

/** Compiles the programs once for the run: compiling the sources at each start takes twice the time of the start. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Below node_modules, where the programs find their packages.
  const directory = await mkdtemp(join(projectRoot, 'node_modules', '.broadsheet-test-'));
  // Tests start some of them as another user.
  await chmod(directory, 0o755);
  await build({
    absWorkingDir: projectRoot,
    entryPoints: SOURCES,
    outbase: '.',
    outdir: directory,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  });
  project.provide('programs', directory);
  return () => rm(directory, { recursive: true });
}
