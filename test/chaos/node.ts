import { setTimeout as delay } from 'node:timers/promises';
import { JWT_SECRET } from '../gateway.ts';
import { freePort } from '../postgres-server.ts';
import { type Running, serve } from '../serve.ts';

export interface NodeOptions {
  databaseUrl: string;
  redisUrl: string | null;
  /** Milliseconds by which its clock is ahead. */
  clock: number;
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
  readonly #closers: (() => unknown)[] = [];

  private constructor(port: number, { databaseUrl, redisUrl, clock }: NodeOptions) {
    this.url = `http://127.0.0.1:${port}/graphql`;
    this.#environment = {
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      ...(redisUrl !== null && { REDIS_URL: redisUrl }),
      JWT_SECRET,
      RATE_LIMITS: 'off',
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`(${setClock})(${clock})`)}`,
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

  /** Resolves when it serves, after as many attempts as that takes. */
  async #start(): Promise<void> {
    while (!this.#isStopped) {
      try {
        this.#running = await serve(this.#environment, this.#closers);
        break;
      } catch {
        await delay(100);
      }
    }
    const running = this.#running;
    if (!running) return;
    running.child.stderr!.on('data', (text: string) => {
      this.#output += text;
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

/** Runs first in the gateway's process. */
function setClock(ahead: number): void {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...parts: unknown[]) {
      super(...((parts.length > 0 ? parts : [RealDate.now() + ahead]) as [number]));
    }
    static override now(): number {
      return RealDate.now() + ahead;
    }
  } as DateConstructor;
}
