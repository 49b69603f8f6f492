// A gateway's process as far as its PostgreSQL goes: tests start it to kill it, or to run it as another user.
import { startEmbedded } from '../../src/database/embedded/embedded.ts';

const [dataDir, sharedDir] = process.argv.slice(2);
// Ctrl-C reaches a whole group of processes; a gateway still has work to finish then.
process.on('SIGINT', () => {});
const { url, stop } = await startEmbedded({ dataDir: dataDir!, sharedDir: sharedDir! });
process.once('SIGTERM', async () => {
  await stop();
  process.disconnect();
});
process.send!(url);
