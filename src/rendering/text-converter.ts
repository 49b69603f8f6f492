import type { Conversion, Converted, ConvertText, conversions } from '../../schema/content/text/conversions.ts';
import { renderings } from '../../schema/content/text/renderings.ts';
import { ConversionPool, type PoolOptions } from './conversion-pool.ts';

/**
 * Characters that are converted on the main thread in one turn of the event loop, at most some 5 ms of work. Longer texts are
 * converted in a thread.
 */
const MAX_IN_TURN: Record<Conversion, number> = {
  article: 4_000,
  comment: 4_000,
  bio: 4_000,
  articleHtml: 4_000,
  commentHtml: 4_000,
  bioHtml: 4_000,
  markdown: 2_000,
  htmlBlock: 4_000,
};

/** Processor time: 500 kB of usual text take half a second, and the worst known ones 5 s; a slow machine takes longer. */
const DEADLINE = 20_000;

const IDLE_AFTER = 10_000;

export interface TextConverter {
  convert: ConvertText;
  /** Threads that exist now. */
  readonly threadCount: number;
  /** Ends all threads. */
  close(): Promise<void>;
}

/** Opens no thread before the first long text. */
export function openTextConverter(options: Partial<PoolOptions> = {}): TextConverter {
  const pool = new ConversionPool({ deadline: DEADLINE, idleAfter: IDLE_AFTER, ...options });
  const turns = new Turns();
  let known: Partial<typeof conversions> = renderings;
  const loadAll = async (): Promise<void> => {
    known = (await import('../../schema/content/text/conversions.ts')).conversions;
  };
  const convert: ConvertText = (name, source) => {
    const share = source.length / MAX_IN_TURN[name];
    if (share > 1) return pool.convert({ name, source }) as Promise<Converted<typeof name>>;
    const conversion = known[name] as ((text: string) => Converted<typeof name>) | undefined;
    // Few texts are read as Markdown that are not stored as such, and the parser of HTML takes 2 MB of memory.
    if (!conversion) return loadAll().then(() => convert(name, source));
    return turns.run(share, () => conversion(source));
  };
  return {
    convert,
    get threadCount() {
      return pool.threadCount;
    },
    close: () => pool.close(),
  };
}

/** Does so much work in each turn of the event loop; further work waits for the next turns, so that others are answered. */
class Turns {
  #left = 1;
  readonly #waiting: { share: number; work: () => void }[] = [];
  #isScheduled = false;

  /** @param share of what may be done in one turn, at most 1 */
  run<Result>(share: number, work: () => Result): Result | Promise<Result> {
    this.#schedule();
    if (this.#waiting.length === 0 && share <= this.#left) {
      this.#left -= share;
      return work();
    }
    return new Promise((resolve, reject) => {
      const run = (): void => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      };
      this.#waiting.push({ share, work: run });
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#nextTurn());
  }

  #nextTurn(): void {
    this.#isScheduled = false;
    this.#left = 1;
    let count = 0;
    for (; count < this.#waiting.length && this.#waiting[count]!.share <= this.#left; count += 1) {
      this.#left -= this.#waiting[count]!.share;
      this.#waiting[count]!.work();
    }
    this.#waiting.splice(0, count);
    if (this.#waiting.length > 0) this.#schedule();
  }
}
