import { defineConfig } from 'prisma-cli/config';

// Without this, Prisma's command line downloads an engine that `prisma generate` does not need. Any existing file will do.
// Migrations do not use it either: src/database applies them.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: '../prisma/schema.prisma',
  migrations: { path: '../prisma/migrations' },
});
