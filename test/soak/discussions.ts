import { decodeIdOf, encodeId } from '../../schema/content/ids.ts';
import { checkClients } from '../chaos/walk-checks.ts';
import type { WalkClient } from '../chaos/walk-client.ts';
import { createClients, createWriters, viewer } from '../chaos/walk-people.ts';
import { type WalkBoard, type WalkWriter, WritersAtWork } from '../chaos/walk-writers.ts';
import type { Faults } from './faults.ts';
import type { Newsroom } from './newsroom.ts';
import type { Site } from './site.ts';

/** Articles that appeared together, and the clients that follow them. */
interface Generation {
  boards: WalkBoard[];
  clients: WalkClient[];
  /** The number of the imported article. */
  post: number;
  end(): Promise<void>;
}

export interface DiscussionsOptions {
  site: Site;
  newsroom: Newsroom;
  faults: Faults;
  next: () => number;
  over: AbortSignal;
}

/** Clients of one generation: each transport, viewer and article. */
const CLIENTS = 36;
const WRITERS = 16;
/** Longest milliseconds from one change of a writer to the next. */
const LONGEST_PAUSE = 3_000;
/** Generations that are discussed at a time. */
const GENERATIONS = 2;

/** The discussions that are under way: new articles and people replace those from before, so that the load stays the same. */
export class Discussions {
  readonly boards: WalkBoard[] = [];
  readonly clients: WalkClient[] = [];
  /** Number of results of all writers by type. */
  readonly results = new Map<string, number>();
  writers: WalkWriter[] = [];
  comments = 0;
  readonly #options: DiscussionsOptions;
  readonly #generations: Generation[] = [];
  #count = 0;
  #working: WritersAtWork | null = null;

  constructor(options: DiscussionsOptions) {
    this.#options = options;
  }

  /** The number of the newest imported article. */
  get newestPost(): number {
    return this.#generations.at(-1)!.post;
  }

  /** Articles appear, and other people begin to write. */
  async begin(): Promise<void> {
    const { site, newsroom, faults, next, over } = this.#options;
    const post = ++this.#count;
    await site.imports.post(post);
    const imported = await boardOf(site, `post-${post}`);
    const boards = [await newsroom.publish('OPEN'), await newsroom.publish('MODERATED'), imported];
    const people = [viewer('Anna', null), viewer(`Reader ${post}`, 'READER'), viewer(`Mod ${post}`, 'MODERATOR')];
    const viewers = await Promise.all(people);
    const ending = new AbortController();
    const { entrances } = site;
    const isOver = AbortSignal.any([over, ending.signal]);
    const clients = createClients({ count: CLIENTS, boards, viewers, entrances, next, over: isOver });
    const running = clients.map((client) =>
      client.run().catch((error) => isOver.aborted || faults.add('a client failed', String(error))),
    );
    const end = async (): Promise<void> => {
      ending.abort(new Error('The discussion is over.'));
      for (const client of clients) client.destroy();
      await Promise.all(running);
    };
    this.#generations.push({ boards, clients, post, end });
    this.boards.push(...boards);
    this.clients.push(...clients);
    this.writers = createWriters({
      ...{ count: WRITERS, name: `Writer ${post}.`, boards: this.boards, urls: entrances.urls, next, over },
      addressOf: (index) => `10.10.${post & 255}.${index}`,
      results: this.results,
    });
  }

  /** Writers write until they are stopped. */
  write(): void {
    const { next, faults, over } = this.#options;
    const pause = () => new Promise((resolve) => setTimeout(resolve, next() * LONGEST_PAUSE));
    this.#working = new WritersAtWork(this.writers, pause);
    this.#working.start((error) => over.aborted || faults.add('a change had an unknown answer', String(error)));
  }

  /** Resolves when all changes are confirmed. */
  async rest(): Promise<void> {
    await this.#working?.stop();
  }

  /** Compares all copies with what is stored, while nothing changes, and what was confirmed with it. */
  async check(): Promise<void> {
    const { site, faults } = this.#options;
    await faults.watch('a copy of a discussion differs', () => checkClients(site.sql, this.clients));
    await faults.watch('a confirmed change is lost', () => this.#checkConfirmed());
  }

  /** Ends the oldest discussions, when there are newer ones. */
  async retire(): Promise<void> {
    if (this.#generations.length < GENERATIONS) return;
    await this.#endOldest();
  }

  async end(): Promise<void> {
    while (this.#generations.length > 0) await this.#endOldest();
  }

  async #endOldest(): Promise<void> {
    const { boards, clients, end } = this.#generations.shift()!;
    await end();
    this.boards.splice(0, boards.length);
    this.clients.splice(0, clients.length);
    this.comments += boards.reduce((sum, { comments }) => sum + comments.length, 0);
    const ids = boards.map(({ articleId }) => decodeIdOf('Article', articleId));
    await this.#options.site.sql.query('DELETE FROM walk.ledger WHERE article_id = ANY($1)', [ids]);
  }

  async #checkConfirmed(): Promise<void> {
    const { sql } = this.#options.site;
    const confirmed = this.boards.flatMap(({ comments }) => comments.map(({ id }) => decodeIdOf('Comment', id)!));
    const { rows } = await sql.query<{ id: number }>('SELECT id FROM comment WHERE id = ANY($1)', [confirmed]);
    if (rows.length < confirmed.length) {
      const stored = new Set(rows.map(({ id }) => id));
      throw new Error(`Comments are not stored: ${confirmed.filter((id) => !stored.has(id)).join(', ')}`);
    }
    const { rows: doubled } = await sql.query(
      `SELECT split_part(body_source, E'\\n', 1) AS text, array_agg(id) AS ids FROM comment
       WHERE article_id = ANY($1) AND body_source LIKE 'Writer %, change %' GROUP BY 1 HAVING count(*) > 1`,
      [this.boards.map(({ articleId }) => decodeIdOf('Article', articleId))],
    );
    if (doubled.length > 0) throw new Error(`Comments are stored twice: ${JSON.stringify(doubled)}`);
    for (const writer of this.writers) await this.#checkReactions(writer);
  }

  async #checkReactions({ name, reactions }: WalkWriter): Promise<void> {
    if (reactions.size === 0) return;
    const { rows } = await this.#options.site.sql.query<{ id: number; kind: string }>(
      `SELECT comment_id AS id, reaction.kind::text FROM reaction JOIN author ON author.id = author_id
       WHERE right(subject, length($1)) = $1`,
      [name],
    );
    const given = new Set(rows.map(({ id, kind }) => `${encodeId('Comment', id)} ${kind}`));
    for (const [reaction, on] of reactions)
      if (given.has(reaction) !== on) throw new Error(`${name} has ${on ? 'given' : 'taken back'} ${reaction}.`);
  }
}

async function boardOf({ sql }: Site, slug: string): Promise<WalkBoard> {
  const { rows } = await sql.query<{ id: number }>('SELECT id FROM article WHERE slug = $1', [slug]);
  return { slug, articleId: encodeId('Article', rows[0]!.id), policy: 'OPEN', comments: [], hidden: [] };
}
