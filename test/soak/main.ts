import { Command, InvalidArgumentError } from 'commander';
import { report } from './report.ts';
import { soak } from './soak.ts';

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

const { hours, seed, nodeOptions } = new Command('soak')
  .description('Simulates a site in use, and fails if something grows, is lost or is wrong')
  .option('--hours <n>', 'length of the run, such as 0.5', positive, 1)
  .option('--seed <n>', 'chooses what happens', positive, 1)
  .option(
    '--node-options <text>',
    'further options of Node for the gateways, such as --heapsnapshot-signal=SIGUSR2',
    '',
  )
  .parse()
  .opts<{ hours: number; seed: number; nodeOptions: string }>();

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => stopping.abort(new Error(`The soak was ended by ${signal}.`)));
try {
  const result = await soak({ hours, seed, nodeOptions, log: console.log, signal: stopping.signal });
  process.exitCode = report(result) ? 0 : 1;
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}
