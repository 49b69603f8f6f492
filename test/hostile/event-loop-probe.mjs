// Loaded into a gateway's process before the gateway: answers each message with the longest time in milliseconds for which
// the event loop stood still since the last one, and with the memory of the process in bytes.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.on('message', () => {
  const longest = delay.max / 1e6;
  delay.reset();
  process.send({ longest, rss: process.memoryUsage.rss() });
});
process.channel.unref();
