import { encodeId } from '../../schema/content/ids.ts';
import { asSeen } from '../as-seen.ts';
import type { Client } from '../client.ts';
import type { TestGateway } from '../gateway.ts';
import { pick } from '../seed.ts';

/** Holds a comment or an edit for a moderator. */
export const FORBIDDEN_WORD = 'casino';

const MUTATIONS = {
  addComment: 'AddComment',
  editComment: 'EditComment',
  removeComment: 'RemoveComment',
  react: 'React',
  reportComment: 'ReportComment',
  moderateComments: 'ModerateComments',
  updateArticle: 'UpdateArticle',
  updateProfile: 'UpdateProfile',
} as const;
type Mutation = keyof typeof MUTATIONS;

interface Result {
  __typename: string;
  receipt?: string | null;
  comment?: { id: string };
}

/** What the author of a comment needs to change it. */
interface Author {
  /** A member's number; null for a guest. */
  member: number | null;
  receipt: string | null;
}

interface Walk {
  gateway: Pick<TestGateway, 'as' | 'ask' | 'sql'>;
  next: () => number;
  articleIds: readonly string[];
}

const MEMBERS = 8;
const KINDS = ['LIKE', 'LOVE', 'INSIGHTFUL', 'FUNNY', 'SAD'] as const;
/** Most comments of one decision. */
const BULK = 100;

/** Conditions of comments to which a change most often applies. */
const READABLE = `visible AND status = 'VISIBLE'`;
const APPLIES_TO = {
  APPROVE: `status IN ('PENDING', 'REJECTED', 'SPAM') AND NOT withdrawn`,
  RESTORE: `status IN ('REMOVED', 'REJECTED', 'SPAM') AND NOT withdrawn`,
  REJECT: READABLE,
  SPAM: READABLE,
  REMOVE: READABLE,
  PIN: READABLE,
  UNPIN: 'pinned',
} as const;
const DECISIONS = [
  ...(['APPROVE', 'APPROVE', 'APPROVE', 'APPROVE', 'RESTORE', 'RESTORE', 'RESTORE', 'RESTORE'] as const),
  ...(['REJECT', 'SPAM', 'REMOVE', 'REMOVE', 'PIN', 'PIN', 'UNPIN'] as const),
];

interface Found {
  id: string;
  articleId: string;
}

/** Random changes of every kind. What is chosen depends on `next` and on the changes made before. */
export class Changes {
  /** How often each kind of change had each result. */
  readonly done = new Map<string, number>();
  readonly #walk: Walk;
  readonly #authors = new Map<string, Author>();
  readonly #names = Array.from({ length: MEMBERS }, (_, n) => `Member ${n}`);
  readonly #moderator: Client;
  #count = 0;

  constructor(walk: Walk) {
    this.#walk = walk;
    this.#moderator = walk.gateway.as({ name: 'Mo', role: 'MODERATOR' });
  }

  /** Chooses a change. @returns the function that makes it */
  choose(): () => Promise<void> {
    const { next } = this.#walk;
    const kind = next();
    if (kind < 0.36) return this.#add();
    if (kind < 0.46) return this.#changeOwn('editComment');
    if (kind < 0.5) return this.#changeOwn('removeComment');
    if (kind < 0.62) return this.#respond('react', { kind: pick(KINDS, next), on: next() < 0.6 });
    if (kind < 0.7) return this.#respond('reportComment', { reason: 'Rude' });
    if (kind < 0.92) return this.#moderate();
    return kind < 0.95 ? this.#setPolicy() : this.#changePerson();
  }

