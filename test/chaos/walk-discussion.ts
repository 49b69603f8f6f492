import { Refused } from './post.ts';

/** A row of a discussion as a client shows it. */
export interface Row {
  id: string;
  sortKey: string;
  status: string;
  pinned: boolean;
  depth: number;
  body: { text: string; html: string } | null;
  author: { id: string; name: string } | null;
  parent: { id: string } | null;
  reactions: { kind: string; count: number }[];
}

const ROW = `fragment Row on Comment {
  id sortKey status pinned depth body { text html } author { id name } parent { id } reactions { kind count }
}`;

const EVENT = `fragment Event on CommentEvent {
  __typename cursor
  ... on CommentAdded { comment { ...Row } }
  ... on CommentChanged { comment { ...Row } }
  ... on CommentRemoved { comment { ...Row } leavesPlace }
  ... on ResyncRequired { reason }
} ${ROW}`;

/** A page of a discussion. */
const READ = `query ($slug: String!, $after: String) {
  article(slug: $slug) {
    id commentCount commentPolicy
    thread(first: 100, after: $after) { liveCursor rows { comment { ...Row } } pageInfo { hasNextPage endCursor } }
  }
} ${ROW}`;

export const FOLLOW = `subscription ($id: ID!, $after: EventCursor) {
  commentEvents(articleId: $id, after: $after) { ...Event }
} ${EVENT}`;

export const POLL = `query ($id: ID!, $after: EventCursor!) {
  node(id: $id) { ... on Article { events(after: $after, first: 50) { cursor hasMore events { ...Event } } } }
} ${EVENT}`;

export interface DiscussionEvent {
  /** CommentAdded, CommentChanged, CommentRemoved, CaughtUp, ResyncRequired, or one that clients do not know. */
  __typename: string;
  cursor: string;
  comment?: Row;
  leavesPlace?: boolean;
  reason?: string;
}

interface Answer {
  article: {
    id: string;
    commentCount: number;
    commentPolicy: string;
    thread: {
      liveCursor: string;
      rows: { comment: Row }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  } | null;
}

/** A discussion as one viewer reads it. */
export interface Discussion {
  articleId: string;
  liveCursor: string;
  commentCount: number;
  commentPolicy: string;
  rows: Row[];
}

/** Reads a whole discussion page by page. Null when its article is not public. */
export async function readWholeDiscussion(
  slug: string,
  ask: (query: string, variables: Record<string, unknown>) => Promise<Answer>,
): Promise<Discussion | null> {
  let pages: NonNullable<Answer['article']>[] = [];
  for (let after: string | null = null; ; ) {
    let answer: Answer;
    try {
      answer = await ask(READ, { slug, after });
    } catch (error) {
      // Since a backup was restored, the last comment of the page before is not there any more.
      if (after === null || !(error instanceof Refused) || !error.codes.includes('BAD_USER_INPUT')) throw error;
      pages = [];
      after = null;
      continue;
    }
    if (!answer.article) return null;
    pages.push(answer.article);
    const { hasNextPage, endCursor } = answer.article.thread.pageInfo;
    if (!hasNextPage) break;
    after = endCursor;
  }
  const { id, commentCount, commentPolicy, thread } = pages[0]!;
  const rows = pages.flatMap((page) => page.thread.rows.map(({ comment }) => comment));
  return { articleId: id, liveCursor: thread.liveCursor, commentCount, commentPolicy, rows };
}

/** A client's copy of a discussion: read once, and then changed by events only. */
export class DiscussionCopy {
  readonly #rows = new Map<string, Row>();

  constructor(rows: readonly Row[]) {
    for (const row of rows) this.#rows.set(row.id, row);
  }

  apply({ comment, __typename, leavesPlace }: DiscussionEvent): void {
    if (!comment) return;
    if (__typename === 'CommentRemoved' && !leavesPlace) this.#rows.delete(comment.id);
    else this.#rows.set(comment.id, comment);
  }

  /** Gives the authors the names that a reading has. */
  rename(rows: readonly Row[]): void {
    const authors = new Map(rows.flatMap(({ author }) => (author ? [[author.id, author]] : [])));
    for (const [id, row] of this.#rows) {
      const author = row.author && authors.get(row.author.id);
      if (author) this.#rows.set(id, { ...row, author });
    }
  }

  /** In reading order. */
  get rows(): Row[] {
    return [...this.#rows.values()].sort((one, other) => (one.sortKey < other.sortKey ? -1 : 1));
  }

  /** Number of comments that readers can read. */
  get commentCount(): number {
    return [...this.#rows.values()].filter(({ status }) => status === 'VISIBLE').length;
  }
}
