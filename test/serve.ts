import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
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
 * @param program a built one instead of the one that was compiled for this run
 */
export async function serve(
  environment: Record<string, string>,
  closers: (() => unknown)[],
  nodeArguments: readonly string[] = [],
  program?: string,
): Promise<Running> {
  const child = spawn(process.execPath, [...nodeArguments, ...commandArguments(program)], {
    cwd: tmpdir(),
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
