import type { CommentRecord } from '../content-records.ts';
import { firstInstant } from '../dates.ts';
import { itemsOf, propertyOf, textOf } from '../json-values.ts';
import type { ReportBuilder } from '../report.ts';
import { linkHtml } from '../wordpress/embeds.ts';
import type { PageComments } from './page-comments.ts';

/** What comments refer to, by ids. */
export interface CoralRecords {
  pages: Map<string, { url: string; title: string }>;
  people: Map<string, { name: string; email: string }>;
}

interface StageOptions {
  comments: PageComments;
  records: CoralRecords;
  report: ReportBuilder;
}

export function stageComment({ comments, records, report }: StageOptions, value: unknown, line: number): void {
  const id = textOf(value, 'id');
  const page = records.pages.get(textOf(value, 'storyID') || textOf(value, 'asset_id'));
  const person = records.people.get(textOf(value, 'authorID') || textOf(value, 'author_id'));
  if (!page) {
    report.countRead('comments');
    report.addSkipped('comments', 'belongs to a story that is not in the files', {
      id,
      title: person?.name ?? '',
      line,
    });
    return;
  }
  const versions = itemsOf(propertyOf(value, 'revisions') ?? propertyOf(value, 'body_history'));
  const html = textOf(versions.at(-1), 'body') || textOf(value, 'body');
  const attached = textOf(propertyOf(versions.at(-1), 'media'), 'url');
  comments.add({
    id,
    page: page.url,
    title: page.title,
    parentId: textOf(value, 'parentID') || textOf(value, 'parent_id') || null,
    name: person?.name ?? '',
    email: person?.email ?? null,
    status: statusOf(value),
    // Talk 4 has plain line breaks. A picture, player or post that Coral shows below a comment is a link here.
    body: {
      source:
        (propertyOf(value, 'asset_id') === undefined ? html : withBreaks(html)) + (attached && linkHtml(attached)),
      format: 'HTML',
    },
    createdAt: instantOf(propertyOf(value, 'createdAt') ?? propertyOf(value, 'created_at')),
    line,
  });
}

/** A comment that a moderator rejected keeps its place while it has replies, as a removed one does here. */
function statusOf(value: unknown): CommentRecord['status'] {
  if (propertyOf(value, 'deletedAt') || propertyOf(value, 'deleted_at')) return 'REMOVED';
  const status = textOf(value, 'status');
  if (status === 'REJECTED') return 'REMOVED';
  return status === 'NONE' || status === 'APPROVED' || status === 'ACCEPTED' ? 'VISIBLE' : 'PENDING';
}

function withBreaks(text: string): string {
  return text.replace(/\r?\n/g, '<br>');
}

/** A date as a text, or as MongoDB writes it: `{"$date": "…"}` or `{"$date": {"$numberLong": "…"}}`. */
function instantOf(value: unknown): string | null {
  if (typeof value === 'string') return firstInstant(value);
  const date = propertyOf(value, '$date');
  if (typeof date === 'string') return firstInstant(date);
  const milliseconds = typeof date === 'number' ? date : Number(textOf(date, '$numberLong') || Number.NaN);
  const parsed = new Date(milliseconds);
  return Number.isNaN(parsed.getTime()) ? null : firstInstant(parsed.toISOString());
}
