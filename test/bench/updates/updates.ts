import { end, nextMessage, SERVER_CORE, start, typescript } from '../servers/process.ts';

/** Clients of a database that update one row. */
export interface Updating {
  url: string;
  clients: number;
  seconds: number;
}

export interface Updates {
  /** @returns updates a second */
  run(updating: Updating): Promise<number>;
  stop(): Promise<void>;
}

/** The row that they update. */
export const COUNTER =
  'CREATE TABLE bench.counter (id int PRIMARY KEY, count int); INSERT INTO bench.counter VALUES (1, 0)';

/** Starts the process that updates, in the place of the gateway. */
export function startUpdates(): Updates {
  const child = start({ args: typescript('../updates/worker.ts'), core: SERVER_CORE });
  return {
    run(updating) {
      const updated = nextMessage<number>(child);
      child.send(updating);
      return updated;
    },
    stop: () => end(child),
  };
}
