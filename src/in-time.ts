/**
 * Waits for an answer that comes over a socket.
 * @param onLate called when it takes longer than `milliseconds`
 * @throws what `onLate` returns
 */
export async function inTime<Answer>(
  answer: Promise<Answer>,
  milliseconds: number,
  onLate: () => Error,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // If this process was blocked, the answer may have arrived unread: timers run before the sockets are read.
    timer = setTimeout(() => setImmediate(() => reject(new Late())), milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (error) {
    throw error instanceof Late ? onLate() : error;
  } finally {
    clearTimeout(timer);
  }
}

class Late extends Error {}
