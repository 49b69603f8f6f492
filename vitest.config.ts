import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As Node resolves packages: otherwise Vite takes graphql's ES build beside the one that libraries load.
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup/database.ts'],
    // A process per file, so that what one leaves open cannot reach the next; three, since many wait more than they work.
    pool: 'forks',
    maxWorkers: 3,
    // Milliseconds. Nothing here takes seconds alone, but a small machine may be doing more than this.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
