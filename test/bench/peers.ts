import { CONSTANT, type Contest, LIMIT, type Limit, targetsOf } from './contest.ts';
import { startLoad } from './load/load.ts';
import { type Opening, whileOpen } from './opening.ts';
import type { Operation, OperationName } from './operations/operation.ts';
import { choose, type MeasureOptions, openFor } from './pages.ts';
import { ADD_COMMENT_FUNCTION } from './postgraphile/add-comment.ts';
import { POSTGRAPHILE } from './postgraphile/index.ts';
import { type Measured, measureInTurns } from './rounds.ts';
import { startConstant, startOneStatement } from './servers/baselines.ts';
import { HOLDS_NOTHING, startGateway } from './servers/gateway.ts';
import { installPeers, type PeerName, peerVersions, startPeer } from './servers/peers.ts';
import { databaseTimeOf } from './servers/usage.ts';
import { describePages } from './setting.ts';
import { table } from './table.ts';

type Name = PeerName | 'Broadsheet';
type Row = { operation: Operation; measured: ReadonlyMap<Name | Limit, Measured> };

/** In the order of the tables. */
const PEERS: readonly PeerName[] = ['PostGraphile', 'Mercurius, JIT'];
const NAMES: readonly Name[] = [...PEERS, 'Broadsheet'];

/** Operations whose processor time is shown. */
const WITH_TIMES: readonly OperationName[] = ['article', 'thread', 'threadParents'];

/**
 * Measures the gateway beside other GraphQL servers on the same data, in turns, and prints tables. None keeps responses.
 * @throws when two of them answer differently, and when a request fails under load
 */
export async function measurePeers(options: MeasureOptions): Promise<void> {
  const chosen = choose(options.only);
  installPeers(console.log);
  await whileOpen(async (opening) => {
    const { url, client } = await openFor(chosen, opening);
    if (chosen.some(({ writes }) => writes)) await client.query(ADD_COMMENT_FUNCTION);
    const contest = await openContest(url, opening);
    const load = await opening(startLoad());
    const databaseTime = await databaseTimeOf(client);

    console.log(`${await describePages(client, options)}\n${peerVersions()}.\n`);
    const rows: Row[] = [];
    for (const operation of chosen) {
      const targets = await targetsOf(operation, contest, client);
      const measured = await measureInTurns(targets, { ...options, load, databaseTime, title: operation.name });
      rows.push({ operation, measured });
    }
    console.log(`Requests a second:\n\n${speedTable(rows)}`);
    const timed = rows.filter(({ operation }) => WITH_TIMES.includes(operation.name));
    if (timed.length > 0)
      console.log(`\nSeconds of processor time for 1,000 requests, server + database:\n\n${timeTable(timed)}`);
  });
}

async function openContest(url: string, opening: Opening): Promise<Contest<Name>> {
  const others: Contest<Name>['others'][number][] = [];
  for (const name of PEERS)
    others.push({
      name,
      server: await opening(startPeer(name, url)),
      ...(name === 'PostGraphile' && { requests: POSTGRAPHILE }),
    });
  others.push({ name: 'Broadsheet', server: await opening(startGateway(url, [], HOLDS_NOTHING)) });
  return { limit: await opening(startOneStatement(url)), constant: await opening(startConstant()), others };
}

function speedTable(rows: readonly Row[]): string {
  return table(
    [
      'Operation',
      'One statement',
      'Constant body',
      ...NAMES,
      'of one statement',
      ...PEERS.map((name) => `beside ${name.split(',', 1)[0]}`),
    ],
    rows.map(({ operation, measured }) => {
      const rate = (name: Name | Limit): number => measured.get(name)!.perSecond;
      return [
        operation.title,
        ...[LIMIT, CONSTANT, ...NAMES].map((name) => Math.round(rate(name as Name)).toLocaleString('en')),
        `${((100 * rate('Broadsheet')) / rate(LIMIT)).toFixed(0)}%`,
        ...PEERS.map((name) => `${(rate('Broadsheet') / rate(name)).toFixed(1)}×`),
      ];
    }),
  );
}

function timeTable(rows: readonly Row[]): string {
  const names = [LIMIT, ...NAMES] as const;
  return table(
    ['Operation', 'One statement', ...NAMES],
    rows.map(({ operation, measured }) => [
      operation.title,
      ...names.map((name) => {
        const { serverTime, databaseTime } = measured.get(name)!;
        return `${seconds(serverTime)} + ${seconds(databaseTime)}`;
      }),
    ]),
  );
}

/** Dashes where it could not be measured. */
function seconds(milliseconds: number): string {
  return Number.isNaN(milliseconds) ? '–' : (milliseconds / 1000).toFixed(2);
}
