import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/setup/longest-first.ts';
import { temporaryDirectory } from './test/setup/temporary.ts';

export default defineConfig({
  // As Node resolves packages: otherwise Vite takes graphql's ES build beside the one that libraries load.
  resolve: {
    alias: [
      { find: 'graphql', replacement: 'graphql/index.js' },
      // As the files of the gateway name it; tests get the original.
      {
        find: '../own-program.ts',
        replacement: fileURLToPath(new URL('test/setup/compiled-program.ts', import.meta.url)),
      },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup/before-run.ts'],
    // Fails a file that leaves something open.
    setupFiles: ['test/setup/leftovers.ts'],
    env: { TMPDIR: temporaryDirectory() },
    pool: 'forks',
    // Files share a process and its modules: importing them again for each file took most of the suite's time.
    isolate: false,
    // More than processors, since many files wait more than they work.
    maxWorkers: 4,
    // Megabytes. A process runs many gateways and their clients; with the usual size, a tenth of its time is garbage collection.
    execArgv: ['--max-semi-space-size=64'],
    sequence: { sequencer: LongestFirst },
    // Milliseconds. Nothing here takes seconds alone, but a small machine may be doing more than this.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
