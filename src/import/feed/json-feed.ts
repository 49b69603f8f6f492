import { itemsOf, type JsonValue, propertyOf, textOf } from '../json-values.ts';
import { escapeText, type FeedAuthor, type FeedEntry, type FeedInfo, newEntry, plainHtml } from './feed-entry.ts';

/** The values of a JSON Feed that are read, one by one. */
export const JSON_FEED_PATHS = ['version', 'title', 'home_page_url', 'feed_url', 'author', 'authors', 'items.*'].map(
  (path) => `$.${path}`,
);

/** Fills in what a feed says of itself. */
export function readFeedValue(info: FeedInfo, { value, path }: JsonValue): void {
  const text = typeof value === 'string' ? value : '';
  if (path[0] === 'version') info.version = /jsonfeed\.org\/version\/([\d.]+)/.exec(text)?.[1] ?? '';
  else if (path[0] === 'title') info.title = text;
  else if (path[0] === 'home_page_url') info.home = text;
  else if (path[0] === 'feed_url') info.home ||= text;
  else if (path[0] === 'author') info.author ??= authorOf(value);
  else if (path[0] === 'authors') info.author = authorOf(itemsOf(value)[0]) ?? info.author;
}

export function entryOf(item: unknown): FeedEntry {
  const html = textOf(item, 'content_html');
  const plain = textOf(item, 'content_text');
  return {
    ...newEntry(0),
    id: textOf(item, 'id'),
    link: textOf(item, 'url') || textOf(item, 'external_url'),
    title: escapeText(textOf(item, 'title')),
    author: authorOf(itemsOf(propertyOf(item, 'authors'))[0]) ?? authorOf(propertyOf(item, 'author')),
    body: html || plain ? { source: html || plainHtml(plain), format: 'HTML' } : null,
    summary: escapeText(textOf(item, 'summary')),
    publishedAt: textOf(item, 'date_published'),
    updatedAt: textOf(item, 'date_modified'),
    topics: itemsOf(propertyOf(item, 'tags')).filter((tag) => typeof tag === 'string'),
    image: textOf(item, 'image') || textOf(item, 'banner_image'),
    enclosures: itemsOf(propertyOf(item, 'attachments')).map((one) => ({
      url: textOf(one, 'url'),
      type: textOf(one, 'mime_type'),
    })),
  };
}

function authorOf(value: unknown): FeedAuthor | null {
  const author = { name: textOf(value, 'name').trim(), email: '', url: textOf(value, 'url') };
  return author.name === '' ? null : author;
}
