import { setTimeout as delay } from 'node:timers/promises';
import { cutSomeConnections, disturbancesOf, type Walk } from '../chaos/walk-disturbances.ts';
import { until } from '../gateway.ts';
import type { Discussions } from './discussions.ts';
import type { Absent, Outages } from './outages.ts';
import type { Site } from './site.ts';

export interface DisturberOptions {
  site: Site;
  discussions: Discussions;
  outages: Outages;
  next: () => number;
  over: AbortSignal;
  /** Longest milliseconds from one disturbance to the next. */
  longestPause: number;
}

interface Happening {
  name: string;
  absent: Absent | null;
  happen(): Promise<void>;
}

/** Milliseconds by which a clock is ahead or behind at most. */
const LONGEST_STEP = 600_000;
/** Milliseconds that the database is away, and the second gateway paused, at most. */
const LONGEST_OUTAGE = 3_000;
/** Longest milliseconds between two cuts of connections. */
const LONGEST_UNCUT = 3_000;
/** Milliseconds in which writers write what a disturbance waits for, whatever is away. */
const WRITTEN_WITHIN = 120_000;

/** Restarts, cuts, imports and steps of clocks, one after another. The first gateway is never ended. */
export class Disturber {
  /** How often each happened. */
  readonly counts = new Map<string, number>();
  readonly #options: DisturberOptions;
  #ahead: Happening[] = [];

  constructor(options: DisturberOptions) {
    this.#options = options;
  }

  /** Disturbs until it is time to rest. */
  async run(isWanted: () => boolean): Promise<void> {
    const { next, longestPause } = this.#options;
    const cutting = this.#cut(isWanted);
    while (isWanted()) {
      await delay(longestPause * next());
      if (!isWanted()) break;
      if (this.#ahead.length === 0) this.#ahead = this.#all();
      const { name, absent, happen } = this.#ahead.shift()!;
      try {
        await (absent ? this.#options.outages.during(absent, happen) : happen());
      } catch (error) {
        throw new Error(`When ${name}: ${error}`, { cause: error });
      }
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    }
    await cutting;
  }

  async #cut(isWanted: () => boolean): Promise<void> {
    const { next } = this.#options;
    while (isWanted()) {
      await delay(next() * LONGEST_UNCUT);
      cutSomeConnections(this.#walk());
    }
  }

  /** All of them in random order. */
  #all(): Happening[] {
    const { site, discussions, next } = this.#options;
    const own: Happening[] = [
      { name: 'the database was stopped', absent: 'database', happen: () => this.#restartDatabase('fast') },
      { name: 'the database crashed', absent: 'database', happen: () => this.#restartDatabase('immediate') },
      { name: 'the clocks were stepped', absent: null, happen: () => this.#stepClocks() },
      { name: 'a clock was stepped', absent: null, happen: () => this.#stepClocks(next() < 0.5 ? 0 : 1) },
      {
        name: 'an export of Disqus was imported',
        absent: null,
        happen: () => site.imports.disqus(discussions.newestPost),
      },
    ];
    const walked = disturbancesOf(this.#walk())
      // A site's backup is restored while it is away.
      .filter(({ name }) => !name.startsWith('a backup'))
      .map(({ name, happen }): Happening => ({ name, absent: absentWhen(name), happen }));
    const all = [...own, ...walked];
    return Array.from({ length: all.length }, () => all.splice(Math.floor(next() * all.length), 1)[0]!);
  }

  async #restartDatabase(mode: 'fast' | 'immediate'): Promise<void> {
    const { site, next } = this.#options;
    await site.postgres.stop(mode);
    await delay(next() * LONGEST_OUTAGE);
    await site.postgres.start();
  }

  async #stepClocks(only?: number): Promise<void> {
    const { site, next } = this.#options;
    for (const [n, node] of site.nodes.entries())
      if (only === undefined || n === only) node.setClock(Math.round((2 * next() - 1) * LONGEST_STEP));
  }

  #walk(): Walk {
    const { site, discussions, next, over } = this.#options;
    const { entrances, sql } = site;
    const countEvents = async (): Promise<number> => {
      const { rows } = await sql.query<{ count: number }>('SELECT last_value::int AS count FROM walk.ledger_n_seq');
      return rows[0]!.count;
    };
    return {
      ...site,
      nodes: [site.nodes[1]],
      urls: entrances.urls,
      clientProxies: entrances.proxies.flat(),
      redis: null,
      boards: discussions.boards,
      clients: discussions.clients,
      writers: discussions.writers,
      longestPause: LONGEST_OUTAGE,
      next,
      over,
      importPost: (which) => site.imports.post(which === 'followed' ? discussions.newestPost : 1),
      countEvents,
      async untilWritten(count) {
        const end = (await countEvents()) + count;
        const isWritten = async (): Promise<boolean> => {
          over.throwIfAborted();
          await delay(100);
          return (await countEvents()) >= end;
        };
        await until(`${count} events are written`, isWritten, { limit: WRITTEN_WITHIN });
      },
      async whileNobodyWrites(work) {
        await discussions.rest();
        await work();
        discussions.write();
      },
    };
  }
}

function absentWhen(name: string): Absent | null {
  if (name.startsWith('the database')) return 'database';
  return name.startsWith('a gateway') ? 'second gateway' : null;
}
