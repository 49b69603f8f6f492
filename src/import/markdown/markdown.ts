import { opendir, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { ContentStager } from '../content-stager.ts';
import { copiesPictures, importContent } from '../import-content.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest, ReadTarget } from '../import-format.ts';
import type { ImportedFile } from '../import-site.ts';
import { baseNameOf } from '../input-file.ts';
import type { ZippedFile } from '../zip-archive.ts';
import { PageAddresses } from './page-addresses.ts';
import { ROOTS, readPage } from './page-file.ts';
import { PageStager } from './page-stager.ts';
import { isConfig, readSiteConfig, type SiteConfig, type SiteFile } from './site-config.ts';

const PAGES = /\.(md|markdown|mdown|mdx)$/i;

/** Folders of programs, of what they generate, and of templates. */
const NO_CONTENT =
  /^(\.|node_modules$|_site$|public$|static$|themes$|layouts$|archetypes$|scaffolds$|_layouts$|_includes$|_data$|dist$)/;

export const markdown: ImportFormat = {
  name: 'markdown',
  files: 'a folder of Markdown files with front matter, as of Hugo, Jekyll, Astro or Eleventy, or a zip archive of one',
  detects: ({ file, isFolder, text }) => isFolder || (PAGES.test(baseNameOf(file)) && /^(---|\+\+\+|\{)/.test(text)),
  includes: (path) => isPage(path) || isConfig(path) || isConfig(path.replace(/^[^/]+\//, '')),
  import: (request) => importContent(request, read),
};

async function read(request: ImportRequest, { content, progress }: ReadTarget): Promise<ImportedFile> {
  const site = request.site?.replace(/\/+$/, '') ?? null;
  const { name, root, pages, configs } = await findPages(request, content);
  const config = await readSiteConfig(configs, (id, reason) =>
    content.report.addNote('configuration was not read, so addresses are those that generators have by default', {
      id,
      title: reason,
      line: 0,
    }),
  );
  const addresses = await readAddresses(request, pages, config);
  const stager = new PageStager(content, {
    pages: request.pages ?? false,
    site,
    root,
    config,
    addresses,
    copiesPictures: copiesPictures(request),
  });
  for (const [index, file] of pages.entries()) {
    request.signal?.throwIfAborted();
    await stagePage(file, { stager, config, content });
    await content.flushIfFull();
    progress.reportRead({ items: index + 1, comments: 0, bytes: index + 1, size: pages.length });
  }
  return { source: `markdown:${site ?? name}`, format: 'Markdown', version: '' };
}

interface Pages {
  /** The name of the folder or the archive. */
  name: string;
  /** The folder on disk, or the archive. */
  root: string;
  pages: SiteFile[];
  /** Files of the generator's configuration. */
  configs: SiteFile[];
}

/** The pages of a folder, or of an archive of one. */
async function findPages({ files }: ImportRequest, content: ContentStager): Promise<Pages> {
  const [folder] = files;
  const zipped = files.filter((file) => typeof file !== 'string');
  if (zipped.length > 0 && zipped.length === files.length && new Set(zipped.map(({ archive }) => archive)).size === 1)
    return pagesOfArchive(zipped);
  if (typeof folder !== 'string' || files.length > 1) throw new ImportError('Name one folder, or one archive.');
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new ImportError(`${folder} is not a folder.`);
  const paths = await listPages(folder, content);
  const pages = paths.map((file) => ({ file, id: relative(folder, file).split(sep).join('/') }));
  return { name: basename(resolve(folder)), root: await realpath(folder), pages, configs: await findConfigs(folder) };
}

/** An archive usually has the folder of the site, and all pages in that. */
function pagesOfArchive(files: readonly ZippedFile[]): Pages {
  const [first = ''] = files[0]!.name.split(/(?<=\/)/);
  const root = first.endsWith('/') && files.every(({ name }) => name.startsWith(first)) ? first : '';
  const isContent = ROOTS.some((folder) => root === `${folder}/`);
  const all = files.map((file) => ({ file, id: isContent ? file.name : file.name.slice(root.length) }));
  const [pages, configs] = [all.filter(({ id }) => isPage(id)), all.filter(({ id }) => isConfig(id))];
  const name = root && !isContent ? root.slice(0, -1) : basename(files[0]!.archive.path).replace(/\.zip$/i, '');
  return { name, root: resolve(files[0]!.archive.path), pages, configs };
}

/** Whether a path is that of a page, and in no folder of programs. */
function isPage(path: string): boolean {
  const [name = '', ...folders] = path.split('/').reverse();
  return PAGES.test(name) && !folders.some((folder) => NO_CONTENT.test(folder));
}

/** Reads the address of each page, so that links between pages can be followed. */
async function readAddresses(
  { signal }: ImportRequest,
  pages: readonly SiteFile[],
  config: SiteConfig,
): Promise<PageAddresses> {
  const addresses = new PageAddresses(config);
  for (const file of pages) {
    signal?.throwIfAborted();
    const page = await readPage(file, config);
    if (typeof page !== 'string') addresses.add(page);
  }
  return addresses;
}

interface StageOptions {
  stager: PageStager;
  config: SiteConfig;
  content: ContentStager;
}

async function stagePage(file: SiteFile, { stager, config, content: { report } }: StageOptions): Promise<void> {
  const page = await readPage(file, config);
  const location = { id: file.id, title: '', line: 0 };
  if (typeof page === 'string') {
    report.countRead('other items');
    report.addSkipped('other items', page, location);
    return;
  }
  if (page.undecodable > 0)
    report.addNote('undecodable characters were replaced with \ufffd', location, page.undecodable);
  stager.stage(page);
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

/** Files of the configuration, in the folder of the site and in that of Hugo's. */
async function findConfigs(folder: string): Promise<SiteFile[]> {
  const places = ['', 'config/_default/'];
  const found: SiteFile[] = [];
  for (const place of places) {
    const names = await readdir(join(folder, place)).catch(() => []);
    for (const id of names.sort().map((name) => `${place}${name}`))
      if (isConfig(id)) found.push({ file: join(folder, id), id });
  }
  return found;
}
