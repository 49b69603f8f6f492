import { type GraphQLSchema, getNamedType, isCompositeType, isObjectType } from 'graphql';
import type { Context } from '../content/context.ts';

/**
 * Has the fields with objects give them at the pace of the operation, where it has one. For all other operations this is one
 * look at the context.
 */
export function paceResolvers(schema: GraphQLSchema): GraphQLSchema {
  const subscription = schema.getSubscriptionType();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type === subscription || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (!isCompositeType(getNamedType(field.type))) continue;
      const { name, resolve = (parent) => parent[name] } = field;
      field.resolve = (parent, args, context: Context, info) => {
        const value = resolve(parent, args, context, info);
        return context.slices ? context.slices.pace(value) : value;
      };
    }
  }
  return schema;
}
