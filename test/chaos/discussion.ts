/** A comment as a client shows it. */
export interface Part {
  id: string;
  /** Moderators also get the statuses of hidden comments. */
  status: string;
  pinned: boolean;
  body: { text: string } | null;
  author: { name: string } | null;
  parent: { id: string } | null;
}

const PARTS = 'fragment Parts on Comment { id status pinned body { text } author { name } parent { id } }';

interface Answer {
  article: {
    id: string;
    thread: {
      liveCursor: string;
      rows: { comment: Part }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  };
}

/** A page of a discussion. */
export const READ = `query ($slug: String!, $after: String) {
  article(slug: $slug) {
    id thread(first: 100, after: $after) { liveCursor rows { comment { ...Parts } } pageInfo { hasNextPage endCursor } }
  }
} ${PARTS}`;

export const FOLLOW = `subscription ($id: ID!, $after: EventCursor) {
  commentEvents(articleId: $id, after: $after) {
    __typename cursor
    ... on CommentAdded { comment { ...Parts } }
    ... on CommentChanged { comment { ...Parts } }
    ... on CommentRemoved { comment { ...Parts } }
    ... on CaughtUp { replayed }
    ... on ResyncRequired { reason }
  }
} ${PARTS}`;

/** An event of the discussion, or a notice about the stream. */
export interface Event {
  __typename: 'CommentAdded' | 'CommentChanged' | 'CommentRemoved' | 'CaughtUp' | 'ResyncRequired';
  cursor: string;
  comment?: Part;
  replayed?: number;
  reason?: string;
}

/** Reads a whole discussion page by page, and the position of its log at the first page. */
export async function readDiscussion(
  ask: (variables: { slug: string; after: string | null }) => Promise<Answer>,
  slug: string,
): Promise<{ articleId: string; liveCursor: string; parts: Part[] }> {
  const first = await ask({ slug, after: null });
  const parts: Part[] = [];
  for (let { thread } = first.article; ; ) {
    parts.push(...thread.rows.map(({ comment }) => comment));
    if (!thread.pageInfo.hasNextPage) break;
    thread = (await ask({ slug, after: thread.pageInfo.endCursor })).article.thread;
  }
  return { articleId: first.article.id, liveCursor: first.article.thread.liveCursor, parts };
}

/** A client's copy of a discussion: read once, and then changed by events only. */
export class Copy {
  readonly #parts = new Map<string, Part>();

  constructor(parts: readonly Part[]) {
    for (const part of parts) this.#parts.set(part.id, part);
  }

  apply(type: Event['__typename'], part: Part): void {
    // Moderators get a comment that is hidden by one above it as it is; nothing below it is shown.
    if (type === 'CommentRemoved' && part.status === 'VISIBLE') this.#parts.delete(part.id);
    else this.#parts.set(part.id, part);
  }

  /** Every comment as it was received last. */
  get parts(): ReadonlyMap<string, Part> {
    return this.#parts;
  }

  /** Visible comments, and removed ones that have visible replies. In order of id. */
  get shown(): Part[] {
    const shown = new Set<Part>();
    for (const part of this.#parts.values())
      if (part.status === 'VISIBLE')
        for (let at: Part | undefined = part; at && !shown.has(at); at = this.#parts.get(at.parent?.id ?? ''))
          shown.add(at);
    return inOrder([...shown]);
  }
}

export function inOrder(parts: readonly Part[]): Part[] {
  return parts.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
