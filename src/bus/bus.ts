/**
 * Called when a log has grown to a sequence. Null means that wake-ups may have been lost, as while the bus was
 * disconnected: the listener then checks the log itself.
 */
export type WakeListener = (sequence: number | null) => void;

/**
 * Wakes the readers of logs on all gateways. A wake-up carries a topic and a sequence and no content. It may be lost, or
 * arrive twice: readers take everything from the log, so a lost wake-up costs time and nothing else.
 */
export interface Bus {
  /**
   * Wakes all watchers of the topic, on this gateway and on the others, without waiting. It never throws.
   * @param published called when the other gateways were sent the wake-up
   */
  wake(topic: string, sequence: number, published?: () => void): void;
  /**
   * Calls the listener with null once wake-ups of the topic are received, and again whenever some may have been lost.
   * @returns stops watching
   */
  watch(topic: string, listener: WakeListener): () => void;
  /** False while wake-ups from other gateways are not received. */
  readonly isConnected: boolean;
  readonly totals: Readonly<BusTotals>;
  close(): Promise<void>;
}

/** What a bus has done so far. */
export interface BusTotals {
  /** Wake-ups that were published to other gateways. */
  published: number;
  /** Wake-ups that arrived. */
  received: number;
  /** Connections that were lost. */
  lost: number;
}

/** The topic of one article's log. */
export function articleTopic(articleId: number): string {
  return `article:${articleId}`;
}

/** The topic of the log of publications. */
export const PUBLICATIONS_TOPIC = 'publications';

/** The topic of the moderation log. */
export const MODERATION_TOPIC = 'moderation';
