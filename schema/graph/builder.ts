import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import type PrismaTypes from '../../prisma/client/pothos.ts';
import { getDatamodel } from '../../prisma/client/pothos.ts';
import type { Context } from '../content/context.ts';
import type { AuthorRow, RowTypes } from '../content/row-types.ts';
import type { Time } from '../content/stored-time.ts';

/**
 * Prisma's models, of which an author's row may lack columns: lists read authors, too, and only the columns that a query
 * needs. Articles, comments and topics are no Prisma objects: no relation leads to them, lists read them.
 */
type Models = Omit<PrismaTypes, 'Author'> & { Author: Omit<PrismaTypes['Author'], 'Shape'> & { Shape: AuthorRow } };

function capitalized(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  PrismaTypes: Models;
  Objects: RowTypes;
  Scalars: {
    DateTime: { Input: Date; Output: Time };
    EventCursor: { Input: string; Output: string };
    ID: { Input: string; Output: string };
  };
}>({
  defaultFieldNullability: false,
  plugins: [ErrorsPlugin, PrismaPlugin],
  errors: {
    defaultUnionOptions: { name: ({ fieldName }) => `${capitalized(fieldName)}Result` },
    defaultResultOptions: { name: ({ fieldName }) => `${capitalized(fieldName)}Success` },
  },
  prisma: { client: (context) => context.db.prisma, dmmf: getDatamodel() },
});
