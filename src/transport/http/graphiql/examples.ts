import { ANONYMOUS } from '../../../auth/index.ts';
import type { OperationPipeline } from '../../../execution/index.ts';
import * as documents from './example-documents.ts';

/** The article that the examples are about. */
export interface ExampleArticle {
  id: string;
  slug: string;
  title: string;
  /** The position of its log when the examples were made. */
  liveCursor: string;
}

/** One tab of GraphiQL. */
export interface ExampleTab {
  query: string;
  /** JSON, formatted for editing. */
  variables?: string;
}

const CANDIDATES = `{
  articles(first: 20, orderBy: MOST_DISCUSSED) {
    nodes { id slug title commentPolicy liveCursor }
  }
}`;

/** The most discussed article that takes comments, or else the most discussed; null while nothing is published. */
export async function findExampleArticle(pipeline: OperationPipeline): Promise<ExampleArticle | null> {
  const { schema, parse, contextFactory, execute } = pipeline.operationFor({
    identity: ANONYMOUS,
    requestId: 'graphiql-examples',
  });
  const { data } = await execute({ schema, document: parse(CANDIDATES), contextValue: await contextFactory() });
  if (!data) return null;
  const { nodes } = data.articles as { nodes: (ExampleArticle & { commentPolicy: string })[] };
  return nodes.find(({ commentPolicy }) => commentPolicy === 'OPEN') ?? nodes[0] ?? null;
}

/** The tabs that GraphiQL opens with: each shows one thing that the graph is for, and runs as it is. */
export function exampleTabs({ id, slug, title, liveCursor }: ExampleArticle): ExampleTab[] {
  return [
    { query: documents.FRONT_PAGE },
    { query: documents.ARTICLE_PAGE, variables: json({ slug }) },
    { query: documents.READING_ORDER, variables: json({ slug }) },
    { query: documents.SEARCH, variables: json({ query: longestWord(title) }) },
    {
      query: documents.ADD_COMMENT,
      variables: json({
        input: {
          articleId: id,
          body: 'Written in *GraphiQL*.',
          guest: { name: 'Ada', email: 'ada@example.com' },
        },
      }),
    },
    { query: documents.LIVE_DISCUSSION, variables: json({ articleId: id }) },
    { query: documents.RESUME_DISCUSSION, variables: json({ articleId: id, after: liveCursor }) },
    { query: documents.NODE, variables: json({ id }) },
  ];
}

/** JSON for a person to edit. It becomes part of a script element, which no text in it may end. */
function json(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('<', '\\u003c');
}

/** The word of a title that is most likely to find the article. */
function longestWord(title: string): string {
  const words = title.match(/[\p{L}\p{N}]+/gu) ?? [title];
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest));
}
