/** What GraphiQL opens with: each tab shows one thing the graph is for, and runs as it is on the sample content. */
export const exampleTabs = [
  {
    query: `# The front page: the newest articles with what a list shows of them.
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
    query: `# An article's page: the article, its newest comments, and three replies to each.
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
    variables: JSON.stringify({ slug: 'SLUG' }, null, 2),
  },
  {
    query: `# The whole discussion in reading order, indented by depth: a parent, then its replies.
# For the next page, hand \`endCursor\` back as \`after\`.
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
    variables: JSON.stringify({ slug: 'SLUG' }, null, 2),
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
    variables: JSON.stringify({ query: 'SEARCH' }, null, 2),
  },
  {
    query: `# Write a comment as a guest. Run "Live comments" in another window to see it arrive.
# \`articleId\` comes from a query: { article(slug: "…") { id } }
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
    variables: 'ADD',
  },
  {
    query: `# Stays open, and shows each new comment of the article as it becomes visible.
subscription LiveComments($articleId: ID!) {
  commentAdded(articleId: $articleId) {
    id
    depth
    parent { id }
    author { name }
    body { text }
    createdAt
  }
}
`,
    variables: 'LIVE',
  },
  {
    query: `# Anything again by its id.
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
    variables: 'NODE',
  },
];
