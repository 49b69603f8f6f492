import { cpus, loadavg } from 'node:os';
import type pg from 'pg';
import { isPinned, LOAD_CORE, SERVER_CORE } from './servers/process.ts';

/** What figures depend on beside the code, in words. */
export async function describeMachine(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ version: string }>(`SELECT current_setting('server_version') AS version`);
  const pinned = isPinned
    ? `the server under test on core ${SERVER_CORE}, the load on core ${LOAD_CORE}, PostgreSQL on all of them`
    : 'nothing pinned to a core';
  return `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.versions.node}, PostgreSQL ${rows[0]?.version}; ${pinned}.
Load of the machine before: ${loadavg()[0]!.toFixed(1)}; well below 1 when it has nothing else to do.`;
}

/** The same, with what the pages are read from and how they are measured. */
export async function describePages(
  client: pg.Client,
  { connections, rounds, seconds }: { connections: number; rounds: number; seconds: number },
): Promise<string> {
  const { rows } = await client.query<{ comments: number }>('SELECT count(*)::int AS comments FROM comment');
  return `${await describeMachine(client)}
${rows[0]?.comments.toLocaleString('en')} comments; ${connections} connections; medians of ${rounds} rounds of ${seconds} s.`;
}
