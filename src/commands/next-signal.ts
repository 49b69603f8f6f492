/** Milliseconds in which further signals are the same Ctrl-C: npm also sends its child the one that the terminal has sent it. */
const SAME_SIGNAL = 1_000;

/** Milliseconds between looks whether npm's shell still runs. */
const LOOK_INTERVAL = 200;

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
    if (process.env.npm_lifecycle_event) onParentEnd(() => resolve('SIGTERM'));
  });
}

/** npm passes SIGTERM to the shell that runs its script. The shell ends by it, and its child would run on. */
function onParentEnd(end: () => void): void {
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    end();
  }, LOOK_INTERVAL).unref();
}
