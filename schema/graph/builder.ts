import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import type PrismaTypes from '../../prisma/client/pothos.ts';
import { getDatamodel } from '../../prisma/client/pothos.ts';
import type { Context } from '../content/context.ts';
import type { AuthorRow, RowTypes } from '../content/row-types.ts';

/**
 * Prisma's models. An author's row is one of a list, too, which leaves out columns: so its resolvers may find them
 * missing. Articles and comments are in lists alone, and their types know nothing of Prisma.
 */
type Models = Omit<PrismaTypes, 'Author'> & { Author: Omit<PrismaTypes['Author'], 'Shape'> & { Shape: AuthorRow } };

export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  PrismaTypes: Models;
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
