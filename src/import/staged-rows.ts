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
  thumbnail_id: string | null;
  /** Ids of topics. */
  topics: string[];
  digest: string;
}

interface StagedImage {
  line: number;
  external_id: string;
  title: string;
  url: string;
  alt: string;
  caption: string | null;
  width: number | null;
  height: number | null;
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
  body_html: string;
  body_text: string;
  created_at: string | null;
  digest: string;
}

export interface StagedRows {
  staged_author: StagedAuthor;
  staged_topic: StagedTopic;
  staged_article: StagedArticle;
  staged_image: StagedImage;
  staged_comment: StagedComment;
}

export const STAGED_COLUMNS: Record<keyof StagedRows, string> = {
  staged_author: 'line int, login text, user_id text, name text, email text, listed boolean, digest text',
  staged_topic:
    'line int, external_id text, slug text, name text, description text, parent_slug text, listed boolean, digest text',
  staged_article: `
    line int, item int, external_id text, guid text, title text, slug text, former_slugs text[], excerpt text, body_source text,
    body_html text, body_text text, reading_minutes int, status "ArticleStatus", published_at timestamptz,
    created_at timestamptz, modified_at timestamptz, login text, comment_policy "CommentPolicy", thumbnail_id text,
    topics text[], digest text`,
  staged_image: 'line int, external_id text, title text, url text, alt text, caption text, width int, height int',
  staged_comment: `
    line int, item int, external_id text, parent_external_id text, user_id text, guest_key text, name text,
    email text, url text, status "CommentStatus", body_source text, body_html text, body_text text,
    created_at timestamptz, digest text`,
};
