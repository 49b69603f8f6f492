import type { SourceText } from '../content-records.ts';
import type { Enclosure } from '../enclosures.ts';

/** An entry of a feed, whatever its format. */
export interface FeedEntry {
  id: string;
  link: string;
  title: string;
  author: FeedAuthor | null;
  /** The full text, if the feed has it. */
  body: SourceText | null;
  /** In HTML. */
  summary: string;
  publishedAt: string;
  updatedAt: string;
  topics: string[];
  image: string;
  enclosures: Enclosure[];
  isDraft: boolean;
  /** Why it is no article. */
  skipped: string | null;
  line: number;
}

export interface FeedAuthor {
  name: string;
  email: string;
  url: string;
}

/** What a feed says of itself. */
export interface FeedInfo {
  format: string;
  version: string;
  title: string;
  /** The address of its site. */
  home: string;
  author: FeedAuthor | null;
}

export function newEntry(line: number): FeedEntry {
  return {
    id: '',
    link: '',
    title: '',
    author: null,
    body: null,
    summary: '',
    publishedAt: '',
    updatedAt: '',
    topics: [],
    image: '',
    enclosures: [],
    isDraft: false,
    skipped: null,
    line,
  };
}

export function newInfo(): FeedInfo {
  return { format: '', version: '', title: '', home: '', author: null };
}

export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);
}

/** A plain text in HTML, with its paragraphs and line breaks. */
export function plainHtml(text: string): string {
  const paragraphs = text.trim().split(/(?:\r?\n[ \t]*){2,}/);
  return paragraphs.map((paragraph) => `<p>${escapeText(paragraph).replace(/\r?\n/g, '<br>')}</p>`).join('\n');
}
