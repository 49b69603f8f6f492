import { Presets, SingleBar } from 'cli-progress';

interface Progress {
  update(done: number, total: number): void;
  /** Takes the bar away. */
  stop(): void;
}

/** A bar on standard error, when that is a terminal. */
function openProgress(label: string): Progress {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const bar = new SingleBar(
    {
      stream: process.stderr,
      format: `${label} [{bar}] {percentage}%  {duration_formatted}`,
      clearOnComplete: true,
      hideCursor: true,
      // Ctrl-C is handled by the command.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  let isStarted = false;
  return {
    update(done, total) {
      if (!isStarted) bar.start(total, done);
      isStarted = true;
      bar.setTotal(total);
      bar.update(done);
    },
    stop() {
      if (isStarted) bar.stop();
    },
  };
}

/** Runs work with a bar, which is taken away when it ends. */
export async function withProgress<Result>(
  label: string,
  work: (onProgress: Progress['update']) => Promise<Result>,
): Promise<Result> {
  const progress = openProgress(label);
  try {
    return await work(progress.update);
  } finally {
    progress.stop();
  }
}
