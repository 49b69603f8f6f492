import { IS_PUBLIC } from '../article/article-visibility.ts';
import { queryRow } from '../query.ts';
import { IS_VISIBLE_TOPIC } from '../topic/topic-visibility.ts';
import type { FeedOptions } from './feed.ts';
import { type PageKind, pageAddresses } from './page-addresses.ts';

/** The protocol's limit of addresses in one file (https://www.sitemaps.org/protocol.html). */
const SITEMAP_PAGES = 50_000;

/** Pages that are read and written at once, between which others are served: some 2 ms. */
const BATCH = 500;

export interface SitemapPage {
  url: string;
  /** The last change; null where it is not known. */
  changed: Date | null;
}

interface Source {
  kind: PageKind;
  /** What `from` calls a row. */
  row: string;
  from: string;
  changed: string;
}

/** Whose pages are in the sitemap, in its order. */
const SOURCES: readonly Source[] = [
  {
    kind: 'article',
    row: 'a',
    from: `article a WHERE ${IS_PUBLIC}`,
    changed: 'greatest(a.updated_at, a.published_at)',
  },
  { kind: 'topic', row: 't', from: `topic t WHERE ${IS_VISIBLE_TOPIC.PUBLIC}`, changed: 'NULL::timestamptz' },
  { kind: 'author', row: 'w', from: 'author w WHERE w.article_count > 0', changed: 'NULL::timestamptz' },
];

/** The first page of a part: the place of its source, and its id. */
const FIRST_PAGE = `SELECT source, id FROM (
    ${SOURCES.map(({ row, from }, place) => `SELECT ${place} AS source, ${row}.id FROM ${from}`).join(' UNION ALL ')}
  ) page ORDER BY source, id LIMIT 1 OFFSET $1`;

/**
 * The pages of one part of the sitemap, from 1: articles, then topics and authors. They are read in batches, each as it is then.
 * @returns null after the last part
 */
export async function readSitemap(
  { db, publicUrl }: Pick<FeedOptions, 'db' | 'publicUrl'>,
  part: number,
): Promise<AsyncIterable<SitemapPage[]> | null> {
  const [first] = await db.query<[source: number, id: number]>({
    text: FIRST_PAGE,
    values: [(part - 1) * SITEMAP_PAGES],
  });
  return first ? readBatches({ db, publicUrl }, first) : null;
}

async function* readBatches(
  { db, publicUrl }: Pick<FeedOptions, 'db' | 'publicUrl'>,
  [first, firstId]: [source: number, id: number],
): AsyncGenerator<SitemapPage[]> {
  const addresses = pageAddresses(publicUrl);
  let left = SITEMAP_PAGES;
  for (const { kind, row, from, changed } of SOURCES.slice(first)) {
    let after = kind === SOURCES[first]!.kind ? firstId - 1 : 0;
    for (let read = BATCH; read === BATCH && left > 0; ) {
      const rows = await db.query<[id: number, slug: string, changed: Date | null]>({
        name: `sitemap-${kind}`,
        text: `SELECT ${row}.id, ${row}.slug, ${changed} FROM ${from} AND ${row}.id > $1 ORDER BY ${row}.id LIMIT ${BATCH}`,
        values: [after],
      });
      read = rows.length;
      after = rows.at(-1)?.[0] ?? after;
      const pages = rows.map(([, slug, time]) => ({ url: addresses[kind](slug), changed: time && new Date(time) }));
      yield pages.slice(0, left);
      left -= read;
    }
  }
}

/** Number of the sitemap's parts, at least 1. */
export async function countSitemapParts({ db }: Pick<FeedOptions, 'db'>): Promise<number> {
  const counts = SOURCES.map(({ from }) => `(SELECT count(*) FROM ${from})`);
  const [count] = await queryRow<[count: number]>(db, { text: `SELECT (${counts.join(' + ')})::int`, values: [] });
  return Math.max(1, Math.ceil(count / SITEMAP_PAGES));
}
