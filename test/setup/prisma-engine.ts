import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

/**
 * Prisma's migration engine without the download that its command line wants: the build that runs inside Node.
 * It works on the database at `url`; call `free` on it afterwards.
 */
export function openPrismaEngine(url: string, schema: string): Promise<bindings.SchemaEngine> {
  load();
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url }));
  return bindings.SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => {}, adapter);
}

// The types of Node 20 know of no WebAssembly.
const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyGlobal }).WebAssembly;

interface WebAssemblyGlobal {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (program: object, imports: Record<string, object>) => { exports: Record<string, unknown> };
}

let isLoaded = false;

function load(): void {
  if (isLoaded) return;
  // The package imports its .wasm file as a module, which Node 20 does not do; this is what that import would do.
  const file = new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const program = new Module(readFileSync(fileURLToPath(file)));
  const { exports } = new Instance(program, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  isLoaded = true;
}
