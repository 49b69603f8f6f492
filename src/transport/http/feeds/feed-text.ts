import type { Feed, FeedEntry } from '../../../../schema/content/feed/feed.ts';
import type { SitemapPage } from '../../../../schema/content/feed/sitemap.ts';

/** An Atom feed (RFC 4287). @param self the address of the feed itself */
export function atomText(feed: Feed, self: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${xml(feed.id)}</id>
<title>${xml(feed.title)}</title>
<updated>${newest(feed).toISOString()}</updated>
<link rel="self" type="application/atom+xml" href="${xml(self)}"/>
<link rel="alternate" type="text/html" href="${xml(feed.url)}"/>
${feed.entries.map(atomEntry).join('\n')}
</feed>
`;
}

function atomEntry(entry: FeedEntry): string {
  const topics = entry.topics.map((topic) => `<category term="${xml(topic)}"/>`);
  return `<entry>
<id>${xml(entry.id)}</id>
<title>${xml(entry.title)}</title>
<link rel="alternate" type="text/html" href="${xml(entry.url)}"/>
<author><name>${xml(entry.author)}</name></author>
<published>${entry.published.toISOString()}</published>
<updated>${entry.updated.toISOString()}</updated>
${topics.join('')}${entry.summary === '' ? '' : `<summary>${xml(entry.summary)}</summary>`}
<content type="html">${xml(entry.html)}</content>
</entry>`;
}

/** A JSON Feed (https://www.jsonfeed.org/version/1.1/). @param self the address of the feed itself */
export function jsonFeedText(feed: Feed, self: string): string {
  const items = feed.entries.map((entry) => ({
    id: entry.id,
    url: entry.url,
    title: entry.title,
    ...(entry.summary === '' ? {} : { summary: entry.summary }),
    content_html: entry.html,
    date_published: entry.published.toISOString(),
    date_modified: entry.updated.toISOString(),
    authors: [{ name: entry.author }],
    ...(entry.topics.length > 0 ? { tags: entry.topics } : {}),
  }));
  const { title, url } = feed;
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: url,
    feed_url: self,
    items,
  });
}

const SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"';

/** A sitemap, in pieces. */
export async function* sitemapPieces(
  batches: Iterable<readonly SitemapPage[]> | AsyncIterable<readonly SitemapPage[]>,
): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="utf-8"?>\n<urlset ${SITEMAP}>\n`;
  for await (const pages of batches) yield pages.map(sitemapEntry).join('');
  yield '</urlset>\n';
}

function sitemapEntry({ url, changed }: SitemapPage): string {
  const time = changed ? `<lastmod>${changed.toISOString()}</lastmod>` : '';
  return `<url><loc>${xml(url)}</loc>${time}</url>\n`;
}

export function sitemapIndexText(parts: readonly string[]): string {
  const urls = parts.map((url) => `<sitemap><loc>${xml(url)}</loc></sitemap>\n`);
  return `<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex ${SITEMAP}>\n${urls.join('')}</sitemapindex>\n`;
}

/** The time of the newest entry; 1970 for an empty feed, so that equal content has equal bytes. */
function newest({ entries }: Feed): Date {
  return new Date(Math.max(0, ...entries.map(({ updated }) => updated.getTime())));
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text as XML has it, without the characters that it does not allow. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (character) => ESCAPES[character]!);
}
