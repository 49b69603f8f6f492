import type { Publications, Queryable } from '../../schema/context.ts';
import { mapStream } from '../../schema/stream.ts';
import type { Log } from '../log.ts';
import { Queue } from './queue.ts';

/** Publications that may wait for one subscriber before it counts as too slow and is sent away. */
const QUEUE_LIMIT = 1_000;
/** Milliseconds between looks at the log while somebody follows: how late other nodes' publications come at most. */
const SWEEP_EVERY = 2_000;
/** Publications that one statement reads. */
const PAGE = 500;

interface Publication {
  sequence: number;
  articleId: number;
}

export interface PublicationLog extends Publications {
  close(): void;
}

/** Reads the log of publications, once for all who follow it here, and only while somebody does. */
export function createPublications({ db, log }: { db: Queryable; log: Log }): PublicationLog {
  const followers = new Set<Queue<Publication>>();
  /** Everything up to here has been handed on; null while nobody follows. */
  let reached: number | null = null;
  let reading: Promise<void> | null = null;
  let isWanted = false;
  const sweeping = setInterval(wake, SWEEP_EVERY);
  // A gateway with nothing else to do may end.
  sweeping.unref();

  function wake(): void {
    isWanted = true;
    if (reading || reached === null) return;
    reading = readAll().then(
      () => {
        reading = null;
        // Woken after the last read had ended, and before this was known.
        if (isWanted) wake();
      },
      (error) => {
        reading = null;
        // The sweep does.
        log.error('The log of publications could not be read; trying again', error);
      },
    );
  }

  async function readAll(): Promise<void> {
    // Woken while it reads, it reads once more: that read may have begun before the commit.
    while (isWanted && reached !== null) {
      isWanted = false;
      const publications = await readPublications(db, reached);
      for (const publication of publications) for (const follower of followers) follower.push(publication);
      // Who came or left meanwhile has set it anew.
      if (reached !== null) reached = Math.max(reached, publications.at(-1)?.sequence ?? 0);
      if (publications.length === PAGE) isWanted = true;
    }
  }

  return {
    wake,

    async follow() {
      // Listening comes first, then the position: what was published before is dropped by its sequence.
      const queue = new Queue<Publication>(QUEUE_LIMIT, () => {
        followers.delete(queue);
        if (followers.size === 0) reached = null;
      });
      followers.add(queue);
      try {
        let seen = await lastPublication(db);
        reached = reached === null ? seen : Math.min(reached, seen);
        return mapStream(queue, async ({ sequence, articleId }) => {
          if (sequence <= seen) return null;
          seen = sequence;
          return articleId;
        });
      } catch (error) {
        await queue.return();
        throw error;
      }
    },

    close() {
      clearInterval(sweeping);
      for (const follower of followers) void follower.return();
    },
  };
}

async function readPublications(db: Queryable, after: number): Promise<Publication[]> {
  const rows = await db.query<[number, number]>({
    name: 'publications-read',
    text: `SELECT sequence, article_id FROM article_publication WHERE sequence > $1 ORDER BY sequence LIMIT ${PAGE}`,
    values: [after],
  });
  return rows.map(([sequence, articleId]) => ({ sequence, articleId }));
}

async function lastPublication(db: Queryable): Promise<number> {
  const [[sequence] = [0]] = await db.query<[number]>({
    name: 'publications-last',
    text: 'SELECT coalesce(max(sequence), 0) FROM article_publication',
    values: [],
  });
  return sequence;
}
