/** Reads a discussion, with the position of the log that it was read at. */
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

/** Subscribes to the events of a discussion after a position. */
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

/** The result of DISCUSSION. */
export interface DiscussionResult {
  node: { id: string; liveCursor: string; comments: { nodes: Comment[] } };
}

/** A result of EVENTS. */
export interface EventResult {
  commentEvents: { __typename: string; cursor: string; comment?: Comment };
}

export type AddResult = { addComment: { __typename: string; comment?: Comment; message?: string } };

/** The variables of EVENTS. Not an interface, because some clients require an index signature. */
export type EventVariables = { id: string; after: string };

/** A page that shows a discussion. */
export class Page {
  /** The texts of its comments in the order of their arrival; reading the discussion replaces them. */
  comments: string[] = [];
  /** How often the whole discussion was read. */
  readings = 0;
  /** The types of the events received. */
  readonly receivedTypes: string[] = [];
  /** How often it learned that its article is withdrawn. */
  withdrawals = 0;
  /** The error that ended its subscription. */
  failure: unknown;
  /** Called when the discussion has to be read again, before that. */
  onResync?: () => void;

  read({ comments }: DiscussionResult['node']): void {
    this.readings += 1;
    this.comments = comments.nodes.map(({ body }) => body!.text);
  }

  receive({ __typename, comment }: EventResult['commentEvents']): void {
    this.receivedTypes.push(__typename);
    if (__typename === 'CommentAdded') this.comments.push(comment!.body!.text);
    if (__typename === 'ResyncRequired') this.onResync?.();
  }
}
