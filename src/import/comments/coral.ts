import { openTextFile } from '../file-text.ts';
import { importContent } from '../import-content.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest, ReadTarget } from '../import-format.ts';
import type { ImportedFile } from '../import-site.ts';
import { aboutFile, type InputFile } from '../input-file.ts';
import { itemsOf, propertyOf, readJsonValues, textOf } from '../json-values.ts';
import { readJsonLines } from '../text-lines.ts';
import { type CoralRecords, stageComment } from './coral-comment.ts';
import { PageComments } from './page-comments.ts';

/** Marks of documents of Coral, and of Talk, as it was called up to version 4. */
const CORAL = /"tenantID"\s*:\s*"/;
const TALK = /"(asset_id|lowercaseUsername|publication_date)"\s*:/;

type Collection = 'comments' | 'stories' | 'users';

export const coral: ImportFormat = {
  name: 'coral',
  files:
    'the collections comments, stories and users of Coral (or comments, assets and users of Talk 4), as of mongoexport',
  detects: ({ text }) => /^\s*[[{]/.test(text) && (CORAL.test(text) || TALK.test(text)),
  import: (request) => importContent(request, read),
};

async function read(request: ImportRequest, { content, progress }: ReadTarget): Promise<ImportedFile> {
  const files = await findCollections(request.files);
  const records: CoralRecords = { pages: new Map(), people: new Map() };
  let tenant = '';
  const each = async (collection: Collection, onValue: (value: unknown, line: number) => void) => {
    for (const file of files[collection]) {
      const options = { file, afterPart: () => content.flushIfFull(), progress, signal: request.signal };
      try {
        if ((await firstCharacter(file)) === '[')
          await readJsonValues({ ...options, paths: ['$.*'], onValue: ({ value }) => onValue(value, 0) });
        else await readJsonLines({ ...options, onValue });
      } catch (error) {
        throw aboutFile(error, file, request.files);
      }
    }
  };
  await each('stories', (value) => {
    const title = textOf(propertyOf(value, 'metadata'), 'title') || textOf(value, 'title');
    records.pages.set(textOf(value, 'id'), { url: textOf(value, 'url'), title });
  });
  await each('users', (value) => records.people.set(textOf(value, 'id'), personOf(value)));
  const comments = new PageComments(content);
  await each('comments', (value, line) => {
    tenant ||= textOf(value, 'tenantID');
    stageComment({ comments, records, report: content.report }, value, line);
  });
  return { source: `coral:${request.site ?? (tenant || 'talk')}`, format: 'Coral', version: tenant === '' ? '4' : '' };
}

function personOf(value: unknown): { name: string; email: string } {
  const local = itemsOf(propertyOf(value, 'profiles')).find((profile) => /@/.test(textOf(profile, 'id')));
  const displayed = textOf(propertyOf(value, 'metadata'), 'displayName');
  return { name: displayed || textOf(value, 'username'), email: textOf(value, 'email') || textOf(local, 'id') };
}

/** Which collection each file has, by its first document. */
async function findCollections(files: readonly InputFile[]): Promise<Record<Collection, InputFile[]>> {
  const found: Record<Collection, InputFile[]> = { comments: [], stories: [], users: [] };
  for (const file of files) {
    const collection = collectionOf(await beginningOf(file));
    if (collection === null)
      throw aboutFile(new ImportError('The file has neither comments nor stories nor users of Coral.'), file, files);
    found[collection].push(file);
  }
  if (found.comments.length === 0 || found.stories.length === 0)
    throw new ImportError(
      'Name the files of the collections together: comments, stories (assets of Talk 4), and users for the names of people.',
    );
  return found;
}

function collectionOf(text: string): Collection | null {
  if (/"(storyID|asset_id)"\s*:/.test(text)) return 'comments';
  if (/"(username|profiles)"\s*:/.test(text)) return 'users';
  return /"url"\s*:/.test(text) ? 'stories' : null;
}

/** Characters in which the first document shows what it is. */
const BEGINNING = 64 * 1024;

async function beginningOf(file: InputFile): Promise<string> {
  let text = '';
  for await (const chunk of (await openTextFile(file)).chunks) {
    text += chunk;
    if (text.length >= BEGINNING) break;
  }
  return text.slice(0, BEGINNING).replace(/^\ufeff/, '');
}

async function firstCharacter(file: InputFile): Promise<string> {
  return (await beginningOf(file)).trimStart().slice(0, 1);
}
