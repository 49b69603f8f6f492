import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import type PrismaTypes from '../../prisma/client/pothos.ts';
import { getDatamodel } from '../../prisma/client/pothos.ts';
import type { Context } from '../content/context.ts';
import type { RowTypes } from '../content/row-types.ts';

export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  PrismaTypes: PrismaTypes;
  Objects: RowTypes;
  Scalars: {
    DateTime: { Input: Date; Output: Date };
    EventCursor: { Input: string; Output: string };
    ID: { Input: string; Output: string };
  };
}>({
  defaultFieldNullability: false,
  plugins: [PrismaPlugin],
  prisma: { client: (context) => context.db.prisma, dmmf: getDatamodel() },
});
