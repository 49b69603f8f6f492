import { GraphQLError } from 'graphql';

/**
 * Points that each event of one log may cost for the documents that one sender has brought. Equal documents are rendered
 * once, whoever subscribes with them, so only the first subscriber of each counts. An app's documents cost some ten points.
 */
const MOST_POINTS = 2_000;
/** A cheap document costs more than its points: each is executed and sent on its own. An app has a few for one log. */
const MOST_DOCUMENTS = 20;

/** Of one sender and one log. */
interface Documents {
  count: number;
  points: number;
}

/** What the events of each log cost, by the senders who brought the documents. */
export class EventCosts {
  readonly #documents = new Map<string, Documents>();

  /**
   * @param key the sender and the log
   * @param points what an event costs with the document
   * @returns forgets the document when nobody subscribes with it any more; an error when those of the sender are too many, or
   *   cost too much
   */
  add(key: string, points: number): (() => void) | GraphQLError {
    const documents = this.#documents.get(key) ?? { count: 0, points: 0 };
    const sum = documents.points + points;
    if (sum > MOST_POINTS)
      return tooExpensive(`cost ${sum} points for each event; the limit is ${MOST_POINTS}, from one sender`);
    if (documents.count === MOST_DOCUMENTS)
      return tooExpensive(`are more than ${MOST_DOCUMENTS}, which is the limit for one sender`);
    documents.count += 1;
    documents.points = sum;
    this.#documents.set(key, documents);
    return () => {
      documents.count -= 1;
      documents.points -= points;
      if (documents.count === 0) this.#documents.delete(key);
    };
  }
}

function tooExpensive(why: string): GraphQLError {
  return new GraphQLError(`The different documents of your subscriptions to this log ${why}.`, {
    extensions: { code: 'OPERATION_TOO_EXPENSIVE' },
  });
}
