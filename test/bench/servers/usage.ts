import { readdir, readFile, writeFile } from 'node:fs/promises';
import type pg from 'pg';

/** Clock ticks a second in /proc, whatever the kernel's own (man 5 proc: sysconf(_SC_CLK_TCK)); 100 on Linux. */
const TICKS = 100;

/** Milliseconds of processor time that a process and its kernel work for it have taken so far, to ten. Linux only. */
export async function processorTime(pid: number): Promise<number> {
  const { ticks } = await statOf(pid);
  return (ticks * 1000) / TICKS;
}

interface ProcessStat {
  name: string;
  parent: number;
  /** Clock ticks that it has taken, and those of its children that have ended. */
  ticks: number;
  endedTicks: number;
}

async function statOf(pid: number): Promise<ProcessStat> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in brackets, which may hold spaces.
  const end = stat.lastIndexOf(')');
  const fields = stat
    .slice(end + 2)
    .split(' ')
    .map(Number);
  return {
    name: stat.slice(stat.indexOf('(') + 1, end),
    parent: fields[1]!,
    ticks: fields[11]! + fields[12]!,
    endedTicks: fields[13]! + fields[14]!,
  };
}

/** Reads the milliseconds of processor time that a database has taken so far: all processes of its server together. */
export type DatabaseTime = () => Promise<number>;

/** Null when the server is not on this machine. */
export async function databaseTimeOf(client: pg.Client): Promise<DatabaseTime | null> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const backend = await statOf(rows[0]!.pid).catch(() => null);
  if (!backend?.name.startsWith('postgres')) return null;
  const server = backend.parent;
  return async () => {
    for (;;) {
      const ticks = await ticksBelow(server);
      if (ticks !== null) return (ticks * 1000) / TICKS;
    }
  };
}

/** The ticks of a process and of its children, ended ones included; null when one has ended meanwhile. */
async function ticksBelow(pid: number): Promise<number | null> {
  const { ticks, endedTicks } = await statOf(pid);
  let all = ticks + endedTicks;
  for (const name of await readdir('/proc')) {
    const stat = /^\d+$/.test(name) ? await statOf(Number(name)).catch(() => null) : null;
    if (stat?.parent === pid) all += stat.ticks;
  }
  return (await statOf(pid)).endedTicks === endedTicks ? all : null;
}

/** Bytes of memory that a process has, and the most it had since `forgetPeak`. */
export interface Memory {
  resident: number;
  peak: number;
}

export async function memoryOf(pid: number): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = (name: string): number => Number(status.match(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm'))?.[1]);
  return { resident: 1024 * kilobytes('VmRSS'), peak: 1024 * kilobytes('VmHWM') };
}

/** From here on the peak is counted anew (man 5 proc: clear_refs). */
export async function forgetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}
