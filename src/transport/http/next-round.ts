let next: Promise<void> | null = null;

/**
 * Waits until the sockets that have data were read, together with all that wait in this round of the event loop. So requests that
 * arrive together are read together, and then answered together.
 *
 * To read one and answer it before the next is read wakes its client for each response. Measured on a virtual machine, with 32
 * connections: 150 us of processor time for `{ __typename }`, 75 when they are answered together; of a bare server that sends a
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
