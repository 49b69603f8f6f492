import { IS_PUBLIC } from '../article/article-visibility.ts';
import { type PageKind, pageAddresses } from '../feed/page-addresses.ts';
import { IS_VISIBLE_TOPIC } from '../topic/topic-visibility.ts';

/** A former address of a public page, as it is kept, and the present path of the page. */
export interface Redirect {
  from: string;
  to: string;
}

/**
 * SQL of all former addresses of public pages, those first that win over later ones of the same path. `former` is a slug, for the
 * address in the present form.
 */
export const FORMER_ADDRESSES = `
  SELECT path, former, kind, slug FROM (
    SELECT f.path, NULL AS former, 'article' AS kind, a.slug, 1 AS place
      FROM article_address f JOIN article a ON a.id = f.article_id WHERE ${IS_PUBLIC}
    UNION ALL SELECT f.path, NULL, 'topic', t.slug, 2
      FROM topic_address f JOIN topic t ON t.id = f.topic_id WHERE ${IS_VISIBLE_TOPIC.PUBLIC}
    UNION ALL SELECT f.path, NULL, 'author', u.slug, 3
      FROM author_address f JOIN author u ON u.id = f.author_id WHERE u.kind = 'STAFF' OR u.article_count > 0 OR u.comment_count > 0
    UNION ALL SELECT NULL, f.slug, 'article', a.slug, 4 FROM former_slug f JOIN article a ON a.id = f.article_id WHERE ${IS_PUBLIC}
    UNION ALL SELECT NULL, f.slug, 'topic', t.slug, 5
      FROM former_topic_slug f JOIN topic t ON t.id = f.topic_id WHERE ${IS_VISIBLE_TOPIC.PUBLIC}
  ) found ORDER BY place, path COLLATE "C", former COLLATE "C"`;

/** SQL of the present addresses of all public pages: a redirect would hide them. */
export const PRESENT_ADDRESSES = `
  SELECT 'article' AS kind, a.slug FROM article a WHERE ${IS_PUBLIC}
  UNION ALL SELECT 'topic', t.slug FROM topic t WHERE ${IS_VISIBLE_TOPIC.PUBLIC}
  UNION ALL SELECT 'author', slug FROM author WHERE kind = 'STAFF' OR article_count > 0`;

interface AddressRows {
  former: readonly { path: string | null; former: string | null; kind: PageKind; slug: string }[];
  present: readonly { kind: PageKind; slug: string }[];
}

/**
 * The redirects from former addresses, each address once. All lead to present addresses, and none begins at one, so that there are no
 * chains or circles.
 * @param site the path of the front page, with a slash at its end
 */
export function redirectsOf({ former, present }: AddressRows, site: string): Redirect[] {
  const pages = pageAddresses(site);
  const taken = new Set(present.map(({ kind, slug }) => pages[kind](slug)));
  const redirects: Redirect[] = [];
  for (const row of former) {
    const from = row.path ?? pages[row.kind](row.former!);
    if (taken.has(from)) continue;
    taken.add(from);
    redirects.push({ from, to: pages[row.kind](row.slug) });
  }
  return redirects;
}
