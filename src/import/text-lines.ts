import { openTextFile } from './file-text.ts';
import { ImportError } from './import-error.ts';
import type { InputFile } from './input-file.ts';
import type { Progress } from './progress.ts';

/** Characters of one line, which is kept in memory. */
const MAX_LINE = 64 * 1024 * 1024;

/**
 * The lines of a text, as many at once as a chunk ends.
 *
 * @throws ImportError if a line is too long
 */
export async function* textLines(chunks: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = '';
  let line = 1;
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    line += lines.length;
    if (rest.length > MAX_LINE) throw new ImportError(`has more than ${MAX_LINE} characters.`, line);
    yield lines;
  }
  if (rest !== '') yield [rest];
}

interface ReadLinesOptions {
  file: InputFile;
  onValue: (value: unknown, line: number) => void;
  /** Called after each part of the file, before more of it is read. */
  afterPart: () => Promise<void>;
  progress: Progress;
  signal: AbortSignal | undefined;
}

/**
 * Reads a file that has a JSON value in each line.
 *
 * @throws ImportError with the line, if one is not JSON
 */
export async function readJsonLines({ file, onValue, afterPart, progress, signal }: ReadLinesOptions): Promise<void> {
  const { chunks, size, position } = await openTextFile(file);
  let line = 0;
  for await (const lines of textLines(chunks)) {
    signal?.throwIfAborted();
    for (const text of lines) {
      line += 1;
      if (text.trim() !== '') onValue(parseLine(text, line), line);
    }
    await afterPart();
    progress.reportRead({ items: line, comments: 0, bytes: position(), size });
  }
}

function parseLine(text: string, line: number): unknown {
  try {
    return JSON.parse(line === 1 ? text.replace(/^\ufeff/, '') : text);
  } catch (cause) {
    throw new ImportError('this is not valid JSON, or the file ends before it is complete.', line, { cause });
  }
}
