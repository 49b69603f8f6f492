/** Reads a discussion, with the position of the log at which it was read. */
export const DISCUSSION = /* GraphQL */ `
  query Discussion($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Article {
        liveCursor
        comments(first: 100, orderBy: OLDEST) {
          nodes {
            id
            body {
              text
            }
          }
        }
      }
    }
  }
`;

/** What happens in a discussion after a position. */
export const EVENTS = /* GraphQL */ `
  subscription Events($id: ID!, $after: EventCursor!) {
    commentEvents(articleId: $id, after: $after) {
      __typename
      cursor
      ... on CommentAdded {
        comment {
          id
          body {
            text
          }
        }
      }
    }
  }
`;

export const ADD = /* GraphQL */ `
  mutation Add($input: AddCommentInput!) {
    addComment(input: $input) {
      __typename
      ... on AddCommentSuccess {
        comment {
          id
          body {
            text
          }
        }
      }
      ... on InvalidInputError {
        message
      }
    }
  }
`;

interface Comment {
  id: string;
  body: { text: string } | null;
}

/** The answer to DISCUSSION. */
export interface Reading {
  node: { id: string; liveCursor: string; comments: { nodes: Comment[] } };
}

/** What EVENTS brings. */
export interface Happening {
  commentEvents: { __typename: string; cursor: string; comment?: Comment };
}

export type Added = { addComment: { __typename: string; comment?: Comment; message?: string } };

/** Variables of EVENTS. A type alias, since some clients take only what has an index. */
export type Following = { id: string; after: string };

/** What the reader of a page sees of its discussion. */
export class Page {
  /** Words of its comments, in the order of their arrival; each time the discussion is read, they begin anew. */
  comments: string[] = [];
  /** How often the discussion was read as a whole. */
  readings = 0;
  /** Types of what was heard. */
  readonly heard: string[] = [];
  /** Why nothing more will come. */
  failure: unknown;

  read({ comments }: Reading['node']): void {
    this.readings += 1;
    this.comments = comments.nodes.map(({ body }) => body!.text);
  }

  hear({ __typename, comment }: Happening['commentEvents']): void {
    this.heard.push(__typename);
    if (__typename === 'CommentAdded') this.comments.push(comment!.body!.text);
  }
}
