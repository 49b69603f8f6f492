import { openTextFile } from '../file-text.ts';
import { importContent } from '../import-content.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest, ReadTarget } from '../import-format.ts';
import type { ImportedFile } from '../import-site.ts';
import { aboutFile, type InputFile } from '../input-file.ts';
import { readJsonValues } from '../json-values.ts';
import { type FeedInfo, newInfo } from './feed-entry.ts';
import { FEED_ROOT } from './feed-format.ts';
import { FeedStager } from './feed-stager.ts';
import { entryOf, JSON_FEED_PATHS, readFeedValue } from './json-feed.ts';
import { XmlFeedReader } from './xml-feed.ts';

const JSON_FEED = /^\ufeff?\s*\{[\s\S]*"version"\s*:\s*"https?:\\?\/\\?\/(www\.)?jsonfeed\.org\\?\/version/;

/** Files that may show a feed, such as templates and pages, are none. */
const OTHER = /^\ufeff?\s*(?:---|\+\+\+|[{[#]|<!doctype html|<html)/i;

export const feed: ImportFormat = {
  name: 'feed',
  files: 'a feed (RSS, Atom or JSON Feed), of a site that exports nothing else',
  detects: ({ text }) => (FEED_ROOT.test(text) && !OTHER.test(text)) || JSON_FEED.test(text),
  import: (request) => importContent(request, read),
};

interface ReadOptions extends ReadTarget {
  request: ImportRequest;
  file: InputFile;
}

async function read(request: ImportRequest, { content, progress }: ReadTarget): Promise<ImportedFile> {
  let first: FeedInfo | null = null;
  for (const file of request.files) {
    const options = { request, file, content, progress };
    const info = await ((await isJson(file)) ? readJson(options) : readXml(options)).catch((error: unknown) => {
      throw aboutFile(error, file, request.files);
    });
    first ??= info;
    if (request.site === undefined && siteOf(info) !== siteOf(first))
      throw new ImportError(`The files are of different sites: ${siteOf(first)} and ${siteOf(info)}.`);
  }
  if (first === null) throw new ImportError('No file is given.');
  const site = request.site ?? siteOf(first);
  if (site === '') throw new ImportError('The feed does not name its site: give the address with --site.');
  return { source: `feed:${site}`, format: first.format, version: first.version };
}

function siteOf({ home }: FeedInfo): string {
  return home.replace(/[?#].*$/, '').replace(/\/+$/, '');
}

async function isJson(file: InputFile): Promise<boolean> {
  for await (const chunk of (await openTextFile(file)).chunks) {
    const start = chunk.replace(/^\ufeff/, '').trimStart();
    if (start !== '') return start.startsWith('{');
  }
  return false;
}

async function readXml({ request, file, content, progress }: ReadOptions): Promise<FeedInfo> {
  const info = newInfo();
  const stager = new FeedStager(content, info);
  const reader = new XmlFeedReader(info, (entry) => stager.stage(entry));
  const { chunks, size, position } = await openTextFile(file);
  for await (const chunk of chunks) {
    request.signal?.throwIfAborted();
    reader.write(chunk);
    await content.flushIfFull();
    progress.reportRead({ items: content.items, comments: 0, bytes: position(), size });
  }
  reader.end();
  return info;
}

/** Reads the file twice: what it says of itself may come after its items. */
async function readJson({ request, file, content, progress }: ReadOptions): Promise<FeedInfo> {
  const info: FeedInfo = { ...newInfo(), format: 'JSON Feed' };
  const stager = new FeedStager(content, info);
  const options = { file, afterPart: () => content.flushIfFull(), progress, signal: request.signal };
  const [items, about] = [JSON_FEED_PATHS.slice(-1), JSON_FEED_PATHS.slice(0, -1)];
  await readJsonValues({ ...options, paths: about, onValue: (found) => readFeedValue(info, found) });
  if (info.version === '') throw new ImportError('The file is not a JSON Feed: it does not name the version.');
  await readJsonValues({ ...options, paths: items, onValue: ({ value }) => stager.stage(entryOf(value)) });
  return info;
}
