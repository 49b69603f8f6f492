import { RateLimitedError } from '../../schema/content/errors.ts';
import { isStaff } from '../../schema/content/roles.ts';
import type { Logger } from '../logger.ts';
import { type RequestIdentity, senderKey } from './identity.ts';
import { Pace } from './pace.ts';
import type { LedgerEntry } from './point-ledger.ts';
import type { RateLimitStore } from './rate-limit-store.ts';
import { WindowCache } from './window-cache.ts';

/**
 * Seconds after which a sender's budget is full again; the first operation begins the window. Counters of
 * rate-limiter-flexible have windows: a short one refills nearly as evenly as a bucket, and nobody waits for longer.
 */
const WINDOW = 10;
const SECOND = 1_000;
/** Milliseconds between two log lines about senders that have spent their budget. */
const LOG_EVERY = 60_000;
/** Addresses of private networks, as of a proxy in front of the gateway (RFC 1918, RFC 4193, loopback and link-local). */
const PRIVATE = /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:|fe80:|0:0:0:0:|::)/;
/** Milliseconds for which a gateway counts on its own after the shared store failed. */
const RETRY_AFTER = 1_000;
/**
 * Share of the budget that one gateway lets a sender spend before it adds that to the shared ledger. Requests neither wait
 * for the store nor reach it one by one: readers of pages spend less than this share, and a heavy sender causes at most
 * 20 statements for the whole budget. Gateways together allow at most this share more than the budget each, and what
 * a sender spends at each of them during one round trip.
 */
const SETTLED_SHARE = 0.05;
/** Senders that are kept, some 300 bytes each. Past this number the budget that was used least recently is full again. */
const MAX_SENDERS = 50_000;

/** Limits the cost of a sender's operations over time. A sender is a signed-in person, or an address of anonymous requests. */
export interface CostBudget {
  /**
   * Takes the cost of an operation from its sender's budget. Staff have no limit. A cost above the whole budget needs
   * a full one.
   * @param cost in points, as the analysis of the operation computes it
   * @returns the points that remain until the budget is full again; Infinity without a limit
   * @throws RateLimitedError when less than the cost remains; then nothing is taken
   */
  consume(identity: RequestIdentity, cost: number): number;
  /**
   * Counts the cost of work that cannot be refused, apart from operations: that of missed events, which arrive later
   * instead. Each gateway counts its own.
   * @returns the milliseconds that the sender must wait before it causes more
   */
  pace(identity: RequestIdentity, cost: number): number;
}

export const UNLIMITED_BUDGET: CostBudget = { consume: () => Number.POSITIVE_INFINITY, pace: () => 0 };

/** The points that one sender has spent in the present window. */
interface Spending {
  /** When the budget is full again, by `performance.now()`. */
  endsAt: number;
  /** In the ledger: points of all gateways when this one last added some. */
  settled: number;
  /** Points of this gateway that are not in the ledger. */
  unsettled: number;
  /** Not before this time is something added to the ledger, by `performance.now()`; Infinity while that is in progress. */
  settleAfter: number;
}

interface CostBudgetOptions {
  store: Pick<RateLimitStore, 'openLedger'>;
  pointsPerMinute: number;
  log: Logger;
  onRefusal?: () => void;
}

export function createCostBudget({ store, pointsPerMinute, log, onRefusal }: CostBudgetOptions): CostBudget {
  const points = Math.ceil((pointsPerMinute / 60) * WINDOW);
  const ledger = store.openLedger?.(WINDOW) ?? null;
  const share = points * SETTLED_SHARE;
  const spendings = new WindowCache<Spending>(MAX_SENDERS);
  const paced = new Pace(pointsPerMinute);
  let lastLogged = Number.NEGATIVE_INFINITY;

  /** Logged because an operator must learn of a limit that is too low for readers behind one address. */
  function logRefusal({ viewer, address }: RequestIdentity, now: number): void {
    if (now - lastLogged < LOG_EVERY) return;
    lastLogged = now;
    log.info(
      'A sender has spent its cost budget and is refused for some seconds; if this is not an attack, check TRUST_PROXY and COST_BUDGET',
      // Not the address itself, which may be a person's.
      viewer ? { viewer: viewer.author.id } : { address: PRIVATE.test(address) ? 'private' : 'public' },
    );
  }

  return {
    pace: (identity, cost) => (isStaff(identity.viewer) ? 0 : paced.count(senderKey(identity), cost)),
    consume(identity, cost) {
      if (isStaff(identity.viewer)) return Number.POSITIVE_INFINITY;
      const sender = senderKey(identity);
      const now = performance.now();
      let spending = spendings.get(sender, now);
      if (!spending) {
        spending = { endsAt: now + WINDOW * SECOND, settled: 0, unsettled: 0, settleAfter: 0 };
        spendings.add(sender, spending, now);
      }
      const available = points - spending.settled - spending.unsettled;
      const isAllowed = available >= Math.min(cost, points);
      if (isAllowed) spending.unsettled += cost;
      if (ledger && spending.unsettled >= share && spending.settleAfter <= now)
        void settle(spending, (added) => ledger.add(`cost:${sender}`, added), share);
      if (isAllowed) return Math.max(0, available - cost);
      onRefusal?.();
      logRefusal(identity, now);
      // Rounding may add a trace to the difference.
      throw new RateLimitedError(Math.min(WINDOW, Math.max(1, Math.ceil((spending.endsAt - now) / SECOND))));
    },
  };
}

/**
 * Adds what this gateway counted to the ledger, and reads what all gateways did, until less than a share is left to add.
 * Never rejects.
 */
async function settle(spending: Spending, add: (points: number) => Promise<LedgerEntry>, share: number): Promise<void> {
  spending.settleAfter = Number.POSITIVE_INFINITY;
  try {
    while (spending.unsettled >= share) {
      // The ledger counts whole points.
      const added = Math.ceil(spending.unsettled);
      const { consumedPoints, msBeforeNext } = await add(added);
      spending.settled = consumedPoints;
      spending.unsettled -= added;
      // The window is that of the gateway that spent first. Its clock may be ahead of this one.
      spending.endsAt = performance.now() + Math.min(msBeforeNext, WINDOW * SECOND);
    }
    spending.settleAfter = 0;
  } catch {
    // The store has logged it. The points are added later, unless the window ends before.
    spending.settleAfter = performance.now() + RETRY_AFTER;
  }
}
