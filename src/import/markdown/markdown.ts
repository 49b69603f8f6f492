import { opendir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { ContentStager } from '../content-stager.ts';
import { openTextFile } from '../file-text.ts';
import { importContent } from '../import-content.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest, ReadTarget } from '../import-format.ts';
import type { ImportedFile } from '../import-site.ts';
import { readFrontMatter } from './front-matter.ts';
import { PageStager } from './page-stager.ts';

const PAGES = /\.(md|markdown|mdown|mdx)$/i;

/** Folders of programs, of what they generate, and of templates. */
const NO_CONTENT =
  /^(\.|node_modules$|_site$|public$|static$|themes$|layouts$|archetypes$|_layouts$|_includes$|_data$|dist$)/;

/** Folders in which generators have their content, as Hugo, Astro and Jekyll. */
const ROOTS = ['content', join('src', 'content'), join('src', 'pages'), '_posts'];

/** Bytes of a page. */
const MAX_BYTES = 8_000_000;

export const markdown: ImportFormat = {
  name: 'markdown',
  files: 'a folder of Markdown files with front matter, as of Hugo, Jekyll, Astro or Eleventy',
  detects: ({ path, isFolder, text }) => isFolder || (PAGES.test(path) && /^(---|\+\+\+|\{)/.test(text)),
  import: (request) => importContent(request, read),
};

async function read(request: ImportRequest, { content, progress }: ReadTarget): Promise<ImportedFile> {
  const [folder] = request.files;
  if (folder === undefined || request.files.length > 1) throw new ImportError('Name one folder.');
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new ImportError(`${folder} is not a folder.`);
  const site = request.site?.replace(/\/+$/, '') ?? null;
  const stager = new PageStager(content, { pages: request.pages ?? false, site });
  const files = await listPages(folder, content);
  for (const [index, path] of files.entries()) {
    request.signal?.throwIfAborted();
    await stagePage({ folder, path, stager, content });
    await content.flushIfFull();
    progress.reportRead({ items: index + 1, comments: 0, bytes: index + 1, size: files.length });
  }
  return { source: `markdown:${site ?? basename(resolve(folder))}`, format: 'Markdown', version: '' };
}

interface PageFile {
  folder: string;
  path: string;
  stager: PageStager;
  content: ContentStager;
}

async function stagePage({ folder, path, stager, content }: PageFile): Promise<void> {
  const id = relative(folder, path).split(sep).join('/');
  const location = { id, title: '', line: 0 };
  if ((await stat(path)).size > MAX_BYTES) {
    content.report.countRead('other items');
    content.report.addSkipped('other items', `is larger than ${MAX_BYTES / 1_000_000} MB`, location);
    return;
  }
  let text = '';
  for await (const chunk of (await openTextFile(path)).chunks) text += chunk;
  const undecodable = text.match(/\ufffd/g)?.length ?? 0;
  if (undecodable > 0)
    content.report.addNote('undecodable characters were replaced with \ufffd', location, undecodable);
  const { fields, body } = readFrontMatter(text, id);
  if (fields) stager.stage({ id, path: pathInContent(id), fields, body });
  else {
    content.report.countRead('other items');
    content.report.addSkipped('other items', 'has no front matter', location);
  }
}

/** Pages of a folder in the order of their names. Links are not followed: they could lead out of the folder. */
async function listPages(folder: string, content: ContentStager): Promise<string[]> {
  const pages: string[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for await (const entry of await opendir(next)) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && !NO_CONTENT.test(entry.name)) folders.push(path);
      else if (entry.isFile() && PAGES.test(entry.name)) pages.push(path);
      else if (entry.isSymbolicLink() && PAGES.test(entry.name)) {
        content.report.countRead('other items');
        const location = { id: relative(folder, path), title: '', line: 0 };
        content.report.addSkipped('other items', 'is a symbolic link, which is not followed', location);
      }
    }
  }
  return pages.sort();
}

/** The path of a page in its generator's folder of content, such as `posts/first.md`. */
function pathInContent(id: string): string {
  for (const root of ROOTS) {
    const prefix = `${root.split(sep).join('/')}/`;
    if (id.startsWith(prefix)) return id.slice(prefix.length);
  }
  return id;
}
