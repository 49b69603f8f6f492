import { authorColumn } from '../author/author-columns.ts';
import { type CommentOrder, commentRow, ORDER_BY } from '../comment/comment-columns.ts';
import { DEFAULT_ROWS, FIRST_PATH } from '../comment/thread-pages.ts';
import { firstRowsColumn } from '../list/first-rows.ts';
import { MAX_PAGE } from '../list/paging.ts';
import {
  type Columns,
  memoizeBySelection,
  rowSql,
  selectedColumns,
  shownTime,
  textColumns,
  time,
} from '../list/row-sql.ts';
import { LAST_EVENT_AT } from '../log-head.ts';
import type { ArticleRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { topicsColumn } from '../topic/topic-columns.ts';

const LOG_POSITION = {
  eventSequence: 'a.event_sequence',
  eventEpoch: 'a.event_epoch',
  lastEventAt: time(LAST_EVENT_AT),
};

const FIELDS = {
  slug: { slug: 'a.slug' },
  title: { title: 'a.title' },
  excerpt: { excerpt: 'a.excerpt' },
  readingMinutes: { readingMinutes: 'a.reading_minutes' },
  updatedAt: { updatedAt: shownTime('a.updated_at') },
  version: { version: 'a.version' },
  commentPolicy: { commentPolicy: 'a.comment_policy' },
  language: { language: 'coalesce(a.language, a.detected_language)' },
  liveCursor: LOG_POSITION,
  events: LOG_POSITION,
  topics: { topics: topicsColumn('a') },
  cover: {
    coverUrl: 'a.cover_url',
    coverAlt: 'a.cover_alt',
    coverCaption: 'a.cover_caption',
    coverWidth: 'a.cover_width',
    coverHeight: 'a.cover_height',
  },
};

function articleColumns(selection: Selection): Columns {
  const columns: Columns = {
    id: 'a.id',
    status: 'a.status',
    authorId: 'a.author_id',
    // Lists of articles are ordered by these.
    publishedAt: shownTime('a.published_at'),
    commentCount: 'a.comment_count',
    discussedAt: shownTime('a.discussed_at'),
    ...selectedColumns(selection, FIELDS),
    ...textColumns('body', 'a', selection.at('body')),
  };
  if (selection.has('author')) columns.author = authorColumn('a', selection.at('author'));
  const comments = firstRowsColumn<CommentOrder>(selection, {
    field: 'comments',
    most: MAX_PAGE,
    defaultOrder: 'NEWEST',
    // With the parent in front, the order is that of an index; see ListQuery.constant.
    from: (order) => `FROM comment c WHERE c.article_id = a.id AND c.parent_id IS NULL AND c.visible
      ORDER BY c.parent_id ${order === 'OLDEST' ? '' : 'DESC'}, ${ORDER_BY[order]}`,
    row: ({ node }) => commentRow(node),
  });
  if (comments) columns.comments = comments;
  const thread = firstRowsColumn(selection, {
    field: 'thread',
    most: MAX_PAGE,
    defaultSize: DEFAULT_ROWS,
    from: () => `FROM comment c WHERE c.article_id = a.id AND c.visible AND c.path > ${FIRST_PATH} ORDER BY c.path`,
    row: (list) => commentRow(list.at('rows', 'comment')),
  });
  if (thread) columns.thread = thread;
  if (thread && selection.at('thread').has('liveCursor')) Object.assign(columns, LOG_POSITION);
  return columns;
}

/** An article `a`. */
export const articleRow = memoizeBySelection((selection) => rowSql<ArticleRow>(articleColumns(selection)));

/** An article `a` with `createdAt`, which orders lists of unpublished articles. */
export const datedArticleRow = memoizeBySelection((selection) =>
  rowSql<ArticleRow>({ ...articleColumns(selection), createdAt: shownTime('a.created_at') }),
);
