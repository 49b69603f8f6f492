import type { CodegenConfig } from '@graphql-codegen/cli';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema/index.ts';

const printed = printSchema(lexicographicSortSchema(schema));

const config: CodegenConfig = {
  schema: printed,
  // Imports with their extension, as Node requires.
  emitLegacyCommonJSImports: false,
  generates: {
    // Committed, so that a review shows each change of the schema.
    './schema/schema.graphql': {
      plugins: [{ add: { content: `# Printed from the code by \`npm run codegen\`.\n\n${printed}\n` } }],
    },
    // The operations of tests, as constants with the types of their variables and results.
    './test/generated/': {
      preset: 'client',
      documents: ['test/operations/*.graphql'],
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        // Their types in JSON.
        scalars: { DateTime: 'string', EventCursor: 'string' },
      },
    },
  },
};

export default config;
