import { defineConfig } from 'prisma/config';

// Prisma's command line wants to download an engine that generating does not need, unless this names a file.
// Nothing else uses it: migrations are applied by src/database.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: '../prisma/schema.prisma',
  migrations: { path: '../prisma/migrations' },
});
