import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ownProgram } from '../own-program.ts';
import { PictureError } from './picture-error.ts';
import { type ConvertedPicture, OUT_OF_MEMORY, type PictureAnswer, type PictureTask } from './picture-task.ts';

/** Milliseconds in which the process starts; it takes 0.2 s, and 1 s from the sources. */
const START_WITHIN = 30_000;

const NOT_STARTED = 'The process that decodes pictures did not start. Are the optional packages of sharp installed?';

export interface PendingPicture {
  task: PictureTask;
  resolve(converted: ConvertedPicture): void;
  reject(error: Error): void;
}

export interface ProcessOptions {
  /** Milliseconds that one picture may take. The process is ended after them. */
  deadline: number;
  /** Called when the process has answered and can take another picture. */
  onFree(): void;
  /** Called once, when the process has ended. */
  onEnd(ended: PictureProcess): void;
}

/** One process, which decodes one picture at a time. It keeps this process running only while it does. */
export class PictureProcess {
  readonly #child = startPictureWorker();
  readonly #ended: Promise<void>;
  readonly #options: ProcessOptions;
  #isReady = false;
  #isEnding = false;
  #current: PendingPicture | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.#hold(false);
    this.#child.on('message', (answer: PictureAnswer) => this.#receive(answer));
    // It could not be started, or a message could not be sent; it ends, too.
    this.#child.on('error', (error) => this.#fail(error));
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        this.#isEnding = true;
        this.#fail(this.#isReady ? endError(code) : new Error(NOT_STARTED));
        options.onEnd(this);
        resolve();
      });
    });
  }

  get isFree(): boolean {
    return this.#current === null && !this.#isEnding;
  }

  /** Call it for a free process only. */
  convert(pending: PendingPicture): void {
    this.#current = pending;
    this.#hold(true);
    this.#setDeadline();
    this.#child.send(pending.task, (error) => error && this.#fail(error));
  }

  /** Ends the process, at once also while it decodes. */
  end(): Promise<void> {
    this.#isEnding = true;
    this.#hold(true);
    this.#child.kill('SIGKILL');
    return this.#ended;
  }

  #receive(answer: PictureAnswer): void {
    if ('ready' in answer) {
      this.#isReady = true;
      if (this.#current) this.#setDeadline();
      return;
    }
    const current = this.#finish();
    if ('converted' in answer) current?.resolve(answer.converted);
    else current?.reject(new PictureError(answer.fault, answer.message));
    this.#options.onFree();
  }

  /** The time that the process takes to start is not the picture's. */
  #setDeadline(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        void this.end();
        this.#fail(
          this.#isReady
            ? new PictureError('TOO_COMPLEX', 'Decoding the picture takes too long.')
            : new Error(NOT_STARTED),
        );
      },
      this.#isReady ? this.#options.deadline : START_WITHIN,
    );
  }

  #fail(error: Error): void {
    this.#finish()?.reject(error);
  }

  #finish(): PendingPicture | null {
    clearTimeout(this.#timer);
    const current = this.#current;
    this.#current = null;
    if (!this.#isEnding) this.#hold(false);
    return current;
  }

  #hold(isHeld: boolean): void {
    const { channel } = this.#child;
    if (isHeld) {
      this.#child.ref();
      channel?.ref();
    } else {
      this.#child.unref();
      channel?.unref();
    }
  }
}

function endError(code: number | null): PictureError {
  return code === OUT_OF_MEMORY
    ? new PictureError('TOO_COMPLEX', 'Decoding the picture takes too much memory.')
    : new PictureError('UNREADABLE', 'The picture cannot be read: its decoder has failed.');
}

/**
 * It gets no variables of the environment but those of the system.
 * @param program other than the usual one, for a test
 */
export function startPictureWorker({ url, isCompiled } = ownProgram('media/picture-worker.ts')): ChildProcess {
  const { PATH, TMPDIR } = process.env;
  return fork(fileURLToPath(url), [], {
    execArgv: ['--max-old-space-size=256', ...(isCompiled ? [] : ['--import', import.meta.resolve('tsx')])],
    env: { ...(PATH && { PATH }), ...(TMPDIR && { TMPDIR }), MALLOC_ARENA_MAX: '2' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}
