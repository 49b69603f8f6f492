import type { TextFormat } from '../../prisma/client/enums.ts';
import type { StagedArticle, StagedComment } from './staged-rows.ts';

export interface SourceText {
  source: string;
  format: TextFormat;
}

/** A person who writes articles. */
export interface PersonRecord {
  /** Identifies the person at the imported site; the slug is made of it. */
  login: string;
  name: string;
  /** By which comments name the person. */
  userId?: string | null;
  email?: string | null;
  /** Of a new person. Those of a person who was imported before stay as they are here. */
  bio?: SourceText | null;
  avatarUrl?: string | null;
  url?: string | null;
  /** Addresses or paths of the person's page at the imported site. */
  addresses?: readonly string[];
  /** False for a person whom only an article names. @default true */
  listed?: boolean;
  line?: number;
}

export interface TopicRecord {
  name: string;
  slug?: string | null;
  description?: string | null;
  parentSlug?: string | null;
  /** Addresses or paths of the topic's page at the imported site. */
  addresses?: readonly string[];
  /** False for a topic that only an article names. @default true */
  listed?: boolean;
  line?: number;
}

export interface ArticleRecord {
  id: string;
  title: string;
  slug?: string | null;
  formerSlugs?: readonly string[];
  /** Addresses or paths under which the imported site serves or served it. */
  addresses?: readonly string[];
  excerpt?: string | null;
  body: SourceText;
  status: StagedArticle['status'];
  publishedAt?: string | null;
  createdAt?: string | null;
  modifiedAt?: string | null;
  /** It takes no comments; otherwise this site's own policy applies. @default false */
  isClosed?: boolean;
  /** A language tag that the page names; null for the detected language. */
  language?: string | null;
  /** The login of its author, who must be staged as a person. */
  login: string;
  /** Slugs of its topics, as returned by `topic`. */
  topics: readonly string[];
  /** Where relative addresses of pictures lead, when pictures are copied. */
  pictures?: {
    /** The address of the page; null when it is not known. */
    base: string | null;
    /** The imported folder on disk; null for an archive. */
    root: string | null;
    /** The path in it of the folder of the page's file. */
    folder: string;
  } | null;
  cover?: { url: string; alt: string; caption: string | null } | null;
  line?: number;
}

/** The comments of one page, onto an article that is here already. */
export interface ThreadRecord {
  id: string;
  title: string;
  /** The addresses of the page, the most reliable first. */
  addresses: readonly string[];
  line?: number;
}

export interface CommentRecord {
  id: string;
  /** Number of its article or thread. */
  item: number;
  parentId?: string | null;
  /** The person who wrote it; a guest if no staged person has this id. */
  userId?: string | null;
  name: string;
  email?: string | null;
  url?: string | null;
  status: StagedComment['status'];
  body: SourceText;
  createdAt: string | null;
  line?: number;
}
