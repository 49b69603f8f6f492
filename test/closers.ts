/** What was opened, each as the function that closes it. */
export type Closers = (() => unknown)[];

/** Closes everything in reverse order of opening, also when a step fails. @throws the first failure */
export async function closeAll(closers: Closers): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
