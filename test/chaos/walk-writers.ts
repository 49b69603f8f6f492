import type { Role } from '../../schema/content/context.ts';
import { tokenOf } from '../gateway.ts';
import { pick } from '../seed.ts';
import { NoAnswer, post } from './post.ts';

interface KnownComment {
  id: string;
  writer: WalkWriter;
  receipt: string | null;
}

/** A discussion as the writers know it. */
export interface WalkBoard {
  slug: string;
  articleId: string;
  policy: 'OPEN' | 'MODERATED';
  comments: KnownComment[];
  /** Comments that moderators have hidden. */
  hidden: string[];
}

export interface WalkWriterOptions {
  name: string;
  /** Null for a guest. */
  role: Role | null;
  boards: readonly WalkBoard[];
  /** The gateway that it uses first is the one at its index; after a lost answer it takes another. */
  urls: readonly string[];
  index: number;
  /** As a proxy in front of the gateway names it. */
  address?: string;
  next: () => number;
  /** Aborted when the walk is over. */
  over: AbortSignal;
}

interface MutationResult {
  __typename: string;
  receipt?: string | null;
  comment?: { id: string };
}

/** Newest comments, to which half of the changes go, so that several writers change the same. */
const RECENT = 30;
/** Most comments of one decision. */
const BULK = 8;
const REACTIONS = ['LIKE', 'LOVE', 'INSIGHTFUL', 'FUNNY', 'SAD'] as const;
const ACTIONS = ['REJECT', 'SPAM', 'REMOVE', 'RESTORE', 'RESTORE', 'RESTORE', 'PIN', 'UNPIN', 'APPROVE'] as const;

const READ_VERSIONS = `query ($ids: [ID!]!, $article: ID!) {
  nodes(ids: $ids) { ... on Comment { id version } }
  moderationQueue(articleId: $article, first: ${BULK}) { nodes { id version } }
}`;

type Seen = { id: string; version: number };

/** Makes random changes, one after another. A change that is refused is as good as any other. */
export class WalkWriter {
  /** Number of results by type, of all writers that share it. */
  readonly results: Map<string, number>;
  /** The reactions that it has confirmed as given or taken back, by comment and kind. */
  readonly reactions = new Map<string, boolean>();
  readonly #options: WalkWriterOptions;
  #authorization: string | undefined;
  #renames = 0;
  #url: number;
  #sent = 0;

  constructor(options: WalkWriterOptions, results: Map<string, number>) {
    this.#options = options;
    this.results = results;
    this.#url = options.index;
  }

  get name(): string {
    return this.#options.name;
  }

  get isMember(): boolean {
    return this.#options.role === 'READER';
  }

  /** Signs in with a newer token, in which the name differs. */
  async rename(): Promise<void> {
    this.#renames += 1;
    await this.#signIn();
    await this.#send('query { viewer { author { name } } }', {});
  }

  /** Makes one change; resolves when it is confirmed or refused. */
  async write(): Promise<void> {
    const { role, boards, next } = this.#options;
    if (role !== null && this.#authorization === undefined) await this.#signIn();
    const board = pick(boards, next);
    const action = next();
    const known = this.#known(board);
    if (role === 'MODERATOR' && action < 0.6) await this.#moderate(board);
    else if (!known || action < 0.25) await this.#add(board, undefined);
    else if (action < 0.55) await this.#add(board, known.id);
    else if (action < 0.7) await this.#change('editComment', board, { body: `*Edited* by ${this.#signature()}` });
    else if (action < 0.76) await this.#change('removeComment', board, {});
    else if (action < 0.95) await this.#react(known.id);
    else await this.#run('reportComment', { commentId: known.id, reason: `Because of ${this.#signature()}` });
  }

  #known({ comments }: WalkBoard): KnownComment | undefined {
    const { next } = this.#options;
    return pick(next() < 0.5 ? comments.slice(-RECENT) : comments, next);
  }

