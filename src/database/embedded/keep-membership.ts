import type { Client } from 'pg';
import type { Cluster } from './cluster.ts';
import { joinServer } from './membership.ts';
import { findPostmaster } from './postmaster.ts';

/** Milliseconds between attempts to join the server again: it restarts itself after a crash of one of its processes. */
const REJOIN_INTERVAL_MS = 1_000;

interface Membership {
  /** Stops renewing. Resolves to the connection, if it is alive. */
  end(): Promise<Client | undefined>;
}

/** Joins the server again whenever the connection of the membership is lost. */
export function keepMembership(cluster: Cluster, first: Client): Membership {
  let connection: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let joining: Promise<void> = Promise.resolve();
  let hasEnded = false;

  function use(client: Client): void {
    connection = client;
    client.once('end', () => {
      connection = undefined;
      rejoinLater();
    });
  }
  function rejoinLater(): void {
    if (hasEnded) return;
    timer = setTimeout(() => {
      joining = rejoin().then(use, rejoinLater);
    }, REJOIN_INTERVAL_MS).unref();
  }
  async function rejoin(): Promise<Client> {
    const postmaster = await findPostmaster(cluster);
    if (!postmaster) throw new Error('No server is running.');
    return joinServer(postmaster, cluster);
  }

  use(first);
  return {
    async end() {
      hasEnded = true;
      clearTimeout(timer);
      await joining;
      return connection;
    },
  };
}
