import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup/database.ts'],
    // A process per file, so that what one leaves open cannot reach the next; two, so that PostgreSQL gets its share.
    pool: 'forks',
    maxWorkers: 2,
    // Milliseconds. Nothing here takes seconds alone, but a small machine may be doing more than this.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
