/** What a change may look like to readers while it is made. */
export interface ChangeOptions {
  /** It has several commits, so readers may see states between them, which are not known. */
  hasSteps: boolean;
}

interface State {
  /** For each query. */
  answers: readonly string[];
  hasSteps: boolean;
}

/**
 * The answers of some queries as they were after each change. Changes are made one after another, and after each the answers are
 * made anew, without anything that was kept.
 */
export class History {
  readonly #ask: () => Promise<string[]>;
  readonly #states: State[] = [];
  /** Whether a change was committed whose answers are not known yet. */
  #isCommitted = false;
  #changing: Promise<void> | null = null;

  private constructor(ask: () => Promise<string[]>) {
    this.#ask = ask;
  }

  /** @param ask makes the answers of all queries */
  static async start(ask: () => Promise<string[]>): Promise<History> {
    const history = new History(ask);
    history.#states.push({ answers: await ask(), hasSteps: false });
    return history;
  }

  /** The first state that may answer a request that is sent now. */
  get least(): number {
    return this.#states.length - 1 + Number(this.#isCommitted);
  }

  /** Makes a change. Resolves when its answers are known. */
  async change(make: () => Promise<unknown>, { hasSteps }: ChangeOptions): Promise<void> {
    const changing = this.#change(make, hasSteps);
    this.#changing = changing.catch(() => {});
    await changing;
    this.#changing = null;
  }

  async #change(make: () => Promise<unknown>, hasSteps: boolean): Promise<void> {
    await make();
    this.#isCommitted = true;
    this.#states.push({ answers: await this.#ask(), hasSteps });
    this.#isCommitted = false;
  }

  /**
   * Whether an answer is that of a state from `least` to the present one.
   * @returns null for one that may have been a state within a change
   */
  async allows(query: number, least: number, answer: string): Promise<boolean | null> {
    if (this.#has(query, least, answer)) return true;
    // It may be the answer after the change that is being made.
    await this.#changing;
    if (this.#has(query, least, answer)) return true;
    return this.#states.slice(least + 1).some(({ hasSteps }) => hasSteps) ? null : false;
  }

  /** How many of the answers the last change has changed. */
  get changedByLast(): number {
    const [before, after] = this.#states.slice(-2);
    return after!.answers.filter((answer, query) => answer !== before!.answers[query]).length;
  }

  /** The answer to a query now. */
  last(query: number): string {
    return this.#states.at(-1)!.answers[query]!;
  }

  #has(query: number, least: number, answer: string): boolean {
    return this.#states.slice(least).some(({ answers }) => answers[query] === answer);
  }
}
