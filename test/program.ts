import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { inject } from 'vitest';

/** The path of a program that was compiled for this run, given that of its source, such as `src/main.ts`. */
export function compiledProgram(source: string): string {
  return join(inject('programs'), `${basename(source, '.ts')}.js`);
}

/** The arguments with which Node runs the gateway's command. */
export function commandArguments(program = compiledProgram('src/main.ts')): string[] {
  return [program];
}

interface RunOptions {
  environment?: Record<string, string>;
  /** By default, a directory without `.env`: that of a developer names their database. */
  directory?: string;
  /** By default, the one that was compiled for this run. */
  program?: string;
  /** Written to standard input. */
  input?: string;
}

interface RunResult {
  code: number | null;
  output: string;
  errors: string;
}

/** Runs the command to its end. */
export async function runCommand(
  options: readonly string[],
  { environment = {}, directory = tmpdir(), program = compiledProgram('src/main.ts'), input = '' }: RunOptions = {},
): Promise<RunResult> {
  const child = spawn(process.execPath, [program, ...options], {
    cwd: directory,
    env: { PATH: process.env.PATH, ...environment },
  });
  const texts = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.errors += text;
  });
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...texts };
}
