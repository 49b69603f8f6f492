import type { CodegenConfig } from '@graphql-codegen/cli';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema/index.ts';

const printed = printSchema(lexicographicSortSchema(schema));

const config: CodegenConfig = {
  schema: printed,
  // Imports with their extension, as Node wants them.
  emitLegacyCommonJSImports: false,
  generates: {
    // Committed, so that a change of the graph is read in a review as what it is to those who ask it.
    './schema/schema.graphql': {
      plugins: [{ add: { content: `# Printed from the code by \`npm run codegen\`.\n\n${printed}\n` } }],
    },
    // The operations of tests, as constants that know the types of their variables and answers.
    './test/generated/': {
      preset: 'client',
      documents: ['test/operations/*.graphql'],
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        // As JSON has them.
        scalars: { DateTime: 'string', EventCursor: 'string' },
      },
    },
  },
};

export default config;