  async #add(board: WalkBoard, parentId: string | undefined): Promise<void> {
    const { name, role, next } = this.#options;
    const result = await this.#run('addComment', {
      articleId: board.articleId,
      idempotencyKey: `${name}-${this.#sent + 1}`,
      body: `${this.#signature()}\n\nAnd **${next()}**.`,
      ...(parentId !== undefined && { parentId }),
      ...(role === null && { guest: { name, email: `${name.replaceAll(' ', '-')}@example.com` } }),
    });
    if (result.comment) board.comments.push({ id: result.comment.id, writer: this, receipt: result.receipt ?? null });
  }

  /** Edits or removes a comment of its own. */
  async #change(mutation: string, { comments }: WalkBoard, input: object): Promise<void> {
    const own = comments.filter(({ writer }) => writer === this);
    if (own.length === 0) return;
    const { id, receipt } = pick(own.slice(-RECENT), this.#options.next);
    await this.#run(mutation, { id, ...(receipt && { receipt }), ...input });
  }

  async #react(commentId: string): Promise<void> {
    const { next } = this.#options;
    const [kind, on] = [pick(REACTIONS, next), next() < 0.7];
    // Guests are refused.
    const { __typename } = await this.#run('react', { commentId, kind, on });
    if (__typename === 'ReactSuccess') this.reactions.set(`${commentId} ${kind}`, on);
  }

  /** Decides about several comments at once, as a moderator does who has just read them. */
  async #moderate(board: WalkBoard): Promise<void> {
    const { next } = this.#options;
    const action = pick(ACTIONS, next);
    const count = 1 + Math.floor(next() * BULK);
    const ids = action === 'RESTORE' ? board.hidden.splice(0, count) : this.#someIds(board, count);
    const { nodes, moderationQueue } = await this.#send<{
      nodes: (Seen | null)[];
      moderationQueue: { nodes: Seen[] };
    }>(READ_VERSIONS, { ids, article: board.articleId });
    const waiting = moderationQueue.nodes;
    const [decision, seen] =
      waiting.length > 0 && next() < 0.6
        ? ([next() < 0.8 ? 'APPROVE' : 'REJECT', waiting] as const)
        : ([action, nodes.filter((node) => node?.id !== undefined) as Seen[]] as const);
    if (seen.length === 0) return;
    const comments = seen.map(({ id, version }) => ({ id, version }));
    const { __typename } = await this.#run('moderateComments', { action: decision, comments });
    if (__typename === 'ModerateCommentsSuccess' && ['REJECT', 'SPAM', 'REMOVE'].includes(decision))
      board.hidden.push(...comments.map(({ id }) => id));
  }

  #someIds(board: WalkBoard, count: number): string[] {
    return [...new Set(Array.from({ length: count }, () => this.#known(board)?.id ?? ''))].filter((id) => id !== '');
  }

  #signature(): string {
    return `${this.#options.name}, change ${this.#sent + 1}`;
  }

  async #run(mutation: string, input: object): Promise<MutationResult> {
    const name = mutation[0]!.toUpperCase() + mutation.slice(1);
    const { result } = await this.#send<{ result: MutationResult }>(
      `mutation ($input: ${name}Input!) { result: ${mutation}(input: $input) { __typename
        ${mutation === 'addComment' ? '... on AddCommentSuccess { receipt comment { id } }' : ''} } }`,
      { input },
    );
    this.#sent += 1;
    this.results.set(result.__typename, (this.results.get(result.__typename) ?? 0) + 1);
    return result;
  }

  async #signIn(): Promise<void> {
    const { name, role } = this.#options;
    if (role === null) return;
    const shown = this.#renames === 0 ? name : `${name} the ${this.#renames}th`;
    this.#authorization = `Bearer ${await tokenOf({ name: shown, role, sub: name })}`;
  }

  /** Sends an operation again, to another gateway, until it is answered. @throws when the walk is over */
  async #send<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
    const { urls, over, address } = this.#options;
    const authorization = this.#authorization;
    for (;;) {
      over.throwIfAborted();
      try {
        const url = urls[this.#url % urls.length]!;
        return await post<Data>(url, { query, variables, authorization, address });
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        this.#url += 1;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

/** Lets writers write all at a time, and stops them between two changes. */
export class WritersAtWork {
  readonly #writers: readonly WalkWriter[];
  #working: Promise<unknown> | null = null;
  readonly #pause: () => Promise<unknown>;
  #isWanted = false;

  /** @param pause between two changes of a writer */
  constructor(writers: readonly WalkWriter[], pause: () => Promise<unknown> = async () => {}) {
    this.#writers = writers;
    this.#pause = pause;
  }

  /** @param onFailure receives the error of a writer, which then writes no more */
  start(onFailure: (error: unknown) => void): void {
    this.#isWanted = true;
    const work = async (writer: WalkWriter): Promise<void> => {
      while (this.#isWanted) {
        await writer.write();
        if (this.#isWanted) await this.#pause();
      }
    };
    this.#working = Promise.all(this.#writers.map((writer) => work(writer).catch(onFailure)));
  }

  /** Resolves when every change is confirmed, and all writers have stopped. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    await this.#working;
  }
}