  #add(): () => Promise<void> {
    const { next, articleIds } = this.#walk;
    const isReply = next() < 0.8;
    const findParent = this.#commentsWhere(READABLE);
    const anyArticle = pick(articleIds, next);
    const member = next() < 0.7 ? this.#anyMember() : null;
    const guest = { name: pick(['Gil', 'Gwen'], next), email: 'guest@example.com' };
    const body = this.#words();
    return async () => {
      const [parent] = isReply ? await findParent() : [];
      const place = { articleId: parent?.articleId ?? anyArticle, parentId: parent?.id };
      const input = { ...place, body, ...(member === null && { guest }) };
      const { comment, receipt } = await this.#send(this.#client(member), 'addComment', input);
      if (comment) this.#authors.set(comment.id, { member, receipt: receipt ?? null });
    };
  }

  /** A change by the author of a comment. */
  #changeOwn(mutation: 'editComment' | 'removeComment'): () => Promise<void> {
    const find = this.#commentsWhere(READABLE);
    const edit = mutation === 'editComment' && { body: this.#words() };
    return async () => {
      const [comment] = await find();
      if (!comment) return;
      const { member, receipt } = this.#authors.get(comment.id) ?? { member: null, receipt: null };
      await this.#send(this.#client(member), mutation, { id: comment.id, receipt, ...edit });
    };
  }

  /** What a member does to somebody's comment. */
  #respond(mutation: 'react' | 'reportComment', input: object): () => Promise<void> {
    const find = this.#commentsWhere(READABLE);
    const member = this.#anyMember();
    return async () => {
      const [comment] = await find();
      if (comment) await this.#send(this.#client(member), mutation, { commentId: comment.id, ...input });
    };
  }

  #moderate(): () => Promise<void> {
    const { next, gateway } = this.#walk;
    const action = pick(DECISIONS, next);
    const find = this.#commentsWhere(APPLIES_TO[action], next() < 0.1 ? BULK : 1 + Math.floor(next() * 4));
    return async () => {
      const ids = (await find()).map(({ id }) => id);
      if (ids.length === 0) return;
      const comments = await asSeen(gateway.sql, ids);
      await this.#send(this.#moderator, 'moderateComments', { comments, action });
    };
  }

  #setPolicy(): () => Promise<void> {
    const { next, articleIds, gateway } = this.#walk;
    const id = pick(articleIds, next);
    const commentPolicy = pick(['OPEN', 'OPEN', 'OPEN', 'MODERATED', 'CLOSED'], next);
    return async () => {
      const { data } = await gateway.ask<{ node: { version: number } }>(
        'query ($id: ID!) { node(id: $id) { ... on Article { version } } }',
        { id },
      );
      await this.#send(this.#client(0), 'updateArticle', { id, commentPolicy, expectedVersion: data.node.version });
    };
  }

  #changePerson(): () => Promise<void> {
    const { next } = this.#walk;
    const member = this.#anyMember();
    const version = this.#count++;
    if (next() < 0.5)
      return async () => {
        this.#names[member] = `Member ${member}, ${version}`;
        await this.#client(member).ask('{ viewer { role } }');
        this.#countOne('name');
      };
    const address = `https://example.com/${version}`;
    const input = next() < 0.5 ? { avatarUrl: `${address}.png` } : { url: address };
    return async () => void (await this.#send(this.#client(member), 'updateProfile', input));
  }

  /** The first member wrote the articles. Null for a guest. */
  #client(member: number | null): Pick<Client, 'ask'> {
    const { gateway } = this.#walk;
    if (member === null) return gateway;
    return gateway.as({
      name: this.#names[member]!,
      sub: `member-${member}`,
      role: member === 0 ? 'WRITER' : 'READER',
    });
  }

  #anyMember(): number {
    return Math.floor(this.#walk.next() * MEMBERS);
  }

  #words(): string {
    return `Words ${this.#count++}${this.#walk.next() < 0.1 ? ` ${FORBIDDEN_WORD}` : ''}`;
  }

  /** @returns a function that finds comments. Half of the time recent ones, so that changes concern the same threads. */
  #commentsWhere(condition: string, limit = 1): () => Promise<Found[]> {
    const { next, gateway, articleIds } = this.#walk;
    const from = next() < 0.5 ? '(SELECT * FROM comment ORDER BY id DESC LIMIT 30) c' : 'comment';
    const where = next() < 0.9 ? condition : 'true';
    const order = String(next());
    return async () => {
      const { rows } = await gateway.sql.query<{ id: number; article: number }>(
        `SELECT id, article_id AS article FROM ${from} WHERE ${where} AND article_id <= $2
         ORDER BY md5(id || $1) LIMIT ${limit}`,
        [order, articleIds.length],
      );
      return rows.map(({ id, article }) => ({ id: encodeId('Comment', id), articleId: articleId(article) }));
    };
  }

  async #send(sender: Pick<Client, 'ask'>, mutation: Mutation, input: object): Promise<Result> {
    const name = MUTATIONS[mutation];
    const { data, errors } = await sender.ask<Record<string, Result>>(
      `mutation ($input: ${name}Input!) { ${mutation}(input: $input) { __typename
        ${mutation === 'addComment' ? '... on AddCommentSuccess { receipt comment { id } }' : ''} } }`,
      { input },
    );
    // A machine that does much else may refuse a change; then there is none.
    const isRefused = errors?.every(({ extensions }) => extensions.code === 'SERVICE_UNAVAILABLE');
    if (errors && !isRefused) throw new Error(`${mutation} failed: ${JSON.stringify({ input, errors })}`);
    const result = isRefused ? { __typename: 'Refused' } : data[mutation]!;
    this.#countOne(`${mutation} ${'action' in input ? `${input.action} ` : ''}${result.__typename}`);
    return result;
  }

  #countOne(result: string): void {
    this.done.set(result, (this.done.get(result) ?? 0) + 1);
  }
}

/** The author of the articles becomes the first member. */
export async function writeAs(gateway: Pick<TestGateway, 'as' | 'sql'>): Promise<void> {
  await gateway.as({ name: 'Member 0', sub: 'member-0', role: 'WRITER' }).ask('{ viewer { role } }');
  await gateway.sql.query(`UPDATE article SET author_id = (SELECT id FROM author WHERE name = 'Member 0')`);
}

export const articleId = (id: number): string => encodeId('Article', id);
