import type { FeedEntry, FeedInfo } from './feed-entry.ts';

/** The tag with which a feed begins. */
export const FEED_ROOT = /<(?:rss|rdf:RDF|(?:[a-z]+:)?feed)[\s>]/i;

/** An element of a feed or of one of its entries. */
export interface FeedElement {
  /** Its name below the feed or entry, such as `author/name`, with the prefix that the file uses. */
  name: string;
  text: string;
  attributes: Readonly<Record<string, string>>;
}

/** How a format fills what is read. */
export interface FeedFormat {
  format: string;
  /** Elements that have an entry each. */
  entries: ReadonlySet<string>;
  readInfo(info: FeedInfo, element: FeedElement): void;
  readEntry(entry: FeedEntry, element: FeedElement): void;
}
