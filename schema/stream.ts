/**
 * Turns each item of a stream into another, leaving out those that become null. It ends its source at once when it is
 * ended itself, also while waiting for an item; a generator function would wait for the next one first.
 */
export function mapStream<From, To>(
  source: AsyncGenerator<From, void, void>,
  map: (item: From) => Promise<To | null>,
): AsyncGenerator<To, void, void> {
  return {
    async next() {
      for (;;) {
        const item = await source.next();
        if (item.done) return item;
        const value = await map(item.value);
        if (value !== null) return { value, done: false };
      }
    },
    async return() {
      await source.return();
      return { value: undefined, done: true };
    },
    async throw(error) {
      await source.return();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await source.return();
    },
  };
}
