import { buildSchema, type GraphQLObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { declare, type FieldDeclaration } from '../schema/graph/field-declarations.ts';
import { operationDeclarations } from '../src/execution/operation-declarations.ts';

const schema = buildSchema(`
  type Query { node: Node post: Post found: Found }
  interface Node { id: ID own: String }
  type Post implements Node { id: ID own: String position: String parent: Post }
  type Note implements Node { id: ID own: String history: String viewer: String liveCursor: String }
  union Found = Post | Note
`);

function declareAt(type: string, field: string, declaration: FieldDeclaration): void {
  (schema.getType(type) as GraphQLObjectType).getFields()[field]!.extensions = declare(declaration);
}
declareAt('Note', 'own', { dependsOnViewer: 'EVERYONE' });
declareAt('Note', 'history', { dependsOnViewer: 'STAFF' });
declareAt('Post', 'position', { needsSnapshot: true });

const of = (text: string, operationName?: string) =>
  operationDeclarations({ schema, document: parse(text), operationName });

describe('the declarations of an operation', () => {
  it.each([
    ['in a field of the root type', '{ post { position } }', { dependsOnViewer: null, needsSnapshot: true }],
    ['below aliases', '{ a: post { b: parent { c: position } } }', { dependsOnViewer: null, needsSnapshot: true }],
    [
      'in an inline fragment',
      '{ node { ... on Note { history } } }',
      { dependsOnViewer: 'STAFF', needsSnapshot: false },
    ],
    ['in a fragment without a type', '{ post { ... { position } } }', { dependsOnViewer: null, needsSnapshot: true }],
    [
      'in a named fragment that is spread twice',
      '{ post { ...P } node { ...P } } fragment P on Post { position parent { ...Q } } fragment Q on Note { own }',
      { dependsOnViewer: 'EVERYONE', needsSnapshot: true },
    ],
    [
      'in one of the types that a field of an interface may be of',
      '{ node { own } }',
      { dependsOnViewer: 'EVERYONE', needsSnapshot: false },
    ],
    [
      'in a type of a union',
      '{ found { __typename ... on Note { history } } }',
      { dependsOnViewer: 'STAFF', needsSnapshot: false },
    ],
    [
      'where a directive may leave the field out',
      '{ post { position @include(if: false) } }',
      { dependsOnViewer: null, needsSnapshot: true },
    ],
  ])('are found %s', (_, text, expected) => {
    expect(of(text)).toMatchObject(expected);
  });

  it('are the strongest of all its fields, in either order', () => {
    expect(of('{ node { ... on Note { own history } } }').dependsOnViewer).toBe('EVERYONE');
    expect(of('{ node { ... on Note { history own } } }').dependsOnViewer).toBe('EVERYONE');
  });

  it('are not guessed from the names of fields', () => {
    expect(of('{ node { ... on Note { viewer liveCursor } } }')).toMatchObject({
      dependsOnViewer: null,
      needsSnapshot: false,
    });
    expect(of('{ viewer: post { liveCursor: id } }')).toMatchObject({ dependsOnViewer: null, needsSnapshot: false });
  });

  it('do not compile when one is misspelled', () => {
    // @ts-expect-error
    declare({ dependOnViewer: 'STAFF' });
    // @ts-expect-error
    declare({ dependsOnViewer: 'READER' });
    // @ts-expect-error
    declare({ needsSnapshot: 'yes' });
  });

  it('are those of the named operation alone', () => {
    const text = 'query A { post { id } } query B { post { position } }';
    expect(of(text, 'A').needsSnapshot).toBe(false);
    expect(of(text, 'B').needsSnapshot).toBe(true);
    expect(of(text, 'C').needsSnapshot).toBe(false);
  });
});
