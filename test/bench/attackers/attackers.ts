import { end, LOAD_CORE, nextMessage, start, typescript } from '../servers/process.ts';

export type AttackName =
  | 'expensive queries'
  | 'unread answers'
  | 'unfinished bodies'
  | 'ping floods'
  | 'distinct texts'
  | 'subscriptions'
  | 'large articles';

/** What attackers use. */
export interface Target {
  url: string;
  /** Requests that cost as much as one may. */
  expensive: readonly string[];
  /** The article that is subscribed to and commented on. */
  articleId: string;
  /** Authorization of a writer. */
  writer: string;
}

export interface Attack {
  name: AttackName;
  target: Target;
  seconds: number;
}

/** What the attackers sent, by what became of it. */
export type AttackTally = Record<string, number>;

export interface Attackers {
  attack(attack: Attack): Promise<AttackTally>;
  stop(): Promise<void>;
}

/** Starts the process of the attackers, which gives way to the readers' when the processor is busy. */
export function startAttackers(): Attackers {
  const child = start({ args: typescript('../attackers/worker.ts'), core: LOAD_CORE });
  return {
    attack(attack) {
      const tally = nextMessage<AttackTally>(child);
      child.send(attack);
      return tally;
    },
    stop: () => end(child),
  };
}
