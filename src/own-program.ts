import { basename } from 'node:path';

/** A program of the gateway that runs in a thread or a process of its own. */
export interface OwnProgram {
  url: URL;
  /** False for a source, which tsx loads: Node.js 20 does not load TypeScript. */
  isCompiled: boolean;
}

/**
 * Finds a program: beside this file, since all programs are compiled into one folder; or the source.
 * @param source its path in this folder, such as `rendering/conversion-worker.ts`
 */
export function ownProgram(source: string): OwnProgram {
  const isCompiled = import.meta.url.endsWith('.js');
  const path = isCompiled ? `${basename(source, '.ts')}.js` : source;
  return { url: new URL(path, import.meta.url), isCompiled };
}
