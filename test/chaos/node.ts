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

/** What a gateway says when something happened that nobody has foreseen. */
const UNFORESEEN =
  /.*(A request failed|could not be answered|could not be started|Unhandled|took too long).*(\n +.*)*/g;

/** A gateway in a process of its own, always on the same port, which is started again whenever it ends. */
export class Node {
  readonly url: string;
  /** Times that it ended by itself once it was up. */
  deaths = 0;
  #output = '';
  #running: Running | null = null;
  #isOver = false;
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

  /** @param closers gets what ends it, also while it is being started */
  static async start(options: NodeOptions, closers: (() => unknown)[]): Promise<Node> {
    const node = new Node(await freePort(), options);
    closers.push(() => node.#stop());
    await node.#start();
    return node;
  }

  /** What it said that it should not have to say. */
  get unforeseen(): string[] {
    return this.#output.match(UNFORESEEN) ?? [];
  }

  /** Resolves when it serves, however often it has to be started for that. */
  async #start(): Promise<void> {
    while (!this.#isOver) {
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
      if (this.#running === running && !this.#isOver) {
        this.deaths += 1;
        return this.#start();
      }
    });
  }

  /**
   * Ends it, without a word or as whoever looks after it does, and starts it at once. Resolves when it serves again.
   * @returns how it ended: an exit code, or a signal
   */
  async restart(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | NodeJS.Signals> {
    const running = this.#running!;
    this.#running = null;
    running.child.kill(signal);
    const how = await running.ended;
    await this.#start();
    return how;
  }

  /** It stands still, as a machine does that has too much to do, until `isOver` resolves. */
  async pause(isOver: () => Promise<void>): Promise<void> {
    const { child } = this.#running!;
    child.kill('SIGSTOP');
    await isOver();
    child.kill('SIGCONT');
  }

  async #stop(): Promise<void> {
    this.#isOver = true;
    for (const close of this.#closers) await close();
  }
}

/** Runs in the gateway's process, before anything else. */
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
