import { setTimeout as delay } from 'node:timers/promises';
import { JWT_SECRET } from '../gateway.ts';
import { freePort } from '../postgres-server.ts';
import { type Running, serve } from '../serve.ts';

export interface NodeOptions {
  databaseUrl: string;
  redisUrl: string | null;
  /** Milliseconds by which its clock is ahead at the start. */
  clock: number;
  /** Further variables, which take precedence. */
  environment?: Record<string, string>;
  /** A built one instead of the one that was compiled for this run. */
  program?: string;
  /** Receives what it writes to its log. */
  onOutput?: (text: string) => void;
}

/** Log lines that no outage explains. */
const UNEXPECTED =
  /.*(A request failed|could not be answered|could not be started|Unhandled|took too long).*(\n +.*)*/g;

/** A gateway in a process of its own, always on the same port, that is started again whenever it exits. */
export class Node {
  readonly url: string;
  /** Times that it exited by itself while it served. */
  crashes = 0;
  #output = '';
  #running: Running | null = null;
  #isStopped = false;
  readonly #environment: Record<string, string>;
  readonly #program: string | undefined;
  readonly #onOutput: ((text: string) => void) | undefined;
  #clock: number;
  readonly #closers: (() => unknown)[] = [];

  private constructor(port: number, { databaseUrl, redisUrl, clock, environment, program, onOutput }: NodeOptions) {
    this.url = `http://127.0.0.1:${port}/graphql`;
    this.#program = program;
    this.#onOutput = onOutput;
    this.#clock = clock;
    this.#environment = {
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      ...(redisUrl !== null && { REDIS_URL: redisUrl }),
      JWT_SECRET,
      RATE_LIMITS: 'off',
      ...environment,
    };
  }

  /** @param closers receives the function that stops it, before it has started */
  static async start(options: NodeOptions, closers: (() => unknown)[]): Promise<Node> {
    const node = new Node(await freePort(), options);
    closers.push(() => node.#stop());
    await node.#start();
    return node;
  }

  /** Log lines that no outage explains. */
  get unexpectedLines(): string[] {
    return this.#output.match(UNEXPECTED) ?? [];
  }

  /** Its process; undefined while there is none. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /** Steps its clock, also for processes that are started later. @param ahead milliseconds */
  setClock(ahead: number): void {
    this.#clock = ahead;
    this.#running?.child.send({ clockAhead: ahead });
  }

  /** Collects all garbage. @returns bytes of the heap that are in use */
  collectGarbage(): Promise<number> {
    const { child } = this.#running!;
    return new Promise((resolve) => {
      child.once('message', ({ heapUsed }: { heapUsed: number }) => resolve(heapUsed));
      child.send({ collect: true });
    });
  }

  /** Resolves when it serves, after as many attempts as that takes. */
  async #start(): Promise<void> {
    while (!this.#isStopped) {
      const setting = `--import=data:text/javascript,${encodeURIComponent(`(${setClock})(${this.#clock})`)}`;
      const environment = { ...this.#environment, NODE_OPTIONS: `${setting} ${this.#environment.NODE_OPTIONS ?? ''}` };
      try {
        this.#running = await serve(environment, this.#closers, [], this.#program);
        break;
      } catch {
        await delay(100);
      }
    }
    const running = this.#running;
    if (!running) return;
    running.child.stderr!.on('data', (text: string) => {
      this.#output += text;
      this.#onOutput?.(text);
    });
    void running.ended.then(() => {
      if (this.#running === running && !this.#isStopped) {
        this.crashes += 1;
        return this.#start();
      }
    });
  }

  /**
   * Ends it with a signal and starts it at once. Resolves when it serves again.
   * @returns the exit code, or the signal that ended it
   */
  async restart(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | NodeJS.Signals> {
    const running = this.#running!;
    this.#running = null;
    running.child.kill(signal);
    const ending = await running.ended;
    await this.#start();
    return ending;
  }

  /** Suspends the process, like a machine that is overloaded, until `outage` resolves. */
  async pause(outage: () => Promise<void>): Promise<void> {
    const { child } = this.#running!;
    child.kill('SIGSTOP');
    await outage();
    child.kill('SIGCONT');
  }

  async #stop(): Promise<void> {
    this.#isStopped = true;
    for (const close of this.#closers) await close();
  }
}

/** Runs first in the gateway's process. Messages set its clock again, or have garbage collected. */
function setClock(ahead: number): void {
  const RealDate = Date;
  process.on('message', (message: { clockAhead: number } | { collect: true }) => {
    if ('clockAhead' in message) {
      ahead = message.clockAhead;
      return;
    }
    process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
    process.getBuiltinModule('node:vm').runInNewContext('gc')();
    process.send?.({ heapUsed: process.memoryUsage().heapUsed });
  });
  // Alone, the channel does not keep the process running.
  process.channel?.unref();
  globalThis.Date = class extends RealDate {
    constructor(...parts: unknown[]) {
      super(...((parts.length > 0 ? parts : [RealDate.now() + ahead]) as [number]));
    }
    static override now(): number {
      return RealDate.now() + ahead;
    }
  } as DateConstructor;
}
