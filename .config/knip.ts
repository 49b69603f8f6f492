import type { KnipConfig } from 'knip';

const config: KnipConfig = {
  // The peers of the benchmark have packages of their own.
  project: ['schema/**/*.ts', 'src/**/*.ts', 'test/**/*.ts', '!test/bench/peers/**', '*.ts', '.config/*'],
  // Programs that are started by path.
  entry: [
    'src/rendering/conversion-worker.ts',
    'src/media/picture-worker.ts',
    'test/bench/**/worker.ts',
    'test/bench/servers/{broadcast,constant,one-statement}.ts',
    'test/setup/embedded-process.ts',
    'test/setup/compiled-program.ts',
    'test/fixtures/import-all.ts',
    'test/fixtures/wordpress/measure.ts',
  ],
  ignoreDependencies: [
    // Imported by the generated documents of test/generated, which are not committed.
    '@graphql-typed-document-node/core',
  ],
  // Tests that need a program of the system skip themselves without it.
  ignoreBinaries: ['redis-server', 'taskset'],
};

export default config;
