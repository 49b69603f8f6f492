import { readFile, writeFile } from 'node:fs/promises';

/** Clock ticks a second in /proc, whatever the kernel's own (man 5 proc: sysconf(_SC_CLK_TCK)); 100 on Linux. */
const TICKS = 100;

/** Milliseconds of processor time that a process and its kernel work for it have taken so far, to ten. Linux only. */
export async function processorTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in brackets, which may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return ((user + system) * 1000) / TICKS;
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
