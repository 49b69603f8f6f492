import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundle } from '../../.config/bundle.mjs';
import { projectRoot } from '../../src/root.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The directory of the programs that tests start in processes of their own. */
    programs: string;
  }
}

const SOURCES = [
  'src/main.ts',
  'src/rendering/conversion-worker.ts',
  'src/media/picture-worker.ts',
  'test/setup/embedded-process.ts',
  'test/fixtures/import-all.ts',
  'test/fixtures/wordpress/measure.ts',
];

/** Compiles the programs once for the run, as for the package that is distributed. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Below node_modules, where the programs find PostgreSQL.
  const directory = await mkdtemp(join(projectRoot, 'node_modules', '.broadsheet-test-'));
  // Tests start some of them as another user.
  await chmod(directory, 0o755);
  for (const { path, contents } of await bundle({ entryPoints: SOURCES, outdir: directory, packages: 'bundle' }))
    await writeFile(path, contents);
  project.provide('programs', directory);
  return () => rm(directory, { recursive: true });
}
