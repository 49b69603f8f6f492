import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { TextTooComplexError } from '../../schema/content/errors.ts';
import { ownProgram } from '../own-program.ts';
import type { ConversionAnswer, ConversionTask } from './conversion-task.ts';

/** Milliseconds in which a thread loads its program; it takes 0.3 s, and 1 s from the sources. */
const START_WITHIN = 30_000;

/** Megabytes of heap. The tokens of 500 kB of Markdown take up to 250 MB. */
const MAX_HEAP = 512;

export interface PendingConversion {
  task: ConversionTask;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export interface ThreadOptions {
  /**
   * Milliseconds of processor time that one conversion may take, so that no text is refused since the machine is busy. Where the
   * system does not tell it, as outside of Linux, those of the clock. The thread is ended after them.
   */
  deadline: number;
  /** Called when the thread has answered and can take another task. */
  onFree(thread: ConversionThread): void;
  /** Called once, when the thread has ended. */
  onEnd(thread: ConversionThread): void;
}

/** One worker thread, which converts one text at a time. It keeps the process running only while it does. */
export class ConversionThread {
  readonly #worker = openConversionWorker();
  readonly #options: ThreadOptions;
  #isReady = false;
  #isEnding = false;
  #current: PendingConversion | null = null;
  #timer: NodeJS.Timeout | undefined;
  #taskId: number | null = null;
  /** Processor time of the thread when the present conversion was begun. */
  #usedBefore = 0;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#worker.unref();
    this.#worker.on('message', (answer: ConversionAnswer) => this.#receive(answer));
    this.#worker.on('messageerror', (error) => this.#fail(error));
    // The thread ends after an error.
    this.#worker.on('error', (error) => {
      this.#isEnding = true;
      this.#fail(isOutOfMemory(error) ? new TextTooComplexError() : error);
    });
    this.#worker.once('exit', () => {
      this.#isEnding = true;
      this.#fail(new Error('A conversion thread has ended during a conversion.'));
      options.onEnd(this);
    });
  }

  get isFree(): boolean {
    return this.#current === null && !this.#isEnding;
  }

  /** Call it for a free thread only. */
  convert(pending: PendingConversion): void {
    this.#current = pending;
    this.#worker.ref();
    this.#worker.postMessage(pending.task);
    this.#beginTime();
  }

  /** Ends the thread, at once also during a conversion. */
  async end(): Promise<void> {
    this.#isEnding = true;
    clearTimeout(this.#timer);
    await this.#worker.terminate();
  }

  #receive(answer: ConversionAnswer): void {
    if ('ready' in answer) {
      this.#isReady = true;
      this.#taskId = answer.taskId;
      if (this.#current) this.#beginTime();
      return;
    }
    const current = this.#finish();
    if ('result' in answer) current?.resolve(answer.result);
    else current?.reject('tooLarge' in answer ? new TextTooComplexError() : new Error(answer.fault));
    this.#options.onFree(this);
  }

  /** The time that the thread takes to start is not the text's. */
  #beginTime(): void {
    clearTimeout(this.#timer);
    this.#usedBefore = this.#usedTime() ?? 0;
    if (this.#isReady) this.#waitFor(this.#options.deadline);
    else this.#timer = setTimeout(() => this.#stop(new Error('A conversion thread did not start.')), START_WITHIN);
  }

  /** @param milliseconds of its time that the present conversion has left */
  #waitFor(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      const used = this.#usedTime();
      const left = used === null ? 0 : this.#options.deadline - (used - this.#usedBefore);
      if (left > 0) this.#waitFor(left);
      else this.#stop(new TextTooComplexError());
    }, milliseconds);
  }

  /** Milliseconds for which the thread has had a processor; null where that is not known. */
  #usedTime(): number | null {
    if (this.#taskId === null) return null;
    try {
      // See proc_pid_schedstat(5): nanoseconds on a processor come first.
      return Number.parseInt(readFileSync(`/proc/self/task/${this.#taskId}/schedstat`, 'latin1'), 10) / 1_000_000;
    } catch {
      return null;
    }
  }

  #stop(reason: Error): void {
    void this.end();
    this.#fail(reason);
  }

  #fail(error: Error): void {
    this.#finish()?.reject(error);
  }

  #finish(): PendingConversion | null {
    clearTimeout(this.#timer);
    const current = this.#current;
    this.#current = null;
    this.#worker.unref();
    return current;
  }
}

/** @param program other than the usual one, for a test */
export function openConversionWorker({ url, isCompiled } = ownProgram('rendering/conversion-worker.ts')): Worker {
  const options = { name: 'conversion', resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP } };
  if (isCompiled) return new Worker(url, options);
  const tsx = import.meta.resolve('tsx/esm/api');
  const loader = `import('${tsx}').then(({ register }) => { register(); return import('${url.href}'); });`;
  return new Worker(loader, { ...options, eval: true, execArgv: [] });
}

function isOutOfMemory(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
