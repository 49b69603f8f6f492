import DataLoader from 'dataloader';
import type { GraphQLField, GraphQLObjectType, GraphQLResolveInfo, OperationDefinitionNode } from 'graphql';
import { getNamedType, parse } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { articleLoader } from '../schema/content/article/article-reader.ts';
import { authorLoader } from '../schema/content/author/author-lists.ts';
import { commentLoader } from '../schema/content/comment/comment-lists.ts';
import type { Context } from '../schema/content/context.ts';
import type { ArticleRow, AuthorRow, CommentRow } from '../schema/content/row-types.ts';
import { columnsOf } from '../schema/graph/columns.ts';
import { schema } from '../schema/index.ts';
import { readConfig } from '../src/config.ts';
import { openPool } from '../src/database/index.ts';
import { createLogger } from '../src/logger.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { write } from './seed.ts';

let statements: string[] = [];
let context: Context;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  const database = await createTestDatabase();
  closers.push(() => database.drop());
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await write(sql, {
    authors: [
      { id: 1, bio: 'Some lines' },
      { id: 2, kind: 'GUEST' },
    ],
    topics: [{ id: 1 }, { id: 2 }],
    articles: [
      { id: 1, topics: [2, 1], cover: true, policy: 'CLOSED' },
      { id: 2, cover: false },
    ],
    comments: [
      { id: 1, article: 1, author: 2, reactions: [0, 2, 0, 0, 1] },
      { id: 2, article: 1, parent: 1 },
    ],
  });
  await sql.end();
  const config = readConfig({});
  const pool = openPool({
    url: database.url,
    config,
    log: createLogger({ level: 'silent' }),
    onStatements: (texts) => statements.push(...texts),
  });
  closers.push(() => pool.close());
  context = { db: pool, viewer: null, loaders: new Map(), settings: config.settings, now: () => new Date() } as never;
});

afterAll(() => closeAll(closers));

/** Of a field below which more than the id is selected. */
const INFO = {
  fieldNodes: [(parse('{ field { id name } }').definitions[0] as OperationDefinitionNode).selectionSet.selections[0]],
  fragments: {},
  variableValues: {},
} as unknown as GraphQLResolveInfo;

/** Resolves each field without arguments for a row; rich texts as their renderings. */
async function valuesOf(type: string, row: object): Promise<Record<string, unknown>> {
  const fields = Object.values((schema.getType(type) as GraphQLObjectType).getFields());
  const entries = fields
    .filter(({ args, name }) => args.length === 0 && name !== 'moderation' && name !== 'viewer')
    .map(async (field) => {
      const value = await resolve(field, row);
      const isRichText = getNamedType(field.type).name === 'RichText';
      // At the top level it is the row itself, with as many columns.
      if (field.name === 'root') return [field.name, (value as CommentRow).id] as const;
      return [field.name, isRichText && value ? await valuesOf('RichText', value) : value] as const;
    });
  return Object.fromEntries(await Promise.all(entries));
}

function resolve(field: GraphQLField<unknown, unknown>, row: object): unknown {
  return field.resolve ? field.resolve(row, {}, context, INFO) : Reflect.get(row, field.name);
}

describe('a row that has only the columns that every list reads', () => {
  const bareArticle = ({ id, status, authorId, publishedAt, commentCount, discussedAt }: ArticleRow) => {
    return { id, status, authorId, publishedAt, commentCount, discussedAt };
  };
  const bareAuthor = ({ id, name }: AuthorRow) => ({ id, name });
  const bareComment = (row: CommentRow) => {
    const { id, articleId, authorId, depth, status, visible, createdAt, score } = row;
    return { id, articleId, authorId, depth, status, visible, createdAt, score };
  };

  it.each([
    ['Article', () => articleLoader(context), bareArticle, 3],
    ['Author', () => authorLoader(context), bareAuthor, 1],
    ['Comment', () => commentLoader(context), bareComment, 4],
  ] as const)('answers every field of %s as the whole row does', async (type, loader, bare, most) => {
    for (const id of [1, 2]) {
      context.loaders.clear();
      const whole = await loader().load(id);
      const expected = await valuesOf(type, whole as object);
      expect(Object.values(expected)).not.toContain(undefined);
      context.loaders.clear();
      statements = [];
      expect(await valuesOf(type, bare(whole as never))).toEqual(expected);
      // One statement for all columns that were left out; the others read neighbours.
      expect(statements.length).toBeLessThanOrEqual(most);
    }
  });
});

describe('a column', () => {
  interface Row {
    id: number;
    title?: string | null;
  }
  const batches: (readonly number[])[] = [];
  const rows: Record<number, Row> = { 1: { id: 1, title: 'One' }, 2: { id: 2, title: null }, 3: { id: 3 } };
  const loader = new DataLoader(async (ids: readonly number[]) => {
    batches.push(ids);
    return ids.map((id) => rows[id]!);
  });
  const title = columnsOf<Row>(() => loader)('title');

  it('is given without a promise where the row has it, null included', () => {
    expect(title({ id: 1, title: 'Here' }, {}, context)).toBe('Here');
    expect(title({ id: 1, title: null }, {}, context)).toBeNull();
    expect(batches).toEqual([]);
  });

  it('is loaded for all rows without it in one batch', async () => {
    expect(await Promise.all([1, 2].map((id) => title({ id }, {}, context)))).toEqual(['One', null]);
    expect(batches).toEqual([[1, 2]]);
  });

  it('is an error that names it where the loader does not read it either', async () => {
    await expect(title({ id: 3 }, {}, context)).rejects.toThrow('"title"');
  });
});
