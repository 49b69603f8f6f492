import { authorOfJson } from '../author/author-columns.ts';
import { type Columns, jsonObject, memoizeBySelection, selectedColumns, textColumns } from '../list/json-columns.ts';
import { LAST_EVENT_AT } from '../log-head.ts';
import type { ArticleRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { topicsOfJson } from '../topic/topic-columns.ts';

const LOG_POSITION = { eventSequence: 'event_sequence', eventEpoch: 'event_epoch' };

const FIELDS = {
  slug: { slug: 'slug' },
  title: { title: 'title' },
  excerpt: { excerpt: 'excerpt' },
  readingMinutes: { readingMinutes: 'reading_minutes' },
  updatedAt: { updatedAt: 'updated_at' },
  version: { version: 'version' },
  commentPolicy: { commentPolicy: 'comment_policy' },
  liveCursor: LOG_POSITION,
  events: LOG_POSITION,
  cover: {
    coverUrl: 'cover_url',
    coverAlt: 'cover_alt',
    coverCaption: 'cover_caption',
    coverWidth: 'cover_width',
    coverHeight: 'cover_height',
  },
};

function articleColumns(selection: Selection): Columns {
  const columns: Columns = {
    id: 'a.id',
    status: 'a.status',
    authorId: 'a.author_id',
    // Lists of articles are ordered by these.
    publishedAt: 'a.published_at',
    commentCount: 'a.comment_count',
    discussedAt: 'a.discussed_at',
    ...selectedColumns('a', selection, FIELDS),
    ...textColumns('body', 'a', selection.at('body')),
  };
  if (selection.has('language')) columns.language = 'coalesce(a.language, a.detected_language)';
  if (selection.has('liveCursor') || selection.has('events')) columns.lastEventAt = LAST_EVENT_AT;
  if (selection.has('author')) columns.author = authorOfJson('a', selection.at('author'));
  if (selection.has('topics')) columns.topics = topicsOfJson('a');
  return columns;
}

/** JSON of an article `a`. */
export const articleJson = memoizeBySelection((selection) => jsonObject(articleColumns(selection)));

/** JSON of an article `a` with `createdAt`, which orders lists of unpublished articles. */
export const datedArticleJson = memoizeBySelection((selection) =>
  jsonObject({ ...articleColumns(selection), createdAt: 'a.created_at' }),
);

/** Turns the times of an article's JSON into dates: PostgreSQL writes them as ISO 8601. */
export function reviveArticle(row: ArticleRow): ArticleRow {
  if (row.publishedAt) row.publishedAt = new Date(row.publishedAt);
  if (row.updatedAt) row.updatedAt = new Date(row.updatedAt);
  if (row.createdAt) row.createdAt = new Date(row.createdAt);
  if (row.lastEventAt) row.lastEventAt = new Date(row.lastEventAt);
  row.discussedAt = new Date(row.discussedAt);
  return row;
}
