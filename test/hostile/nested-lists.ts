import { type GraphQLField, type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import { schema } from '../../schema/index.ts';

/** Fields that lead from a row to further rows, by the type of the row: a page of each, or one object. */
function stepsFrom(type: GraphQLObjectType): { text: string; to: GraphQLObjectType; isPage: boolean }[] {
  return Object.values(type.getFields()).flatMap((field) => {
    const named = getNamedType(field.type);
    if (!isObjectType(named)) return [];
    if (isRow(named)) return [{ text: written(field, '*'), to: named, isPage: 'first' in argumentsOf(field) }];
    const { nodes, rows } = named.getFields();
    if (nodes && isObjectType(getNamedType(nodes.type)) && isRow(getNamedType(nodes.type) as GraphQLObjectType))
      return [{ text: written(field, '{ nodes * }'), to: getNamedType(nodes.type) as GraphQLObjectType, isPage: true }];
    if (rows)
      return [
        {
          text: written(field, '{ rows { comment * } }'),
          to: schema.getType('Comment') as GraphQLObjectType,
          isPage: true,
        },
      ];
    return [];
  });
}

function isRow(type: GraphQLObjectType): boolean {
  return type.getInterfaces().some(({ name }) => name === 'Node');
}

function argumentsOf(field: GraphQLField<unknown, unknown>): Record<string, true> {
  return Object.fromEntries(field.args.map(({ name }) => [name, true]));
}

function written(field: GraphQLField<unknown, unknown>, selection: string): string {
  return `${field.name}${'first' in argumentsOf(field) ? '(first: #)' : ''} ${selection}`;
}

/** Queries with pages within pages along every way of the schema, of several sizes and depths. */
export function* nestedLists(): Generator<string> {
  const start = { text: 'articles(first: #) { nodes * }', to: schema.getType('Article') as GraphQLObjectType };
  let ways = [start];
  for (let depth = 1; depth <= 5; depth++) {
    for (const { text } of ways)
      for (const size of [100, 10, 3]) yield `{ ${text.replaceAll('#', String(size)).replace('*', '{ id }')} }`;
    ways = ways.flatMap(({ text, to }) =>
      stepsFrom(to)
        .filter(({ isPage }) => isPage || depth < 3)
        .map((step) => ({ text: text.replace('*', `{ ${step.text} }`), to: step.to })),
    );
    // Enough ways of each depth.
    ways = ways.filter((_, i) => i % Math.ceil(ways.length / 40) === 0);
  }
}
