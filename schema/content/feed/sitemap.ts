import { IS_PUBLIC } from '../article/article-visibility.ts';
import { IS_VISIBLE_TOPIC } from '../topic/topic-visibility.ts';
import type { FeedOptions } from './feed.ts';
import { pageAddresses } from './page-addresses.ts';

/** The protocol's limit of addresses in one file (https://www.sitemaps.org/protocol.html). */
const SITEMAP_PAGES = 50_000;

export interface SitemapPage {
  url: string;
  /** The last change; null where it is not known. */
  changed: Date | null;
}

/** The pages of one part of the sitemap, from 1: articles, then topics and authors. Empty after the last part. */
export async function readSitemap({ db, publicUrl }: FeedOptions, part: number): Promise<SitemapPage[]> {
  const pages = pageAddresses(publicUrl);
  const rows = await db.query<[kind: 'article' | 'topic' | 'author', slug: string, changed: Date | null]>({
    text: `SELECT kind, slug, changed FROM (
        SELECT 'article' AS kind, a.id, a.slug, greatest(a.updated_at, a.published_at) AS changed FROM article a WHERE ${IS_PUBLIC}
        UNION ALL SELECT 'topic', t.id, t.slug, NULL FROM topic t WHERE ${IS_VISIBLE_TOPIC.PUBLIC}
        UNION ALL SELECT 'author', id, slug, NULL FROM author WHERE article_count > 0
      ) p ORDER BY array_position('{article,topic,author}', kind), id LIMIT $1 OFFSET $2`,
    values: [SITEMAP_PAGES, (part - 1) * SITEMAP_PAGES],
  });
  return rows.map(([kind, slug, changed]) => ({ url: pages[kind](slug), changed: changed && new Date(changed) }));
}

/** Number of the sitemap's parts, at least 1. */
export async function countSitemapParts({ db }: Pick<FeedOptions, 'db'>): Promise<number> {
  const [row] = await db.query<[count: number]>({
    text: `SELECT ((SELECT count(*) FROM article a WHERE ${IS_PUBLIC}) + (SELECT count(*) FROM topic t WHERE ${IS_VISIBLE_TOPIC.PUBLIC})
      + (SELECT count(*) FROM author WHERE article_count > 0))::int`,
    values: [],
  });
  return Math.max(1, Math.ceil((row?.[0] ?? 0) / SITEMAP_PAGES));
}
