import { setTimeout as delay } from 'node:timers/promises';
import { dialMultipart, dialSocket, dialStream } from '../chaos/dial.ts';
import { Browser, readByPost } from '../chaos/fresh-browser.ts';
import type { Node } from '../chaos/node.ts';
import { FOLLOW } from '../chaos/walk-discussion.ts';
import type { WalkBoard } from '../chaos/walk-writers.ts';
import { pick } from '../seed.ts';
import type { Faults } from './faults.ts';
import { SEARCHED } from './newsroom.ts';
import type { Outages } from './outages.ts';

export interface VisitorsOptions {
  /** The first stays up. */
  nodes: readonly Node[];
  boards: readonly WalkBoard[];
  faults: Faults;
  outages: Outages;
  next: () => number;
  over: AbortSignal;
  /** Whether slopes are being measured. */
  isWarm: () => boolean;
}

/** Readers of pages, and those who open a discussion and leave, at a time. */
const READERS = 8;
const PASSERS_BY = 4;
/** Pages of one reader. */
const PAGES = 30;
/** Addresses of readers. */
const ADDRESSES = 3_000;
/** Longest milliseconds between two pages of a reader: before slopes are measured, so that code is compiled by then, and later. */
const LONGEST_PAUSE = { first: 50, later: 300 };
/** Longest milliseconds of a passer-by's stay. */
const LONGEST_STAY = 4_000;

const FEEDS = ['/feed.xml', '/feed.json', '/comments/feed.xml', '/sitemap.xml'];

export const FRONT_PAGE = `{ articles(first: 20) { totalCount nodes { title excerpt commentCount publishedAt author { name avatarUrl }
  topics { name slug } } pageInfo { hasNextPage } } }`;
const SEARCH = (words: string): string =>
  `{ search(query: "${words}") { totalCount edges { headline node { __typename ... on Article { title } ... on Comment { body { text } } } } } }`;

export function articlePage(slug: string): string {
  return `{ article(slug: "${slug}") { title body { html } commentCount readingMinutes author { name bio { text } } related { title }
    comments(first: 20) { totalCount nodes { id status pinned body { html } author { name } reactions { kind count }
      replies(first: 3) { totalCount nodes { body { text } author { name } } } } } } }`;
}

function discussion(slug: string): string {
  return `{ article(slug: "${slug}") { thread(first: 100) { liveCursor rows { depth comment { id status body { html } author { name } } } } } }`;
}

/** Visitors of the site. What they get from the gateway that stays up is never a fault of it, unless the database was away. */
export class Visitors {
  readonly #options: VisitorsOptions;
  /** Pages that were read. */
  pages = 0;
  visits = 0;

  constructor(options: VisitorsOptions) {
    this.#options = options;
  }

  /** Resolves when it is over, and all have left. */
  async run(): Promise<void> {
    const { over } = this.#options;
    const repeat = async (visit: () => Promise<void>): Promise<void> => {
      while (!over.aborted) await visit();
    };
    await Promise.all([
      ...Array.from({ length: READERS }, () => repeat(() => this.#read())),
      ...Array.from({ length: PASSERS_BY }, () => repeat(() => this.#passBy())),
    ]);
  }

  /** Somebody reads some pages. */
  async #read(): Promise<void> {
    const { nodes, next, over, outages, faults } = this.#options;
    const number = Math.floor(next() * ADDRESSES);
    const headers = { 'x-forwarded-for': `10.20.${number >> 8}.${number & 255}` };
    const browser = new Browser(headers);
    for (let page = 0; page < PAGES && !over.aborted; page += 1) {
      const node = pick(nodes, next);
      const since = performance.now();
      try {
        const text = await this.#readPage(browser, node.url, headers);
        this.pages += 1;
        if (text.includes('"errors":[')) faults.add('a page had errors', text);
      } catch (error) {
        const kinds = node === nodes[0] ? (['database'] as const) : (['database', 'second gateway'] as const);
        if (!over.aborted && !outages.explain(since, kinds)) faults.add('a page was not answered', String(error));
      }
      await delay(next() * (this.#options.isWarm() ? LONGEST_PAUSE.later : LONGEST_PAUSE.first));
    }
  }

  async #readPage(browser: Browser, url: string, headers: Record<string, string>): Promise<string> {
    const { boards, next } = this.#options;
    const { slug } = pick(boards, next);
    const kind = next();
    if (kind < 0.35) return browser.read(url, articlePage(slug));
    if (kind < 0.5) return browser.read(url, FRONT_PAGE);
    if (kind < 0.65) return readByPost(url, SEARCH(`${pick(SEARCHED, next)} ${pick(SEARCHED, next).slice(0, 5)}`));
    if (kind < 0.85) return readByPost(url, discussion(slug));
    const response = await fetch(new URL(pick(FEEDS, next), url), { headers });
    if (!response.ok) throw new Error(`A feed answered ${response.status}.`);
    return (await response.text()).replace('"errors"', '');
  }

  /** Somebody follows a discussion for a while, and leaves in one of two ways. */
  async #passBy(): Promise<void> {
    const { nodes, boards, next } = this.#options;
    const dial = pick([dialSocket, dialStream, dialMultipart], next);
    const subscription = dial({
      url: pick(nodes, next).url,
      query: FOLLOW,
      variables: { id: pick(boards, next).articleId },
      authorization: undefined,
      onResult: () => {},
    });
    this.visits += 1;
    await Promise.race([subscription.ended, delay(next() * LONGEST_STAY)]);
    if (next() < 0.5) subscription.leave();
    else subscription.destroy();
    await Promise.race([subscription.ended, delay(1_000)]);
  }
}
