import type { Role } from '../../schema/content/context.ts';
import { pick } from '../seed.ts';
import { postUntilAnswered } from './post.ts';

/** One discussion, as its writers know it. */
export class Board {
  readonly articleId: string;
  /** Comments whose creation the gateway has confirmed, by their idempotency key. */
  readonly acknowledged = new Map<string, string>();
  readonly comments: KnownComment[] = [];
  readonly held: KnownComment[] = [];
  /** Changes that were confirmed. */
  writes = 0;

  constructor(articleId: string) {
    this.articleId = articleId;
  }
}

interface KnownComment {
  id: string;
  key: string;
  /** As the last confirmed edit left it: another writer may have changed the words since. */
  version: number;
  receipt: string | null;
  author: Person;
}

export interface Person {
  name: string;
  /** Null for a guest. */
  role: Role | null;
  authorization: string | undefined;
}

export interface WriterOptions {
  person: Person;
  boards: readonly Board[];
  /** The gateway of the next attempt. */
  urlOf: () => string;
  next: () => number;
}

const ADD = `mutation ($input: AddCommentInput!) { result: addComment(input: $input) {
  __typename ... on AddCommentSuccess { held receipt comment { id } } ... on Error { message } } }`;
const EDIT = `mutation ($input: EditCommentInput!) { result: editComment(input: $input) {
  __typename ... on EditCommentSuccess { comment { version } } } }`;
const REMOVE = `mutation ($input: RemoveCommentInput!) { result: removeComment(input: $input) { __typename } }`;
const MODERATE = `mutation ($input: ModerateCommentsInput!) { result: moderateComments(input: $input) { __typename } }`;

const DECISIONS = ['REJECT', 'RESTORE', 'RESTORE', 'REMOVE', 'PIN', 'UNPIN'] as const;

interface Added {
  __typename: string;
  held: boolean;
  receipt: string | null;
  comment: { id: string };
  message?: string;
}

/** Makes random changes, one after another. */
export class Writer {
  readonly #options: WriterOptions;
  #sent = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Makes one change; resolves when it is confirmed. */
  async write(): Promise<void> {
    const { person, boards, next } = this.#options;
    const board = pick(boards, next);
    const own = board.comments.filter(({ author }) => author === person);
    if (person.role === 'MODERATOR' && board.held.length > 0) await this.#moderateHeld(board);
    else if (person.role === 'MODERATOR' && board.comments.length > 0) await this.#moderate(pick(board.comments, next));
    else if (own.length > 0 && next() < 0.4) await this.#change(pick(own, next));
    else await this.add(board);
    board.writes += 1;
  }

  /** @returns its idempotency key, which remains the first word of the comment */
  async add(board: Board): Promise<string> {
    const { person, next } = this.#options;
    const key = `${person.name}-${++this.#sent}`;
    const parent = board.comments.length > 0 && next() < 0.6 ? pick(board.comments, next) : null;
    const input = { articleId: board.articleId, idempotencyKey: key, body: `${key} first version`, ...this.#guest };
    let added = await this.#send<Added>(ADD, parent ? { ...input, parentId: parent.id } : input);
    // The parent was removed meanwhile.
    if (added.__typename === 'NotFoundError') added = await this.#send<Added>(ADD, input);
    if (added.__typename !== 'AddCommentSuccess') throw new Error(`${key} was refused: ${added.message}`);
    const comment = { id: added.comment.id, key, version: 1, receipt: added.receipt, author: person };
    board.acknowledged.set(key, comment.id);
    (added.held ? board.held : board.comments).push(comment);
    return key;
  }

  get #guest(): object {
    const { name, role } = this.#options.person;
    return role === null ? { guest: { name, email: `${name}@example.com` } } : {};
  }

  /** Edits or removes a comment of its own. */
  async #change(known: KnownComment): Promise<void> {
    const { id, key, receipt } = known;
    const { next } = this.#options;
    const input = { id, ...(receipt && { receipt }) };
    if (next() >= 0.8) {
      await this.#send(REMOVE, input);
      return;
    }
    const edited = await this.#send<{ comment?: { version: number } }>(EDIT, {
      ...input,
      body: `${key} edited: ${next()}`,
    });
    if (edited.comment) known.version = edited.comment.version;
  }

  async #moderateHeld(board: Board): Promise<void> {
    const { next } = this.#options;
    const held = board.held.splice(0, 1 + Math.floor(next() * 5));
    const action = next() < 0.8 ? 'APPROVE' : 'REJECT';
    await this.#send(MODERATE, { action, comments: held.map(({ id, version }) => ({ id, version })) });
    board.comments.push(...held);
  }

  async #moderate({ id, version }: KnownComment): Promise<void> {
    await this.#send(MODERATE, { action: pick(DECISIONS, this.#options.next), comments: [{ id, version }] });
  }

  async #send<Result>(query: string, input: object): Promise<Result> {
    const { person, urlOf } = this.#options;
    const call = { query, variables: { input }, authorization: person.authorization };
    return (await postUntilAnswered<{ result: Result }>(urlOf, call)).result;
  }
}
