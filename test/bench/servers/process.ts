import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Whether processes are bound to a core each where that is possible, so that the load does not take time from what it measures. */
export let isPinned = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** From here on, processes run wherever the system has room, as in production. */
export function unpin(): void {
  isPinned = false;
}

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/** Milliseconds a process may take to end after being asked to. */
const END_LIMIT_MS = 10_000;

export interface Program {
  /** What node runs, with its arguments. */
  args: readonly string[];
  core: number;
  env?: NodeJS.ProcessEnv;
  /** Lines that it writes are shown; otherwise only its errors. */
  verbose?: boolean;
}

/** The arguments that run a TypeScript file beside this one. */
export function typescript(file: string): string[] {
  return ['--import', 'tsx', fileURLToPath(new URL(file, import.meta.url))];
}

/** Starts a process of node, on its core where that is possible, with a channel for messages. */
export function start({ args, core, env, verbose = false }: Program): ChildProcess {
  const command = [process.execPath, ...args];
  if (isPinned) command.unshift('taskset', '-c', String(core));
  return spawn(command[0]!, command.slice(1), {
    env: { ...process.env, ...env },
    stdio: ['ignore', verbose ? 'inherit' : 'ignore', 'inherit', 'ipc'],
  });
}

/** The next message of a process. @throws when it ends without one */
export async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  const ended = new AbortController();
  try {
    return await Promise.race([
      once(child, 'message', { signal: ended.signal }).then(([message]) => message as Message),
      once(child, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`A process of the benchmark ended with code ${code}: ${child.spawnargs.join(' ')}`);
      }),
    ]);
  } finally {
    ended.abort();
  }
}

/** Asks a process to end, and kills it when it does not. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const limit = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(limit);
}
