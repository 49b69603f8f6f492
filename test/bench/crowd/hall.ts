import { end, LOAD_CORE, nextMessage, start, typescript } from '../servers/process.ts';
import type { Job, Joining, Lateness, Tally } from './jobs.ts';

/** The process that holds the readers of all crowds, on a core of its own where that is possible. */
export interface Hall {
  pid: number;
  /** Readers who will be told apart by this name. */
  crowd(name: string): RemoteCrowd;
  stop(): Promise<void>;
}

/** The jobs of one crowd; see `Job`. One at a time. */
export interface RemoteCrowd {
  join(joining: Joining): Promise<void>;
  reset(): Promise<void>;
  awaitEvents(events: number, within: number): Promise<Tally>;
  awaitCaughtUp(within: number): Promise<Tally>;
  awaitClosed(readers: number, within: number): Promise<Tally>;
  lateness(sentAt: Record<string, number>): Promise<Lateness>;
  pause(readers: number): Promise<void>;
  resume(readers: number): Promise<void>;
  rejoin(): Promise<void>;
  leave(): Promise<void>;
}

export function openHall(): Hall {
  const child = start({ args: typescript('../crowd/worker.ts'), core: LOAD_CORE });
  function ask<Answer>(job: Job): Promise<Answer> {
    const answer = nextMessage<Answer>(child);
    child.send(job);
    return answer;
  }
  return {
    pid: child.pid!,
    crowd: (crowd) => ({
      join: (joining) => ask({ kind: 'join', crowd, ...joining }),
      reset: () => ask({ kind: 'reset', crowd }),
      awaitEvents: (events, within) => ask({ kind: 'await', crowd, events, within }),
      awaitCaughtUp: (within) => ask({ kind: 'awaitCaughtUp', crowd, within }),
      awaitClosed: (readers, within) => ask({ kind: 'awaitClosed', crowd, readers, within }),
      lateness: (sentAt) => ask({ kind: 'lateness', crowd, sentAt }),
      pause: (readers) => ask({ kind: 'pause', crowd, readers }),
      resume: (readers) => ask({ kind: 'resume', crowd, readers }),
      rejoin: () => ask({ kind: 'rejoin', crowd }),
      leave: () => ask({ kind: 'leave', crowd }),
    }),
    stop: () => end(child),
  };
}
