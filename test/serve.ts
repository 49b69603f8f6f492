import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandArguments } from './program.ts';

export interface Running {
  url: string;
  child: ChildProcess;
  /** Resolves to the exit code, or to the signal that killed the process. */
  ended: Promise<number | NodeJS.Signals>;
  /** What it has written to standard error. */
  readonly log: string;
}

/**
 * Runs the command `serve` in a process of its own.
 * @param closers receives a function that kills the process if it still runs when the test is over
 * @param nodeArguments options of Node
 */
export function serve(
  environment: Record<string, string>,
  closers: (() => unknown)[],
  nodeArguments: readonly string[] = [],
): Promise<Running> {
  return run([...nodeArguments, ...commandArguments()], { environment, closers, directory: tmpdir() });
}

/** The same from the sources, with their packages as they are installed: slower, and each module is loaded as in production. */
export function serveSources(
  environment: Record<string, string>,
  closers: (() => unknown)[],
  nodeArguments: readonly string[] = [],
): Promise<Running> {
  const directory = join(import.meta.dirname, '..');
  return run([...nodeArguments, '--import', 'tsx', 'src/main.ts'], { environment, closers, directory });
}

interface RunOptions {
  environment: Record<string, string>;
  closers: (() => unknown)[];
  directory: string;
}

async function run(
  programArguments: readonly string[],
  { environment, closers, directory }: RunOptions,
): Promise<Running> {
  const child = spawn(process.execPath, programArguments, {
    cwd: directory,
    env: { PATH: process.env.PATH, PORT: '0', ...environment },
    // The last is for messages of programs that are loaded before the gateway.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal!)),
  );
  closers.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const serving = /"url":"([^"]+)","msg":"Serving"/.exec(output);
      if (serving) resolve(serving[1]!);
    });
    void ended.then((how) => reject(new Error(`The command ended with ${how}:\n${output}`)));
  });
  return {
    url,
    child,
    ended,
    get log() {
      return output;
    },
  };
}
