import type { TextFormat } from '../../prisma/client/enums.ts';
import type { ReportedRecord } from './report.ts';

// The rows of each staging table, and its columns. All have `file_position` too, which Staging numbers.

interface StagedAuthor {
  line: number;
  login: string;
  user_id: string | null;
  name: string;
  email: string | null;
  /** True for a record of its own, false for an author that only a post names. */
  listed: boolean;
  digest: string;
}

/** What a new person has besides a name. */
interface StagedProfile {
  login: string;
  bio_source: string | null;
  bio_format: TextFormat;
  bio_html: string | null;
  bio_text: string | null;
  avatar_url: string | null;
  url: string | null;
}

interface StagedTopic {
  line: number;
  /** Identifies the topic in its site; other rows name it by this. @default its slug */
  external_id?: string;
  /** The wanted address. Topics in different scripts may want the same one. */
  slug: string;
  name: string;
  description: string | null;
  /** Id of the parent. */
  parent_slug: string | null;
  /** True for a record of its own, false for a topic that only a post names. */
  listed: boolean;
  digest: string;
}

export interface StagedArticle {
  line: number;
  /** Number of the item in the file; comments name their article by it. */
  item: number;
  external_id: string;
  /** Identifies the article wherever its site moves, where the format has such a thing. */
  guid?: string | null;
  title: string;
  slug: string;
  former_slugs: string[];
  excerpt: string;
  body_source: string;
  body_format: TextFormat;
  body_html: string;
  body_text: string;
  reading_minutes: number;
  status: 'DRAFT' | 'SCHEDULED' | 'PUBLISHED';
  published_at: string | null;
  created_at: string | null;
  modified_at: string | null;
  login: string;
  /** Null where the imported site accepts comments: this site's own policy then applies. */
  comment_policy: 'CLOSED' | null;
  /** A language tag; absent where the site names none. */
  language?: string;
  thumbnail_id: string | null;
  /** What relative addresses of pictures are resolved against; null for the address of the site. */
  picture_base?: string | null;
  /** The imported folder on disk, and the path in it of the folder with the files beside the page. */
  picture_root?: string | null;
  picture_folder?: string | null;
  /** Ids of topics. */
  topics: string[];
  digest: string;
}

/** A path under which the imported site served an article. */
interface StagedAddress {
  item: number;
  path: string;
}

interface StagedAuthorAddress {
  login: string;
  path: string;
}

interface StagedTopicAddress {
  external_id: string;
  path: string;
}

/** The comments of one page, onto an article that is here already. */
interface StagedThread {
  line: number;
  /** Number of the thread in the file, from the numbers of the articles; comments name their thread by it. */
  item: number;
  external_id: string;
  title: string;
  /** The address by which a mapping file names it. */
  address: string;
  /** Paths of its addresses, the slugs in their last parts, and the ids of posts that they name. */
  paths: string[];
  slugs: string[];
  post_ids: string[];
}

interface StagedImage {
  line: number;
  external_id: string;
  /** Id of the item that the file was uploaded for, and its place among that item's files. */
  parent_id?: string | null;
  place?: number;
  title: string;
  url: string;
  alt: string;
  caption: string | null;
  width: number | null;
  height: number | null;
}

/** A text that articles of the file show by its id. */
interface StagedBlock {
  external_id: string;
  body: string;
}

/** An item that shows others of its file, which may come after it: it is staged when all of the file is read. */
interface StagedDeferred {
  /** Its fields, in JSON. */
  record: string;
}

export interface StagedComment {
  line: number;
  item: number;
  external_id: string;
  parent_external_id: string | null;
  user_id: string | null;
  guest_key: string;
  name: string;
  email: string | null;
  url: string | null;
  status: 'PENDING' | 'VISIBLE' | 'SPAM' | 'REMOVED';
  body_source: string;
  body_format: TextFormat;
  body_html: string;
  body_text: string;
  created_at: string | null;
  digest: string;
}

export interface StagedRows {
  staged_author: StagedAuthor;
  staged_profile: StagedProfile;
  staged_topic: StagedTopic;
  staged_article: StagedArticle;
  staged_address: StagedAddress;
  staged_author_address: StagedAuthorAddress;
  staged_topic_address: StagedTopicAddress;
  staged_thread: StagedThread;
  staged_image: StagedImage;
  staged_comment: StagedComment;
  staged_block: StagedBlock;
  staged_deferred: StagedDeferred;
  staged_note: ReportedRecord;
}

export const STAGED_COLUMNS: Record<keyof StagedRows, string> = {
  staged_author: 'line int, login text, user_id text, name text, email text, listed boolean, digest text',
  staged_profile: `
    login text, bio_source text, bio_format "TextFormat", bio_html text, bio_text text, avatar_url text, url text`,
  staged_topic:
    'line int, external_id text, slug text, name text, description text, parent_slug text, listed boolean, digest text',
  staged_article: `
    line int, item int, external_id text, guid text, title text, slug text, former_slugs text[], excerpt text, body_source text,
    body_format "TextFormat", body_html text, body_text text, reading_minutes int, status "ArticleStatus",
    published_at timestamptz, created_at timestamptz, modified_at timestamptz, login text, comment_policy "CommentPolicy", language text, thumbnail_id text, picture_base text, picture_root text,
    picture_folder text, topics text[], digest text`,
  staged_address: 'item int, path text',
  staged_author_address: 'login text, path text',
  staged_topic_address: 'external_id text, path text',
  staged_thread: `
    line int, item int, external_id text, title text, address text, paths text[], slugs text[], post_ids text[]`,
  staged_image: `
    line int, external_id text, parent_id text, place int, title text, url text, alt text, caption text, width int, height int`,
  staged_block: 'external_id text, body text',
  staged_deferred: 'record text',
  staged_note: 'outcome text, reason text, id text, title text, line int, count int',
  staged_comment: `
    line int, item int, external_id text, parent_external_id text, user_id text, guest_key text, name text,
    email text, url text, status "CommentStatus", body_source text, body_format "TextFormat", body_html text, body_text text,
    created_at timestamptz, digest text`,
};
