/** An item of a WaitingLine, with its neighbours. */
export interface InLine<Item> {
  before: Item | null;
  after: Item | null;
}

/**
 * A line that anybody may leave. Not a Set: each time that a Set in the old generation is rehashed, its former table keeps
 * the entries of that moment until a full garbage collection, and with them what their requests have loaded.
 */
export class WaitingLine<Item extends InLine<Item>> {
  #first: Item | null = null;
  #last: Item | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Item | null {
    return this.#first;
  }

  get last(): Item | null {
    return this.#last;
  }

  add(item: Item): void {
    item.before = this.#last;
    if (this.#last) this.#last.after = item;
    else this.#first = item;
    this.#last = item;
    this.#size += 1;
  }

  /** @returns false for an item that has left already */
  remove(item: Item): boolean {
    if (item.before === null && this.#first !== item) return false;
    if (item.before) item.before.after = item.after;
    else this.#first = item.after;
    if (item.after) item.after.before = item.before;
    else this.#last = item.before;
    // Otherwise it would keep the items behind it once it is in the old generation.
    item.before = null;
    item.after = null;
    this.#size -= 1;
    return true;
  }
}
