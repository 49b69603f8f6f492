import type { FeedAuthor, FeedEntry, FeedInfo } from './feed-entry.ts';
import type { FeedElement, FeedFormat } from './feed-format.ts';

/** RSS 0.9 to 2.0 and 1.0, with the modules that most feeds use. */
export const rss: FeedFormat = {
  format: 'RSS',
  entries: new Set(['item']),
  readInfo(info: FeedInfo, { name, text }: FeedElement): void {
    if (name === 'title') info.title ||= text.trim();
    else if (name === 'link') info.home ||= text.trim();
  },
  readEntry(entry: FeedEntry, element: FeedElement): void {
    READ[element.name]?.(entry, element);
  },
};

const READ: Record<string, (entry: FeedEntry, element: FeedElement) => void> = {
  title: (entry, { text }) => {
    entry.title = text.trim();
  },
  link: (entry, { text }) => {
    entry.link = text.trim();
  },
  guid: (entry, { text, attributes }) => {
    entry.id = text.trim();
    // Unless the feed says otherwise, a guid is the address of the page.
    if (attributes.isPermaLink !== 'false' && /^https?:/i.test(entry.id)) entry.link ||= entry.id;
  },
  description: (entry, { text }) => {
    entry.summary = text.trim();
  },
  'content:encoded': (entry, { text }) => {
    if (text.trim() !== '') entry.body = { source: text.trim(), format: 'HTML' };
  },
  pubDate: (entry, { text }) => {
    entry.publishedAt = text;
  },
  'dc:date': (entry, { text }) => {
    entry.publishedAt ||= text;
  },
  'dcterms:modified': (entry, { text }) => {
    entry.updatedAt = text;
  },
  'atom:updated': (entry, { text }) => {
    entry.updatedAt = text;
  },
  author: (entry, { text }) => {
    entry.author ??= authorIn(text);
  },
  'dc:creator': (entry, { text }) => {
    if (text.trim() !== '') entry.author = authorIn(text);
  },
  category: (entry, { text }) => {
    entry.topics.push(text);
  },
  'dc:subject': (entry, { text }) => {
    entry.topics.push(text);
  },
  enclosure: (entry, { attributes }) => {
    const { url = '', type = '' } = attributes;
    if (type.startsWith('image/')) entry.image ||= url;
    else entry.enclosures.push({ url, type });
  },
  'media:thumbnail': (entry, { attributes }) => {
    entry.image ||= attributes.url ?? '';
  },
  'media:content': (entry, { attributes }) => {
    if (attributes.medium === 'image' || attributes.type?.startsWith('image/')) entry.image ||= attributes.url ?? '';
  },
};

/** `ada@example.com (Ada Lovelace)`, an address alone, or a name. */
function authorIn(text: string): FeedAuthor | null {
  const [, email = '', named = ''] = /^\s*([^\s@()]+@[^\s()]+)\s*(?:\(([^()]*)\))?\s*$/.exec(text) ?? [];
  if (email === '') return text.trim() === '' ? null : { name: text.trim(), email: '', url: '' };
  return { name: named.trim() || email.slice(0, email.indexOf('@')), email, url: '' };
}
