import type { ContentStager } from '../content-stager.ts';
import { firstInstant } from '../dates.ts';
import { importContent } from '../import-content.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest, ReadTarget } from '../import-format.ts';
import type { ImportedFile } from '../import-site.ts';
import { aboutFile } from '../input-file.ts';
import { itemsOf, propertyOf, textOf } from '../json-values.ts';
import { readJsonLines } from '../text-lines.ts';
import { PageComments } from './page-comments.ts';

/** A backup has one line about the people and pages, and then a line for each comment. */
export const remark42: ImportFormat = {
  name: 'remark42',
  files: 'a backup of Remark42, plain or gzipped',
  // The first line has all people, so its end may be far away.
  detects: ({ text }) => /^\s*\{\s*"version"\s*:\s*\d+\s*,\s*"users"\s*:/.test(text),
  import: (request) => importContent(request, read),
};

async function read(request: ImportRequest, { content, progress }: ReadTarget): Promise<ImportedFile> {
  let site = '';
  for (const file of request.files) {
    const reader = new BackupReader(content);
    try {
      await readJsonLines({
        file,
        onValue: (value, line) => reader.add(value, line),
        afterPart: () => content.flushIfFull(),
        progress,
        signal: request.signal,
      });
    } catch (error) {
      throw aboutFile(error, file, request.files);
    }
    if (site !== '' && reader.site !== '' && reader.site !== site)
      throw new ImportError(`The files are of different sites: ${site} and ${reader.site}.`);
    site ||= reader.site;
  }
  return { source: `remark42:${request.site ?? (site || 'backup')}`, format: 'Remark42', version: '1' };
}

class BackupReader {
  /** The site of the comments; empty while there are none. */
  site = '';
  readonly #comments: PageComments;
  readonly #emails = new Map<string, string>();
  #hasBegun = false;

  constructor(content: ContentStager) {
    this.#comments = new PageComments(content);
  }

  add(value: unknown, line: number): void {
    if (this.#hasBegun) this.#comment(value, line);
    else this.#begin(value, line);
  }

  #begin(value: unknown, line: number): void {
    const version = propertyOf(value, 'version');
    if (typeof version !== 'number' || propertyOf(value, 'posts') === undefined)
      throw new ImportError('this is not a backup of Remark42, which begins with its version, users and posts.', line);
    if (version > 1) throw new ImportError(`backups of version ${version} cannot be read; this is version 1.`, line);
    for (const user of itemsOf(propertyOf(value, 'users')))
      this.#emails.set(textOf(user, 'id'), textOf(propertyOf(user, 'details'), 'email'));
    this.#hasBegun = true;
  }

  #comment(value: unknown, line: number): void {
    const user = propertyOf(value, 'user');
    const locator = propertyOf(value, 'locator');
    const html = textOf(value, 'text');
    this.site ||= textOf(locator, 'site');
    this.#comments.add({
      id: textOf(value, 'id'),
      page: textOf(locator, 'url'),
      title: textOf(value, 'title'),
      parentId: textOf(value, 'pid') || null,
      name: textOf(user, 'name'),
      email: this.#emails.get(textOf(user, 'id')) || null,
      status: propertyOf(value, 'delete') === true ? 'REMOVED' : 'VISIBLE',
      body: html === '' ? { source: textOf(value, 'orig'), format: 'MARKDOWN' } : { source: html, format: 'HTML' },
      createdAt: firstInstant(textOf(value, 'time')),
      votes: Object.keys(propertyOf(value, 'votes') ?? {}).length,
      line,
    });
  }
}
