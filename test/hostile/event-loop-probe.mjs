// Loaded into a gateway's process before the gateway: answers each message with the longest time in milliseconds for which
// the event loop stood still since the last one. The message `collect` has it collect garbage first, and answer also with
// bytes: of the memory that is still in use, and of the whole process.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

function memory() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  // What is only released by the end of a collection is collected by the next one.
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { inUse: heapUsed + external, rss };
}

process.on('message', (message) => {
  const answer = message === 'collect' ? memory() : {};
  answer.longest = delay.max / 1e6;
  delay.reset();
  process.send(answer);
});
process.channel.unref();
