import pg from 'pg';
import type { Updating } from './updates.ts';

/** The rate at which clients update the same row, each by one statement after another, which commits by itself. */
async function update({ url, clients, seconds }: Updating): Promise<number> {
  const connected = await Promise.all(
    Array.from({ length: clients }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
  const end = performance.now() + seconds * 1000;
  let updates = 0;
  await Promise.all(
    connected.map(async (client) => {
      while (performance.now() < end) {
        await client.query({ name: 'update', text: 'UPDATE bench.counter SET count = count + 1 WHERE id = 1' });
        updates += 1;
      }
      await client.end();
    }),
  );
  return updates / seconds;
}

process.on('message', async (updating: Updating) => {
  process.send?.(await update(updating));
});
process.once('disconnect', () => process.exit());
