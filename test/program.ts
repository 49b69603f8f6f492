import { basename, join } from 'node:path';
import { inject } from 'vitest';

/** The path of a program that was compiled for this run, given that of its source, such as `src/main.ts`. */
export function compiledProgram(source: string): string {
  return join(inject('programs'), `${basename(source, '.ts')}.js`);
}

/** The arguments with which Node runs the gateway's command. */
export function commandArguments(): string[] {
  return ['--enable-source-maps', compiledProgram('src/main.ts')];
}
