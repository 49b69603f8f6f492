import { firstInstant } from '../dates.ts';
import { importContent } from '../import-content.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest, ReadTarget } from '../import-format.ts';
import type { ImportedFile } from '../import-site.ts';
import { propertyOf, readJsonValues, textOf } from '../json-values.ts';
import { PageComments } from './page-comments.ts';

export const commento: ImportFormat = {
  name: 'commento',
  files: 'a Commento export (JSON), plain or gzipped',
  detects: ({ text }) =>
    /^\s*\{/.test(text) && /"commentHex"\s*:/.test(text) && /"(comments|commenters)"\s*:/.test(text),
  import: (request) => importContent(request, read),
};

interface Commenter {
  name: string;
  email: string;
  url: string;
}

/** Reads the file twice: the people stand behind the comments that name them. */
async function read(request: ImportRequest, { content, progress }: ReadTarget): Promise<ImportedFile> {
  const [file] = request.files;
  if (file === undefined || request.files.length > 1) throw new ImportError('A Commento export is one file.');
  const { signal } = request;
  const afterPart = () => content.flushIfFull();
  const people = new Map<string, Commenter>();
  let version = '';
  await readJsonValues({
    file,
    paths: ['$.version', '$.commenters.*'],
    onValue: ({ value, path }) => {
      if (path[0] === 'version') version = String(value);
      else people.set(textOf(value, 'commenterHex'), commenterOf(value));
    },
    afterPart,
    progress,
    signal,
  });
  if (version !== '1') throw new ImportError('The file is not a Commento export of version 1.');
  const comments = new PageComments(content);
  let site = '';
  await readJsonValues({
    file,
    paths: ['$.comments.*'],
    onValue: ({ value }) => {
      site ||= textOf(value, 'domain');
      addComment(comments, value, people.get(textOf(value, 'commenterHex')));
    },
    afterPart,
    progress,
    signal,
  });
  return { source: `commento:${request.site ?? (site || 'export')}`, format: 'Commento', version };
}

function commenterOf(value: unknown): Commenter {
  return { name: textOf(value, 'name'), email: knownOf(value, 'email'), url: knownOf(value, 'link') };
}

/** Commento writes "undefined" where somebody has given none. */
function knownOf(value: unknown, name: string): string {
  const text = textOf(value, name);
  return text === 'undefined' ? '' : text;
}

function addComment(comments: PageComments, value: unknown, commenter: Commenter | undefined): void {
  const html = textOf(value, 'html');
  const [domain, path, parent] = [textOf(value, 'domain'), textOf(value, 'url'), textOf(value, 'parentHex')];
  comments.add({
    id: textOf(value, 'commentHex'),
    page: domain && path.startsWith('/') ? `https://${domain}${path}` : path,
    parentId: parent === '' || parent === 'root' ? null : parent,
    name: commenter?.name ?? '',
    email: commenter?.email ?? null,
    url: commenter?.url ?? null,
    status: isDeleted(value) ? 'REMOVED' : (STATUS.get(textOf(value, 'state')) ?? 'PENDING'),
    body: html === '' ? { source: textOf(value, 'markdown'), format: 'MARKDOWN' } : { source: html, format: 'HTML' },
    createdAt: firstInstant(textOf(value, 'creationDate')),
    votes: Math.max(0, Number(textOf(value, 'score')) || 0),
  });
}

/** An export says "deleted": false of every comment. Those that were deleted have this text, and nobody who wrote it. */
function isDeleted(value: unknown): boolean {
  const isEmptied = textOf(value, 'markdown') === '[deleted]' && textOf(value, 'commenterHex') === 'anonymous';
  return isEmptied || propertyOf(value, 'deleted') === true;
}

/** Flagged comments are those that the filter took for spam. */
const STATUS = new Map<string, 'VISIBLE' | 'PENDING' | 'SPAM'>([
  ['approved', 'VISIBLE'],
  ['unapproved', 'PENDING'],
  ['flagged', 'SPAM'],
]);
