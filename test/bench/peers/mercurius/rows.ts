/**
 * Rows as the statements read them. Mercurius identifies what a loader is asked for by its JSON: `toJSON` keeps it from
 * encoding whole texts.
 */
export class ArticleRow {
  id!: number;
  title!: string;
  slug!: string;
  excerpt!: string;
  publishedAt!: Date;
  authorId!: number;
  commentCount!: number;
  /** Absent in lists. */
  bodyHtml?: string;

  constructor(columns: Partial<ArticleRow>) {
    Object.assign(this, columns);
  }

  toJSON(): number {
    return this.id;
  }
}

export class CommentRow {
  id!: number;
  articleId!: number;
  parentId!: number | null;
  authorId!: number;
  status!: string;
  depth!: number;
  bodyHtml!: string;
  createdAt!: Date;
  replyCount!: number;

  constructor(columns: Partial<CommentRow>) {
    Object.assign(this, columns);
  }

  toJSON(): number {
    return this.id;
  }
}

export class AuthorRow {
  id!: number;
  name!: string;
  slug!: string;
  bioHtml!: string | null;
  articleCount!: number;

  constructor(columns: Partial<AuthorRow>) {
    Object.assign(this, columns);
  }

  toJSON(): number {
    return this.id;
  }
}

export interface TopicRow {
  articleId: number;
  name: string;
  slug: string;
}

/** A row of a page that was read for one of several parents, which `place` numbers from 1. */
export type Placed<Row> = Row & { place: number };
