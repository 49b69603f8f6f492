import { openTextFile } from '../file-text.ts';
import { importContent } from '../import-content.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest, ReadTarget } from '../import-format.ts';
import type { ImportedFile } from '../import-site.ts';
import { aboutFile, type InputFile } from '../input-file.ts';
import { DisqusReader } from './disqus-reader.ts';

/** Comments that Disqus kept for another site; its articles must be here already. */
export const disqus: ImportFormat = {
  name: 'disqus',
  files: 'a Disqus export (XML), plain, gzipped or in a zip archive',
  detects: ({ text }) => /<disqus\b/.test(text),
  import: (request) => importContent(request, read),
};

async function read(request: ImportRequest, { content, progress }: ReadTarget): Promise<ImportedFile> {
  let forum = '';
  for (const file of request.files) {
    const reader = new DisqusReader(content);
    try {
      await readFile(file, reader, { request, content, progress });
    } catch (error) {
      throw aboutFile(error, file, request.files);
    }
    if (forum !== '' && reader.forum !== forum)
      throw new ImportError(`The files are of different forums: ${forum} and ${reader.forum}.`);
    forum = reader.forum;
  }
  return { source: `disqus:${forum}`, format: 'Disqus', version: '' };
}

async function readFile(
  file: InputFile,
  reader: DisqusReader,
  { request, content, progress }: ReadTarget & { request: ImportRequest },
): Promise<void> {
  const { chunks, size, position } = await openTextFile(file);
  for await (const chunk of chunks) {
    request.signal?.throwIfAborted();
    reader.write(chunk);
    await content.flushIfFull();
    const comments = content.report.readCount('comments');
    progress.reportRead({ items: content.items, comments, bytes: position(), size });
  }
  reader.end();
}
