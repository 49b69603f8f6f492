/** Milliseconds in which further signals are the same Ctrl-C: npm also sends its child the one that the terminal has sent it. */
const SAME_SIGNAL = 1_000;

/** The first SIGTERM or SIGINT. A later one ends the process at once, as it does by default. */
export function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const receive = (signal: NodeJS.Signals): void => {
      resolve(signal);
      setTimeout(() => {
        process.off('SIGTERM', receive);
        process.off('SIGINT', receive);
      }, SAME_SIGNAL).unref();
    };
    process.on('SIGTERM', receive);
    process.on('SIGINT', receive);
  });
}
