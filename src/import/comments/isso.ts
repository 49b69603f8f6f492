import { createHash } from 'node:crypto';
import MarkdownIt from 'markdown-it';
import type { Database, SqlValue } from 'sql.js';
import type { CommentRecord, SourceText } from '../content-records.ts';
import { firstInstant } from '../dates.ts';
import { importContent } from '../import-content.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest, ReadTarget } from '../import-format.ts';
import type { ImportedFile } from '../import-site.ts';
import { PageComments } from './page-comments.ts';
import { openSqlite, readFailure } from './sqlite-file.ts';

/** How often the import stages what it has read, in comments. */
const BATCH = 500;

export const isso: ImportFormat = {
  name: 'isso',
  files: 'the database of Isso (SQLite)',
  detects: ({ text }) => text.startsWith('SQLite format 3\0') && /CREATE TABLE [^(]*\bthreads\b/i.test(text),
  import: (request) => importContent(request, read),
};

async function read(request: ImportRequest, { content, progress }: ReadTarget): Promise<ImportedFile> {
  const [file] = request.files;
  if (file === undefined || request.files.length > 1) throw new ImportError('A database of Isso is one file.');
  const { database, size } = await openSqlite(file);
  try {
    const source = `isso:${request.site ?? reading(() => identityOf(database))}`;
    const comments = new PageComments(content);
    const statement = reading(() => database.prepare(COMMENTS));
    for (let count = 1; reading(() => statement.step()); count += 1) {
      addComment(comments, statement.getAsObject());
      if (count % BATCH > 0) continue;
      request.signal?.throwIfAborted();
      await content.flushIfFull();
      progress.reportRead({ items: content.items, comments: count, bytes: 0, size });
    }
    statement.free();
    return { source, format: 'Isso', version: '' };
  } finally {
    database.close();
  }
}

/** Errors of the library become errors of the file. */
function reading<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (cause) {
    throw cause instanceof ImportError ? cause : readFailure(cause);
  }
}

/** Old databases have no votes, and no notification. */
const COMMENTS = `
  SELECT c.*, t.uri AS page, t.title AS page_title FROM comments c LEFT JOIN threads t ON t.id = c.tid ORDER BY c.id`;

/** Two databases count their comments from 1; what tells them apart is a key that Isso has made for each. */
function identityOf(database: Database): string {
  const [table] = database.exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'preferences'");
  const [keys] = table ? database.exec("SELECT value FROM preferences WHERE key = 'session-key'") : [];
  const key = keys?.values[0]?.[0];
  if (key === undefined || key === null)
    throw new ImportError('The database does not say which site it is of: give its address with --site.');
  return createHash('sha256').update(String(key)).digest('hex').slice(0, 16);
}

function addComment(comments: PageComments, row: Record<string, SqlValue>): void {
  comments.add({
    id: text(row.id),
    page: text(row.page),
    title: text(row.page_title),
    parentId: text(row.parent) || null,
    name: text(row.author),
    email: text(row.email) || null,
    url: text(row.website) || null,
    status: statusOf(Number(row.mode)),
    body: bodyOf(text(row.text)),
    createdAt: instantOf(Number(row.created)),
    votes: (Number(row.likes) || 0) + (Number(row.dislikes) || 0),
  });
}

/** Elements that Isso shows. Comments that it has taken over from Disqus or WordPress consist of them. */
const HTML =
  /<\/?(?:a|blockquote|br|code|del|em|h[1-6]|hr|ins|li|ol|p|pre|strong|table|tbody|td|th|thead|tr|ul)\b[^<>]*>/i;

/** Isso's Markdown may have HTML, which is text in that of comments here. */
const markdown = new MarkdownIt({ html: true, breaks: true, linkify: true });

function bodyOf(source: string): SourceText {
  return HTML.test(source) ? { source: markdown.render(source), format: 'HTML' } : { source, format: 'MARKDOWN' };
}

function statusOf(mode: number): CommentRecord['status'] {
  if (mode === 1) return 'VISIBLE';
  return mode === 4 ? 'REMOVED' : 'PENDING';
}

function text(value: SqlValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** @param seconds since 1970 */
function instantOf(seconds: number): string | null {
  const date = new Date(Math.round(seconds * 1000));
  return Number.isNaN(date.getTime()) ? null : firstInstant(date.toISOString());
}
