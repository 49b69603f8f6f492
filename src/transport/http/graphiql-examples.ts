import { type ExecutionArgs, execute, parse } from 'graphql';

/** The article that the examples are about. */
export interface ExampleArticle {
  id: string;
  slug: string;
  title: string;
  /** Where its log was when the examples were made. */
  liveCursor: string;
}

/** One tab of GraphiQL, named after its operation; variables are JSON as a person edits it. */
export interface ExampleTab {
  query: string;
  variables?: string;
}

const CANDIDATES = parse(`{
  articles(first: 20, orderBy: MOST_DISCUSSED) {
    nodes { id slug title commentPolicy liveCursor }
  }
}`);

/** The most discussed article that takes comments, or else the most discussed; null while nothing is published. */
export async function findExample(
  args: Pick<ExecutionArgs, 'schema' | 'contextValue'>,
): Promise<ExampleArticle | null> {
  const { data } = await execute({ ...args, document: CANDIDATES });
  if (!data) return null;
  const { nodes } = data.articles as { nodes: (ExampleArticle & { commentPolicy: string })[] };
  return nodes.find(({ commentPolicy }) => commentPolicy === 'OPEN') ?? nodes[0] ?? null;
}

/** What GraphiQL opens with: each tab shows one thing the graph is for, and runs as it is. */
export function exampleTabs({ id, slug, title, liveCursor }: ExampleArticle): ExampleTab[] {
  return [
    {
      query: `# The front page: the newest articles, and what a list
# shows of each.
query FrontPage {
  articles(first: 10) {
    nodes {
      slug
      title
      excerpt
      publishedAt
      readingMinutes
      commentCount
      cover { url alt width height }
      author { name slug avatarUrl }
      topics { name slug }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
    },
    {
      query: `# An article's page: the article, its newest comments,
# and the first three replies to each.
query ArticlePage($slug: String!) {
  article(slug: $slug) {
    title
    publishedAt
    cover { url alt caption }
    body { html }
    author { name bio { html } }
    topics { name }
    commentCount
    comments(first: 20, orderBy: NEWEST) {
      nodes {
        ...CommentParts
        replyCount
        replies(first: 3) {
          nodes { ...CommentParts replyCount }
          pageInfo { hasNextPage endCursor }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
    related { title slug }
  }
}

fragment CommentParts on Comment {
  id
  createdAt
  isByArticleAuthor
  author { name kind }
  body { html }
  reactions { kind count }
}
`,
      variables: json({ slug }),
    },
    {
      query: `# The discussion in reading order: a comment, then its
# replies. \`depth\` says how far to indent. For the next page,
# hand \`endCursor\` back as \`after\`.
query ReadingOrder($slug: String!, $after: String) {
  article(slug: $slug) {
    title
    thread(first: 50, after: $after) {
      rows {
        depth
        comment {
          id
          author { name }
          body { text }
          createdAt
        }
      }
      pageInfo { hasNextPage endCursor }
      liveCursor
    }
  }
}
`,
      variables: json({ slug }),
    },
    {
      query: `# Words, "whole phrases", -without, begin* and OR.
query Search($query: String!) {
  search(query: $query, first: 10) {
    totalCount
    edges {
      headline
      node {
        __typename
        ... on Article { title slug }
        ... on Author { name slug }
        ... on Topic { name slug }
      }
    }
  }
}
`,
      variables: json({ query: longestWord(title) }),
    },
    {
      query: `# Writes a comment as a guest. Run LiveDiscussion in another
# window first, and see it arrive there. The same words again
# wait for a moderator (\`held\`): change them.
mutation AddComment($input: AddCommentInput!) {
  addComment(input: $input) {
    ... on AddCommentSuccess {
      held
      comment { id createdAt body { html } author { name } }
    }
    ... on Error { code message }
    ... on InvalidInputError { path }
  }
}
`,
      variables: json({
        input: {
          articleId: id,
          body: 'Written in *GraphiQL*.',
          guest: { name: 'Ada', email: 'ada@example.com' },
        },
      }),
    },
    {
      query: `# Stays open, and shows what happens in the discussion:
# comments added, changed and removed. Run AddComment in
# another window, and see it arrive here.
subscription LiveDiscussion($articleId: ID!) {
  commentEvents(articleId: $articleId) {
    __typename
    ... on CommentEvent { cursor at }
    ... on CommentAdded { comment { ...CommentParts } }
    ... on CommentChanged { comment { ...CommentParts } }
    ... on CommentRemoved { comment { id status } }
  }
}

fragment CommentParts on Comment {
  id
  depth
  parent { id }
  author { name }
  body { text }
  createdAt
}
`,
      variables: json({ articleId: id }),
    },
    {
      query: `# The same after a lost connection: with the last cursor
# you have, first what was missed, each event once, then
# CaughtUp, then live. \`after\` is the last event's cursor,
# or the \`liveCursor\` of the page you show.
subscription ResumeDiscussion($articleId: ID!, $after: EventCursor) {
  commentEvents(articleId: $articleId, after: $after) {
    __typename
    ... on CommentEvent { cursor at }
    ... on CommentAdded { comment { id author { name } body { text } } }
    ... on CommentChanged { comment { id body { text } } }
    ... on CommentRemoved { comment { id status } }
    ... on CaughtUp { replayed }
    ... on ResyncRequired { reason }
  }
}
`,
      variables: json({ articleId: id, after: liveCursor }),
    },
    {
      query: `# Anything, by its id.
query Node($id: ID!) {
  node(id: $id) {
    __typename
    id
    ... on Article { title slug commentCount }
    ... on Comment { body { text } author { name } }
    ... on Author { name articleCount }
    ... on Topic { name articleCount }
  }
}
`,
      variables: json({ id }),
    },
  ];
}

/** JSON for a person to edit. It stands inside a script, which no text may end. */
function json(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('<', '\\u003c');
}

/** What a search will surely find the article by. */
function longestWord(title: string): string {
  const words = title.match(/[\p{L}\p{N}]+/gu) ?? [title];
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest));
}
