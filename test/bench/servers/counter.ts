import { type AddressInfo, createServer, connect as open, type Socket } from 'node:net';

/** Types of the messages that run a statement: Execute of a prepared one, and Query of a plain one. */
const RUNS: ReadonlySet<number> = new Set(Buffer.from('EQ'));

/** Types of the messages that the server answers before a client sends more: Sync and Query. */
const ENDS: ReadonlySet<number> = new Set(Buffer.from('SQ'));

export interface StatementCounter {
  /** Leads to the same database, through the counter. */
  url: string;
  /** Statements that were run so far, those that begin and end transactions included. */
  count(): number;
  /** Round trips so far: statements that are sent together are one. */
  roundTrips(): number;
  stop(): Promise<void>;
}

/**
 * Stands between a server and its PostgreSQL and counts the statements that pass, in the protocol that they travel in:
 * no setting of either side is needed, and nothing escapes.
 */
export async function countStatements(databaseUrl: string): Promise<StatementCounter> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let count = 0;
  let roundTrips = 0;
  const server = createServer((client) => {
    const upstream = open(Number(target.port || 5432), target.hostname);
    const look = messageReader((type) => {
      if (RUNS.has(type)) count++;
      if (ENDS.has(type)) roundTrips++;
    });
    client.on('data', look);
    client.pipe(upstream).pipe(client);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    count: () => count,
    roundTrips: () => roundTrips,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Reads the stream that a client sends, in whatever pieces, and names the type of each message: a byte, then a length
 * that counts itself (PostgreSQL, "Message Formats"). The first message has no type.
 */
function messageReader(tell: (type: number) => void): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  let skip = 0;
  let typed = 0;
  return (chunk) => {
    pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
    for (;;) {
      const skipped = Math.min(skip, pending.length);
      pending = pending.subarray(skipped);
      skip -= skipped;
      if (pending.length < typed + 4) return;
      if (typed > 0) tell(pending[0]!);
      skip = typed + pending.readUInt32BE(typed);
      typed = 1;
    }
  };
}
