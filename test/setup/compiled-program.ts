import { pathToFileURL } from 'node:url';
import type { OwnProgram } from '../../src/own-program.ts';
import { compiledProgram } from '../program.ts';

/**
 * Takes the place of that function of `src/own-program.ts` (see vitest.config.ts): threads and processes that gateways of tests
 * start run what was compiled for the run. From the sources, each takes a second of processor time more.
 */
export function ownProgram(source: string): OwnProgram {
  return { url: pathToFileURL(compiledProgram(source)), isCompiled: true };
}
