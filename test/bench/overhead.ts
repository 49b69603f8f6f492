import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Contest, targetsOf } from './contest.ts';
import { startLoad } from './load/load.ts';
import { type Opening, whileOpen } from './opening.ts';
import { choose, type MeasureOptions, openFor } from './pages.ts';
import { measureInTurns } from './rounds.ts';
import { startConstant, startOneStatement } from './servers/baselines.ts';
import { startGateway } from './servers/gateway.ts';
import { databaseTimeOf } from './servers/usage.ts';
import { describePages } from './setting.ts';
import { table } from './table.ts';

type Name = 'nothing' | 'log and metrics' | 'traces, too';

/** Part of the operations that are traced. */
const SAMPLED = '0.01';

/** Measures what the log, metrics and traces of a gateway cost, beside one that has none of them, and prints a table. */
export async function measureOverhead(options: MeasureOptions): Promise<void> {
  const chosen = choose(options.only.length > 0 ? options.only : ['article']);
  await whileOpen(async (opening) => {
    const { url, client } = await openFor(chosen, opening);
    const observed = { LOG_LEVEL: 'info', METRICS_PORT: '0' };
    const traced = {
      ...observed,
      OTEL_EXPORTER_OTLP_ENDPOINT: await startCollector(opening),
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: SAMPLED,
    };
    const environments: [Name, NodeJS.ProcessEnv][] = [
      ['nothing', { METRICS_PORT: 'off' }],
      ['log and metrics', observed],
      ['traces, too', traced],
    ];
    const others: Contest<Name>['others'][number][] = [];
    for (const [name, environment] of environments)
      others.push({ name, server: await opening(startGateway(url, [], environment)) });
    const contest = { limit: await opening(startOneStatement(url)), constant: await opening(startConstant()), others };
    const load = await opening(startLoad());
    const databaseTime = await databaseTimeOf(client);
    console.log(`${await describePages(client, options)}\n`);
    for (const operation of chosen) {
      const names = new Set<string>(environments.map(([name]) => name));
      const targets = (await targetsOf(operation, contest, client)).filter(({ name }) => names.has(name));
      const measured = await measureInTurns(targets, { ...options, load, databaseTime, title: operation.name });
      const least = measured.get('nothing')!.serverTime;
      console.log(
        table(
          [operation.title, 'requests/s', 'p99 ms', 'processor ms for 1,000', 'more'],
          [...measured].map(([name, { perSecond, p99, serverTime }]) => [
            name,
            Math.round(perSecond).toLocaleString('en'),
            p99.toFixed(1),
            serverTime.toFixed(0),
            `${((serverTime / least - 1) * 100).toFixed(1)} %`,
          ]),
        ),
      );
    }
  });
}

/** Takes traces and forgets them. @returns its address */
async function startCollector(opening: Opening): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await opening({
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
