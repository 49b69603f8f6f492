import type { BusConnection, BusConnectionEvents } from './bus-connection.ts';

/**
 * The sequence of a wake-up after a log was replaced: later than every other, so that its readers read the log and notice it.
 */
const AFTER_EVERY_EVENT = 2 ** 31 - 1;

/** Wakes the readers of logs that were replaced, on all gateways, from a process that serves none. */
export async function publishOnce(
  openConnection: (events: BusConnectionEvents) => BusConnection,
  topics: readonly string[],
): Promise<void> {
  const connection = openConnection({ onWake() {}, onLost() {} });
  try {
    await connection.connect();
    await connection.publish(topics.map((topic) => [topic, AFTER_EVERY_EVENT]));
  } finally {
    await connection.close();
  }
}
