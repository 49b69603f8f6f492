import { GraphQLScalarType } from 'graphql';
import { ArticleRow, CommentRow, type Placed, type TopicRow } from './rows.ts';
import * as statements from './statements.ts';

const globalId = (type: string, id: number): string => Buffer.from(`${type}:${id}`).toString('base64url');

const rowId = (id: string): number => Number(Buffer.from(id, 'base64url').toString().split(':')[1]);

/** A cursor: which list it belongs to, as a fingerprint of the same length as elsewhere, and the row's place in it. */
const cursor = (...place: unknown[]): string =>
  Buffer.from(JSON.stringify(['mercuriu', ...place])).toString('base64url');

/** What a resolver is told of the field; as much as is used here. */
interface Info {
  fieldNodes: readonly { selectionSet?: { selections: readonly { kind: string; name?: { value: string } }[] } }[];
}

/** Whether a field is selected directly, or may be by a fragment. */
function selects({ fieldNodes }: Info, field: string): boolean {
  return fieldNodes.some(({ selectionSet }) =>
    selectionSet?.selections.some(({ kind, name }) => kind !== 'Field' || name?.value === field),
  );
}

export const resolvers = {
  DateTime: new GraphQLScalarType<Date, string>({
    name: 'DateTime',
    serialize: (value) => (value as Date).toISOString(),
  }),
  Query: {
    article: (_: unknown, { slug }: { slug: string }, _context: unknown, info: Info) =>
      statements.findArticle(slug, selects(info, 'body')),
    articles: async (_: unknown, { first }: { first: number }) =>
      connectionOf(await statements.newestArticles(first + 1), first),
    author: (_: unknown, { slug }: { slug: string }) => statements.findAuthor(slug),
  },
  Mutation: {
    addComment: async (_: unknown, { input }: { input: AddCommentInput }) => {
      const { articleId, body, guest } = input;
      const comment = await statements.addComment({ articleId: rowId(articleId), body, ...guest });
      return comment
        ? { __typename: 'AddCommentSuccess', held: false, comment }
        : { __typename: 'NotFoundError', code: 'NOT_FOUND', message: 'There is no such article.' };
    },
  },
  Article: {
    body: ({ bodyHtml }: ArticleRow) => ({ html: bodyHtml }),
    thread: async ({ id }: ArticleRow, { first }: { first: number }) => {
      const { nodes, pageInfo } = pageOf(await statements.readingOrder(id, first + 1), first);
      const rows = nodes.map((comment) => ({ depth: comment.depth, cursor: cursor(comment.id), comment }));
      return { rows, pageInfo: { ...pageInfo, endCursor: rows.at(-1)?.cursor } };
    },
  },
  Author: {
    bio: ({ bioHtml }: { bioHtml: string | null }) => (bioHtml === null ? null : { html: bioHtml }),
  },
  Comment: {
    id: ({ id }: CommentRow) => globalId('Comment', id),
    body: ({ status, bodyHtml }: CommentRow) => (status === 'REMOVED' ? null : { html: bodyHtml }),
  },
};

interface AddCommentInput {
  articleId: string;
  body: string;
  guest: { name: string; email: string };
}

/** What a loader is asked for. */
interface Query<Row, Parameters = unknown> {
  obj: Row;
  params: Parameters;
}

type Page = { first: number };

export const loaders = {
  Article: {
    author: async (queries: Query<ArticleRow>[]) => {
      const authors = await statements.authorsById(queries.map(({ obj }) => obj.authorId));
      return queries.map(({ obj }) => authors.get(obj.authorId));
    },
    topics: async (queries: Query<ArticleRow>[]) => {
      const topics = new Map(queries.map(({ obj }) => [obj.id, [] as TopicRow[]]));
      for (const topic of await statements.topicsOf([...topics.keys()])) topics.get(topic.articleId)!.push(topic);
      return queries.map(({ obj }) => topics.get(obj.id)!);
    },
    comments: async (queries: Query<ArticleRow, Page>[]) =>
      pagesOf(
        await statements.topLevelComments(queries.map(pageRequest)),
        queries.length,
        (row) => new CommentRow(row),
      ),
  },
  Author: {
    articles: async (queries: Query<{ id: number }, Page>[]) => {
      const rows = await statements.articlesOf(
        queries.map(({ obj, params }) => ({ id: obj.id, limit: params.first + 1 })),
      );
      const pages = pagesOf(rows, queries.length, (row) => new ArticleRow(row));
      return pages.map(({ nodes }, n) => connectionOf(nodes, queries[n]!.params.first));
    },
  },
  Comment: {
    author: async (queries: Query<CommentRow>[]) => {
      const shown = queries.filter(({ obj }) => obj.status !== 'REMOVED');
      const authors = await statements.authorsById(shown.map(({ obj }) => obj.authorId));
      return queries.map(({ obj }) => (obj.status === 'REMOVED' ? null : authors.get(obj.authorId)));
    },
    parent: async (queries: Query<CommentRow>[]) => {
      const parents = await statements.commentsById(queries.flatMap(({ obj }) => obj.parentId ?? []));
      return queries.map(({ obj }) => (obj.parentId === null ? null : parents.get(obj.parentId)));
    },
    replies: async (queries: Query<CommentRow, Page>[]) => {
      const pages = queries.map((query) => ({ ...pageRequest(query), articleId: query.obj.articleId }));
      return pagesOf(await statements.repliesOf(pages), queries.length, (row) => new CommentRow(row));
    },
  },
};

function pageRequest({ obj, params }: Query<{ id: number }, Page>): statements.PageRequest {
  return { id: obj.id, limit: params.first };
}

/** The rows of each page, in the order of the pages. */
function pagesOf<Row>(rows: readonly Placed<Row>[], pages: number, make: (row: Row) => Row): { nodes: Row[] }[] {
  const all: { nodes: Row[] }[] = Array.from({ length: pages }, () => ({ nodes: [] }));
  for (const row of rows) all[row.place - 1]!.nodes.push(make(row));
  return all;
}

/** A page from its rows and perhaps one more. */
function pageOf<Row>(rows: readonly Row[], first: number): { nodes: Row[]; pageInfo: { hasNextPage: boolean } } {
  return { nodes: rows.slice(0, first), pageInfo: { hasNextPage: rows.length > first } };
}

function connectionOf(rows: readonly ArticleRow[], first: number): object {
  const { nodes, pageInfo } = pageOf(rows, first);
  const last = nodes.at(-1);
  return { nodes, pageInfo: { ...pageInfo, endCursor: last ? cursor(last.publishedAt, last.id) : null } };
}
