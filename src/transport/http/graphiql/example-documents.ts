// The documents of GraphiQL's tabs. A tab has the name of its operation.

export const FRONT_PAGE = `# The front page: the newest articles, and what a list
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
`;

export const ARTICLE_PAGE = `# An article's page: the article, its newest comments,
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
`;

export const READING_ORDER = `# The discussion in reading order: a comment, then its
# replies. \`depth\` is the indentation. For the next page, send
# \`endCursor\` as \`after\`.
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
`;

export const SEARCH = `# Finds articles, authors, topics and comments. Understands
# words, "whole phrases", -without, begin* and OR.
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
        ... on Comment { author { name } article { slug } }
      }
    }
  }
}
`;

export const ADD_COMMENT = `# Writes a comment as a guest. Run LiveDiscussion in another
# window first, and see it arrive there. The same text sent
# again is held for a moderator (\`held\`): change it.
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
`;

export const LIVE_DISCUSSION = `# Stays open and delivers the events of the discussion:
# comments added, changed and removed. Run AddComment in
# another window, and see it arrive here.
subscription LiveDiscussion($articleId: ID!) {
  commentEvents(articleId: $articleId) {
    __typename
    ... on CommentEvent { cursor at }
    ... on CommentAdded { comment { ...CommentParts } }
    ... on CommentChanged { comment { ...CommentParts } }
    ... on CommentRemoved { leavesPlace comment { id status } }
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
`;

export const RESUME_DISCUSSION = `# Resumes after a lost connection: delivers the events since
# \`after\`, each once, then CaughtUp, then live events.
# \`after\` is the cursor of the last event that you got, or
# the \`liveCursor\` of the page that you show.
subscription ResumeDiscussion($articleId: ID!, $after: EventCursor) {
  commentEvents(articleId: $articleId, after: $after) {
    __typename
    ... on CommentEvent { cursor at }
    ... on CommentAdded { comment { id author { name } body { text } } }
    ... on CommentChanged { comment { id body { text } } }
    ... on CommentRemoved { leavesPlace comment { id status } }
    ... on CaughtUp { replayed }
    ... on ResyncRequired { reason }
  }
}
`;

export const NODE = `# Any object by its id.
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
`;
