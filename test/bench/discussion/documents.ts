import type { Subscription } from '../crowd/jobs.ts';

/** What a page needs to show what its other readers write. The same text for all: it is the app's. */
const FOLLOW = `subscription follow($article: ID!, $after: EventCursor) {
  commentEvents(articleId: $article, after: $after) {
    __typename
    cursor
    ... on CommentAdded { comment { id depth body { html } author { name avatarUrl } createdAt } }
    ... on CaughtUp { replayed }
  }
}`;

const READ = 'query read($article: ID!) { node(id: $article) { ... on Article { liveCursor } } }';

const WRITE = `mutation write($input: AddCommentInput!) {
  addComment(input: $input) {
    ... on AddCommentSuccess { held comment { id } }
    ... on Error { code message }
  }
}`;

/** A comment as people write them; see `writing`. */
export const COMMENT =
  'Comment %n of many: thank you for this, and for the drawing. My teacher had the *soprano* and the wine glass.';

/** Bytes of an event around its comment's text. */
const REST_OF_EVENT = 400;

/** A comment that makes an event of about so many bytes. */
export function longComment(bytes: number): string {
  const sentence = 'I have been down to the river with the drawing, and it is all there, stone by stone. ';
  return `Comment %n: ${sentence.repeat(Math.ceil(bytes / sentence.length))}`.slice(0, bytes - REST_OF_EVENT);
}

/** How a page follows a discussion: from now on, or from where it was. */
export function following(article: string, after: string | null = null): Subscription {
  return { query: FOLLOW, variables: { article, after } };
}

/** The POST body that reads what a page needs in order to follow. */
export function reading(article: string): string {
  return JSON.stringify({ query: READ, variables: { article } });
}

/** The POST body that writes a comment; %n in the text tells them apart. */
export function writing(article: string, text: string): string {
  const guest = { name: 'Reader %n', email: 'reader%n@example.com' };
  return JSON.stringify({ query: WRITE, variables: { input: { articleId: article, body: text, guest } } });
}
