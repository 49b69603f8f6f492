interface Closable {
  stop(): Promise<void>;
}

/** Notes what has been opened, and hands it on. */
export type Opening = <Opened extends Closable>(it: Opened | Promise<Opened>) => Promise<Opened>;

/** Does some work, and stops afterwards what it opened, the last first, however it ended. */
export async function whileOpen(work: (opening: Opening) => Promise<void>): Promise<void> {
  const opened: Closable[] = [];
  try {
    await work(async (it) => {
      const one = await it;
      opened.push(one);
      return one;
    });
  } finally {
    for (const one of opened.reverse()) await one.stop();
  }
}
