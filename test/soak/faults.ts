/** Faults of one kind that are kept with their texts; further ones are counted. */
const KEPT = 5;

/** What must not happen, by kind. */
export class Faults {
  readonly #kinds = new Map<string, { count: number; texts: string[] }>();

  add(kind: string, text: string): void {
    const entry = this.#kinds.get(kind) ?? { count: 0, texts: [] };
    this.#kinds.set(kind, entry);
    entry.count += 1;
    if (entry.texts.length < KEPT) entry.texts.push(text.slice(0, 2_000));
  }

  /** Does some work, whose error is a fault of this kind. */
  async watch(kind: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.add(kind, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  get count(): number {
    return [...this.#kinds.values()].reduce((total, { count }) => total + count, 0);
  }

  get lines(): string[] {
    return [...this.#kinds].flatMap(([kind, { count, texts }]) => [
      `${kind}: ${count}`,
      ...texts.map((text) => `  ${text}`),
    ]);
  }
}
