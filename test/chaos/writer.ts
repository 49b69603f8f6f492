import type { Role } from '../../schema/content/context.ts';
import { pick } from '../seed.ts';
import { insist } from './post.ts';

/** What those who write in one discussion know of it. */
export class Board {
  readonly articleId: string;
  /** Comments that were answered for, by the key that they were sent with. */
  readonly acknowledged = new Map<string, string>();
  readonly comments: Known[] = [];
  readonly held: Known[] = [];
  /** Changes that were answered for. */
  writes = 0;

  constructor(articleId: string) {
    this.articleId = articleId;
  }
}

interface Known {
  id: string;
  key: string;
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
  /** The gateway to ask next. */
  urlOf: () => string;
  next: () => number;
}

const ADD = `mutation ($input: AddCommentInput!) { result: addComment(input: $input) {
  __typename ... on AddCommentSuccess { held receipt comment { id } } ... on Error { message } } }`;
const EDIT = `mutation ($input: EditCommentInput!) { result: editComment(input: $input) { __typename } }`;
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

/** Somebody who writes, one thing after another, whatever comes to mind. */
export class Writer {
  readonly #options: WriterOptions;
  #sent = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Does one thing, and is sure that it is done. */
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

  /** @returns the key that it was sent with, which is the first word of the comment for ever */
  async add(board: Board): Promise<string> {
    const { person, next } = this.#options;
    const key = `${person.name}-${++this.#sent}`;
    const parent = board.comments.length > 0 && next() < 0.6 ? pick(board.comments, next) : null;
    const input = { articleId: board.articleId, idempotencyKey: key, body: `${key} says something`, ...this.#guest };
    let added = await this.#ask<Added>(ADD, parent ? { ...input, parentId: parent.id } : input);
    // What it wanted to reply to is gone by now.
    if (added.__typename === 'NotFoundError') added = await this.#ask<Added>(ADD, input);
    if (added.__typename !== 'AddCommentSuccess') throw new Error(`${key} was refused: ${added.message}`);
    const known = { id: added.comment.id, key, receipt: added.receipt, author: person };
    board.acknowledged.set(key, known.id);
    (added.held ? board.held : board.comments).push(known);
    return key;
  }

  get #guest(): object {
    const { name, role } = this.#options.person;
    return role === null ? { guest: { name, email: `${name}@example.com` } } : {};
  }

  /** Edits or removes something of its own. */
  async #change({ id, key, receipt }: Known): Promise<void> {
    const { next } = this.#options;
    const input = { id, ...(receipt && { receipt }) };
    if (next() < 0.8) await this.#ask(EDIT, { ...input, body: `${key} puts it otherwise: ${next()}` });
    else await this.#ask(REMOVE, input);
  }

  async #moderateHeld(board: Board): Promise<void> {
    const { next } = this.#options;
    const held = board.held.splice(0, 1 + Math.floor(next() * 5));
    const action = next() < 0.8 ? 'APPROVE' : 'REJECT';
    await this.#ask(MODERATE, { action, ids: held.map(({ id }) => id) });
    board.comments.push(...held);
  }

  async #moderate({ id }: Known): Promise<void> {
    await this.#ask(MODERATE, { action: pick(DECISIONS, this.#options.next), ids: [id] });
  }

  async #ask<Result>(query: string, input: object): Promise<Result> {
    const { person, urlOf } = this.#options;
    const call = { query, variables: { input }, authorization: person.authorization };
    return (await insist<{ result: Result }>(urlOf, call)).result;
  }
}
