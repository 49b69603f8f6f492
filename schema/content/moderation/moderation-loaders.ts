import type { CommentStatus, ModerationAction, TextFormat } from '../../../prisma/client/enums.ts';
import type { Context, Queryable } from '../context.ts';
import { contextLoader } from '../context-loader.ts';

/** What moderators know of a comment besides what everyone does. */
export interface ModerationRow {
  commentId: number;
  holdReasons: string[];
  authorId: number;
  /** What the guest who wrote it gave; null for others. */
  guestEmail: string | null;
}

export interface ReportRow {
  authorId: number;
  reason: string;
  settled: boolean;
  at: Date;
}

export interface DecisionRow {
  authorId: number | null;
  action: ModerationAction | null;
  status: CommentStatus;
  reason: string | null;
  at: Date;
}

export interface VersionRow {
  source: string;
  format: TextFormat;
  html: string;
  text: string;
  writtenAt: Date;
  replacedById: number;
  replacedAt: Date;
}

/** What is known of comments, by their ids. */
export const moderationOf = contextLoader(async (ids: readonly number[], { db }) => {
  const rows = await db.query<[number, string[], number, string | null]>({
    name: 'moderation-of',
    text: `SELECT c.id, c.hold_reasons, c.author_id, CASE WHEN a.kind = 'GUEST' THEN a.email END
      FROM comment c JOIN author a ON a.id = c.author_id WHERE c.id = ANY($1)`,
    values: [ids],
  });
  const found = new Map<number, ModerationRow>(
    rows.map(([commentId, holdReasons, authorId, guestEmail]) => [
      commentId,
      { commentId, holdReasons, authorId, guestEmail },
    ]),
  );
  return ids.map((id) => found.get(id) ?? new Error('A comment that is referred to is missing.'));
});

/** Rows of many comments by one statement, which names the comment first, each comment's in the order of the statement. */
function perComment<Columns extends readonly unknown[], Row>(
  name: string,
  text: string,
  rowOf: (columns: Columns) => Row,
): (context: Context) => { load(commentId: number): Promise<Row[]> } {
  return contextLoader(async (ids: readonly number[], { db }: { db: Queryable }) => {
    const found = new Map<number, Row[]>(ids.map((id) => [id, []]));
    for (const [commentId, ...columns] of await db.query<[number, ...Columns]>({ name, text, values: [ids] }))
      found.get(commentId)?.push(rowOf(columns as unknown as Columns));
    return ids.map((id) => found.get(id)!);
  });
}

/** Reports of comments, oldest first. */
export const reportsOf = perComment(
  'reports-of',
  `SELECT comment_id, author_id, reason, settled, created_at FROM comment_report WHERE comment_id = ANY($1)
    ORDER BY created_at, author_id`,
  ([authorId, reason, settled, at]: [number, string, boolean, Date]): ReportRow => ({ authorId, reason, settled, at }),
);

/** What was decided about comments, oldest first. */
export const decisionsOf = perComment(
  'decisions-of',
  `SELECT comment_id, author_id, action, status, reason, created_at FROM moderation_entry WHERE comment_id = ANY($1)
    ORDER BY id`,
  ([authorId, action, status, reason, at]: [
    number | null,
    ModerationAction | null,
    CommentStatus,
    string | null,
    Date,
  ]): DecisionRow => ({ authorId, action, status, reason, at }),
);

/** Former words of comments, oldest first. */
export const versionsOf = perComment(
  'versions-of',
  `SELECT comment_id, body_source, body_format, body_html, body_text, written_at, replaced_by_id, replaced_at
    FROM comment_version WHERE comment_id = ANY($1) ORDER BY id`,
  ([source, format, html, text, writtenAt, replacedById, replacedAt]: [
    string,
    TextFormat,
    string,
    string,
    Date,
    number,
    Date,
  ]): VersionRow => ({ source, format, html, text, writtenAt, replacedById, replacedAt }),
);
