import type { Context } from '../../schema/content/context.ts';
import { withFreshLoaders } from '../../schema/content/context-loader.ts';
import type { LogEntry } from '../log/index.ts';

/** Entries of one log that a group renders. */
export interface EntriesToRender {
  entries: readonly LogEntry[];
  /**
   * The article's newest publication when the entries were read. What was loaded while the article was not public is of no
   * use after it was published again.
   */
  publication: number | null;
}

interface SharedContext extends EntriesToRender {
  context: Context;
  /** Groups that are rendering with it. */
  users: number;
}

/**
 * The contexts in which groups render entries. Groups of anonymous viewers that render the same entries at the same time
 * share one, so that a row is read once for all of them, however many texts subscribe to a log.
 */
export class EventContexts {
  /** By the last entry, which is one object for all followers of a log. */
  readonly #shared = new Map<LogEntry, SharedContext[]>();

  /** @param base the context of the group */
  async use<Result>(
    to: EntriesToRender,
    base: Context,
    render: (context: Context) => Promise<Result>,
  ): Promise<Result> {
    if (base.viewer) return render(withFreshLoaders(base));
    const shared = this.#find(to) ?? this.#add(to, base);
    shared.users += 1;
    try {
      return await render(shared.context);
    } finally {
      shared.users -= 1;
      if (shared.users === 0) this.#remove(shared);
    }
  }

  #find({ entries, publication }: EntriesToRender): SharedContext | undefined {
    return this.#shared
      .get(entries.at(-1)!)
      ?.find((shared) => shared.entries[0] === entries[0] && shared.publication === publication);
  }

  #add(to: EntriesToRender, base: Context): SharedContext {
    const shared = { ...to, context: withFreshLoaders(base), users: 0 };
    const last = to.entries.at(-1)!;
    this.#shared.set(last, [...(this.#shared.get(last) ?? []), shared]);
    return shared;
  }

  #remove(shared: SharedContext): void {
    const last = shared.entries.at(-1)!;
    const others = this.#shared.get(last)!.filter((other) => other !== shared);
    if (others.length > 0) this.#shared.set(last, others);
    else this.#shared.delete(last);
  }
}
