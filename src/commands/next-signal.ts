/** Milliseconds in which further signals are the same Ctrl-C: npm also sends its child the one that the terminal has sent it. */
const SAME_SIGNAL = 1_000;

/** Milliseconds between looks whether npm's shell still runs. */
const LOOK_INTERVAL = 200;

/** SIGHUP comes when the terminal closes, also to a process that `nohup` has started: Node.js undoes what that did. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The first SIGTERM, SIGINT or SIGHUP. A later one ends the process at once, as it does by default. */
export function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const receive = (signal: NodeJS.Signals): void => {
      resolve(signal);
      setTimeout(() => {
        for (const name of SIGNALS) process.off(name, receive);
      }, SAME_SIGNAL).unref();
    };
    for (const name of SIGNALS) process.on(name, receive);
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
