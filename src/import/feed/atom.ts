import { escapeText, type FeedAuthor, type FeedEntry, type FeedInfo, plainHtml } from './feed-entry.ts';
import type { FeedElement, FeedFormat } from './feed-format.ts';

/** Atom 1.0 (RFC 4287), and the names of 0.3. */
export const atom: FeedFormat = {
  format: 'Atom',
  entries: new Set(['entry']),
  readInfo(info: FeedInfo, element: FeedElement): void {
    const { name, text, attributes } = element;
    if (name === 'title') info.title ||= titleOf(element);
    else if (name === 'link' && (attributes.rel ?? 'alternate') === 'alternate') info.home ||= attributes.href ?? '';
    else if (name.startsWith('author/')) info.author = withPart(info.author, name, text);
  },
  readEntry(entry: FeedEntry, element: FeedElement): void {
    if (element.name.startsWith('author/')) entry.author = withPart(entry.author, element.name, element.text);
    else READ[element.name]?.(entry, element);
  },
};

/** By which exports of Blogger mark what is no post. */
const BLOGGER_KIND = /^http:\/\/schemas\.google\.com\/(?:g\/2005|blogger\/2008)(?:#kind|\/kind#)/;

const READ: Record<string, (entry: FeedEntry, element: FeedElement) => void> = {
  id: (entry, { text }) => {
    entry.id = text.trim();
  },
  title: (entry, element) => {
    entry.title = titleOf(element);
  },
  link: (entry, { attributes }) => {
    const { rel = 'alternate', href = '', type = '' } = attributes;
    if (rel === 'alternate') entry.link ||= href;
    else if (rel === 'enclosure' && type.startsWith('image/')) entry.image ||= href;
    else if (rel === 'enclosure') entry.enclosures.push({ url: href, type });
  },
  content: (entry, element) => {
    const source = htmlOf(element);
    // A content with an address is elsewhere.
    if (source !== '' && element.attributes.src === undefined) entry.body = { source, format: 'HTML' };
  },
  summary: (entry, element) => {
    entry.summary = htmlOf(element);
  },
  published: (entry, { text }) => {
    entry.publishedAt = text;
  },
  issued: (entry, { text }) => {
    entry.publishedAt ||= text;
  },
  updated: (entry, { text }) => {
    entry.updatedAt = text;
  },
  modified: (entry, { text }) => {
    entry.updatedAt ||= text;
  },
  category: (entry, { attributes }) => {
    const { scheme = '', term = '', label } = attributes;
    if (!BLOGGER_KIND.test(scheme)) entry.topics.push(label || term);
    else if (!term.endsWith('#post')) entry.skipped = `is a ${term.slice(term.indexOf('#') + 1)} of Blogger`;
  },
  'media:thumbnail': (entry, { attributes }) => {
    entry.image ||= attributes.url ?? '';
  },
  'thr:in-reply-to': (entry) => {
    entry.skipped ??= 'is a reply to another entry';
  },
  'app:control/app:draft': (entry, { text }) => {
    entry.isDraft = text.trim() === 'yes';
  },
};

/** The text of an element in HTML. */
function htmlOf({ text, attributes }: FeedElement): string {
  if (text.trim() === '') return '';
  const type = attributes.type ?? 'text';
  return /html/.test(type) ? text.trim() : plainHtml(text);
}

/** Markup of a title is left out when it is staged; a plain title has none. */
function titleOf({ text, attributes }: FeedElement): string {
  return /html/.test(attributes.type ?? '') ? text.trim() : escapeText(text.trim());
}

function withPart(author: FeedAuthor | null, name: string, text: string): FeedAuthor {
  const part = name.slice(name.indexOf('/') + 1);
  const found = author ?? { name: '', email: '', url: '' };
  if (part === 'name') found.name ||= text.trim();
  else if (part === 'email') found.email ||= text.trim();
  else if (part === 'uri' || part === 'url') found.url ||= text.trim();
  return found;
}
