import { getNamedType, isCompositeType, isInterfaceType } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { declarationOf } from '../schema/graph/field-declarations.ts';
import { schema } from '../schema/index.ts';
import { ARGUMENTS } from './full-documents.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

/** Fields of the root, and of types that `node` finds, which depend on the viewer: only these refuse somebody. */
const FIELDS = ['Query', 'Article', 'Author', 'Topic', 'Comment'].flatMap((type) => {
  const parent = schema.getType(type);
  if (!parent || !('getFields' in parent)) return [];
  return Object.values(parent.getFields()).flatMap((field) => {
    if (!('args' in field) || !declarationOf(field).dependsOnViewer) return [];
    const named = getNamedType(field.type);
    const isNode = isInterfaceType(named) || isCompositeType(named);
    const args = /Receipt$|^Query.guestAccess$/.test(`${type}.${field.name}`)
      ? '(receipt: "x")'
      : (ARGUMENTS[`${type}.${field.name}`] ?? '');
    return [[type, `wanted: ${field.name}${args}${isNode ? ' { __typename }' : ''}`] as const];
  });
});

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      topics: [{ id: 1 }],
      articles: [{ id: 1, topics: [1] }],
      comments: [{ id: 1, article: 1, author: 1 }],
    }),
  );
});

afterAll(() => gateway.stop());

it('a field that refuses a viewer is null beside its error, and all the rest of the query is answered', async () => {
  const refused = new Set<string>();
  const readers = [
    gateway,
    ...(['READER', 'WRITER', 'MODERATOR'] as const).map((role) => gateway.as({ name: role, role })),
  ];
  for (const [type, field] of FIELDS)
    for (const [at, reader] of readers.entries()) {
      const selected =
        type === 'Query' ? field : `node(id: "${encodeId(type as 'Article', 1)}") { id ... on ${type} { ${field} } }`;
      const { data, errors = [] } = await reader.ask<Record<string, unknown>>(`{ beside: __typename ${selected} }`);
      expect(data, `${type} ${field}`).toMatchObject({ beside: 'Query' });
      for (const error of errors) {
        const { path, extensions } = error as { path?: string[]; extensions?: { code?: string } };
        expect(extensions?.code, field).toBe('FORBIDDEN');
        expect(path?.at(-1)).toBe('wanted');
        refused.add(`${at} ${type} ${field.split(/[ ({]/)[1]}`);
      }
      if (type !== 'Query') expect(data.node, `${type} ${field}`).toMatchObject({ id: expect.any(String) });
    }
  // The queue is not refused to moderators.
  expect([...refused].sort()).toEqual(
    [
      ...['0', '1', '2', '3'].map((at) => `${at} Query administration`),
      ...['0', '1', '2'].map((at) => `${at} Query moderationQueue`),
    ].sort(),
  );
});
