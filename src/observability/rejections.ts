import { type Figures, Tally } from './figures.ts';

/** Why something was refused without being done. */
const REJECTIONS = [
  /** The address has too many requests, or too many bytes of them, in progress. */
  'address_busy',
  /** The gateway has. */
  'gateway_busy',
  /** The address has too many open sockets and streams. */
  'connections',
  'token',
  'document',
  'cost_limit',
  'cost_budget',
  /** Of an action, such as commenting. */
  'rate_limit',
] as const;
export type Rejection = (typeof REJECTIONS)[number];

/** Counts what is refused. */
export class Rejections {
  readonly #counts = new Tally(REJECTIONS);

  constructor(figures: Figures) {
    figures.counters(
      'rejections{reason}',
      'Operations, connections and actions that were refused.',
      () => this.#counts,
    );
  }

  readonly add = (reason: Rejection): void => {
    this.#counts.add(reason);
  };
}
