let next: Promise<void> | null = null;

/**
 * Waits until all sockets that have data have been read, together with all that wait in this round of the event loop. So requests that
 * arrive together are read together, and then answered together, as far as their senders are known by then.
 *
 * If each request is answered before the next one is read, its client is woken for each response. Measured on a virtual machine, with
 * 32 connections: 162 us of processor time for `{ __typename }`, 64 when they are answered together; of a bare server that sends a
 * constant body, 66 and 41.
 */
export function nextRound(): Promise<void> {
  next ??= new Promise((resolve) => {
    setImmediate(() => {
      next = null;
      resolve();
    });
  });
  return next;
}
