import { GraphQLError } from 'graphql';

/**
 * Points that each event of one log may cost for the documents that one sender has brought. Equal documents are rendered
 * once, whoever subscribes with them, so only the first subscriber of each counts. An app's documents cost some ten points.
 */
const LIMIT = 2_000;

/** What the events of each log cost, by the senders who brought the documents. */
export class EventCosts {
  readonly #points = new Map<string, number>();

  /**
   * @param key the sender and the log
   * @param points what an event costs with the document
   * @returns frees the points when nobody subscribes with the document any more; an error when the documents of the sender
   *   cost too much
   */
  add(key: string, points: number): (() => void) | GraphQLError {
    const sum = (this.#points.get(key) ?? 0) + points;
    if (sum > LIMIT)
      return new GraphQLError(
        `The different documents of your subscriptions to this log cost ${sum} points for each event; the limit is ${LIMIT}.`,
        { extensions: { code: 'OPERATION_TOO_EXPENSIVE' } },
      );
    this.#points.set(key, sum);
    return () => {
      const left = this.#points.get(key)! - points;
      if (left > 0) this.#points.set(key, left);
      else this.#points.delete(key);
    };
  }
}
