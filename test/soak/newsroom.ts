import type pg from 'pg';
import { decodeIdOf } from '../../schema/content/ids.ts';
import { NoAnswer, post } from '../chaos/post.ts';
import type { WalkBoard } from '../chaos/walk-writers.ts';
import { pick } from '../seed.ts';

export interface NewsroomOptions {
  urls: readonly string[];
  /** The header of an admin. */
  staff: string;
  next: () => number;
  over: AbortSignal;
}

interface Story {
  id: string;
  slug: string;
  version: number;
  /** As the last confirmed change left it. */
  title: string;
  /** Titles whose change was not confirmed: the answer was lost. */
  unconfirmed: string[];
  revision: number;
  /** When it is published, by the machine's clock; null while it is a draft. */
  due: number | null;
}

interface SavedArticle {
  id: string;
  slug: string;
  version: number;
}

const SAVE = (mutation: string): string => {
  const name = mutation[0]!.toUpperCase() + mutation.slice(1);
  return `mutation ($input: ${name}Input!) { result: ${mutation}(input: $input) {
    __typename ... on Error { message }
    ${mutation === 'deleteArticle' ? '' : '... on ArticleSuccess { article { id slug version } }'} } }`;
};

/** Stories that the editors keep; of more, the oldest are deleted. */
const STORIES = 40;
const WORDS =
  'river harbour swallow bread weather council bridge garden winter market station library orchard signal'.split(' ');
/** Milliseconds after which a scheduled publication has happened, whatever was restarted meanwhile. */
const PUBLISHED_WITHIN = 20_000;

/** Editors that write, change, schedule, publish and delete articles, one after another. */
export class Newsroom {
  readonly #options: NewsroomOptions;
  readonly #stories: Story[] = [];
  readonly #deleted: string[] = [];
  #count = 0;

  constructor(options: NewsroomOptions) {
    this.#options = options;
  }

  /** Publishes an article that is discussed. */
  async publish(policy: WalkBoard['policy']): Promise<WalkBoard> {
    const article = await this.#create({ commentPolicy: policy });
    await this.#save('publishArticle', { id: article.id });
    return { slug: article.slug, articleId: article.id, policy, comments: [], hidden: [] };
  }

  /** Makes one change. */
  async work(): Promise<void> {
    const { next } = this.#options;
    const action = next();
    const drafts = this.#stories.filter(({ due }) => due === null);
    if (this.#stories.length > STORIES) await this.#delete(this.#stories.shift()!);
    else if (action < 0.25 || this.#stories.length === 0) await this.#draft();
    else if (action < 0.75 || drafts.length === 0) await this.#edit(pick(this.#stories, next));
    else await this.#schedule(pick(drafts, next), action < 0.9 ? 3_000 + next() * 15_000 : 0);
  }

  /** @returns what differs from what was confirmed */
  async differences(sql: pg.Client): Promise<string[]> {
    const { rows } = await sql.query<{ id: number; title: string; status: string }>(
      'SELECT id, title, status FROM article',
    );
    const stored = new Map(rows.map((row) => [row.id, row]));
    const wrong = this.#stories.flatMap((story) => {
      const row = stored.get(decodeIdOf('Article', story.id)!);
      if (!row) return [`${story.title} is not stored.`];
      const titles = [story.title, ...story.unconfirmed];
      const isDue = story.due !== null && story.due + PUBLISHED_WITHIN < Date.now();
      return [
        ...(titles.includes(row.title) ? [] : [`"${story.title}" is stored as "${row.title}".`]),
        ...(isDue && row.status !== 'PUBLISHED'
          ? [`"${row.title}" is ${row.status}, and was due ${Date.now() - story.due!} ms ago.`]
          : []),
      ];
    });
    const kept = this.#deleted.filter((id) => stored.has(decodeIdOf('Article', id)!));
    return [...wrong, ...kept.map((id) => `${id} was deleted, and is stored.`)];
  }

  async #draft(): Promise<void> {
    const { title, ...article } = await this.#create({});
    this.#stories.push({ ...article, title, unconfirmed: [], revision: 0, due: null });
  }

  async #create(fields: object): Promise<SavedArticle & { title: string }> {
    const title = `Story ${++this.#count}`;
    const { article } = await this.#save('createArticle', { title, markdown: this.#text(), ...fields });
    return { ...article!, title };
  }

  async #edit(story: Story): Promise<void> {
    story.revision += 1;
    const title = `${story.title.replace(/, revision.*/, '')}, revision ${story.revision}`;
    story.unconfirmed.push(title);
    const input = { id: story.id, expectedVersion: story.version, title, markdown: this.#text() };
    const { article, isFirst } = await this.#save('updateArticle', input);
    // Otherwise the change of an earlier attempt, whose answer was lost, is in conflict with a later one.
    if (article) Object.assign(story, { version: article.version, title, unconfirmed: [] });
    else if (isFirst) throw new Error(`"${title}" was in conflict with another version, and nobody else writes it.`);
    else story.version = await this.#versionOf(story.id);
  }

  async #schedule(story: Story, wait: number): Promise<void> {
    const due = Date.now() + wait;
    const { article } = await this.#save('publishArticle', { id: story.id, at: new Date(due).toISOString() });
    story.due = due;
    if (article) story.version = article.version;
  }

  async #delete(story: Story): Promise<void> {
    await this.#save('unpublishArticle', { id: story.id });
    await this.#save('deleteArticle', { id: story.id, expectedVersion: await this.#versionOf(story.id) });
    this.#deleted.push(story.id);
  }

  async #versionOf(id: string): Promise<number> {
    const query = 'query ($id: ID!) { node(id: $id) { ... on Article { version } } }';
    return (await this.#ask<{ node: { version: number } }>(query, { id })).data.node.version;
  }

  /** @returns the article, unless a repeated attempt found the change made: then it is refused */
  async #save(mutation: string, input: object): Promise<{ article?: SavedArticle | undefined; isFirst: boolean }> {
    interface Answer {
      result: { __typename: string; message?: string; article?: SavedArticle };
    }
    const { data, attempts } = await this.#ask<Answer>(SAVE(mutation), { input });
    const { result } = data;
    if (result.message !== undefined && attempts === 1 && result.__typename !== 'ConflictError')
      throw new Error(`${mutation} was refused: ${result.message}`);
    return { article: result.article, isFirst: attempts === 1 };
  }

  async #ask<Data>(query: string, variables: Record<string, unknown>): Promise<{ data: Data; attempts: number }> {
    const { urls, staff, next, over } = this.#options;
    for (let attempts = 1; ; attempts += 1) {
      over.throwIfAborted();
      try {
        return { data: await post<Data>(pick(urls, next), { query, variables, authorization: staff }), attempts };
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  #text(): string {
    const { next } = this.#options;
    const sentence = (): string => `The ${Array.from({ length: 12 }, () => pick(WORDS, next)).join(' ')}.`;
    return Array.from({ length: 3 + Math.floor(next() * 6) }, () => Array.from({ length: 5 }, sentence).join(' ')).join(
      '\n\n',
    );
  }
}

/** Words of the articles, for searches. */
export const SEARCHED: readonly string[] = WORDS;
