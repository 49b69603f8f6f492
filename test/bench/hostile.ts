import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import type pg from 'pg';
import { encodeId } from '../../schema/content/ids.ts';
import { type AttackName, type AttackTally, startAttackers, type Target } from './attackers/attackers.ts';
import { findExpensive } from './attackers/expensive.ts';
import { openDatabase } from './database.ts';
import { copyDatabase } from './database-copy.ts';
import { goal } from './goal.ts';
import { whileOpen } from './opening.ts';
import { PAGES } from './operations/index.ts';
import { bodiesOf } from './operations/operation.ts';
import { HOLDS_NOTHING, profiling, startGateway } from './servers/gateway.ts';
import { describeMachine } from './setting.ts';
import { table } from './table.ts';
import { startVisitors, type VisitResult } from './visitors/visitors.ts';

export interface HostileOptions {
  /** Length of each attack. */
  seconds: number;
  readers: number;
  /** Milliseconds from a reader's page to the next. */
  pause: number;
  /** Attacks to make; empty for all. */
  only: readonly string[];
  /** Folder for a profile of the gateway. */
  profile?: string;
}

const ATTACKS: readonly AttackName[] = [
  'expensive queries',
  'unread answers',
  'unfinished bodies',
  'ping floods',
  'distinct texts',
  'subscriptions',
  'large articles',
];

/** Times that the p99 of readers may be what it is without an attack. */
const MOST_RATIO = 3;
/** Seconds that readers read before anything counts, until the pages are compiled. */
const WARM_UP_SECONDS = 4;
/** Bodies of each page's operation. */
const BODIES = 40;
/** An attack goes on for a little longer than the readers are measured. */
const ATTACK_LONGER_SECONDS = 1;

const SECRET = randomBytes(32).toString('base64url');

/** Attacks the gateway in several ways, and says what the readers beside it notice of each. */
export async function measureHostile(options: HostileOptions): Promise<void> {
  const { seconds, readers, pause, profile } = options;
  const unknown = options.only.filter((name) => !ATTACKS.some((attack) => attack === name));
  if (unknown.length > 0) throw new Error(`There is no attack called ${unknown.join(', ')}.`);
  const chosen = ATTACKS.filter((name) => options.only.length === 0 || options.only.includes(name));
  await whileOpen(async (opening) => {
    const client = await copyDatabase(opening, await opening(openDatabase(console.log)));
    const gateway = await opening(startGateway(client.url, profiling(profile), ENVIRONMENT));
    const visitors = await opening(startVisitors());
    const attackers = await opening(startAttackers());
    const bodies = await pages(client.client);
    const target = await findTarget(gateway.url, client.client);
    console.log(`${await describeMachine(client.client)}
${readers} readers, ${pause} ms between pages; ${seconds} s each; the attackers' process has a lower priority than the readers'.\n`);

    let visits = 0;
    const visit = (length: number): Promise<VisitResult> => {
      visits += 1;
      return visitors.visit({ url: gateway.url, bodies, readers, pause, seconds: length, network: `10.${visits}` });
    };
    await visit(WARM_UP_SECONDS);
    const rows: Row[] = [];
    for (const name of chosen) {
      const without = await visit(seconds);
      const attacking = attackers.attack({ name, target, seconds: seconds + ATTACK_LONGER_SECONDS });
      const during = await visit(seconds);
      const tally = await attacking;
      rows.push({ name, without, during, tally });
      console.error(`${name}: ${JSON.stringify(tally)}`);
    }
    report(rows);
  });
}

/** As production behind a proxy, so that senders have addresses; but for rules that would keep comments from subscriptions. */
const ENVIRONMENT = {
  RATE_LIMITS: 'memory',
  TRUST_PROXY: '1',
  JWT_SECRET: SECRET,
  ...HOLDS_NOTHING,
};

/** All pages, in turn. */
async function pages(client: pg.Client): Promise<string[]> {
  const all: string[][] = [];
  for (const operation of PAGES) all.push(await bodiesOf(operation, client));
  return Array.from({ length: BODIES }, (_, i) => all.map((bodies) => bodies[i % bodies.length]!)).flat();
}

async function findTarget(url: string, client: pg.Client): Promise<Target> {
  const found = await findExpensive(url);
  console.log(`Expensive operations cost ${found.map(({ cost }) => cost.toLocaleString('en')).join(', ')} points.`);
  const { rows } = await client.query<{ id: number }>(
    `SELECT id FROM article WHERE status = 'PUBLISHED' ORDER BY id LIMIT 1`,
  );
  const token = await new SignJWT({ name: 'Writer', roles: ['WRITER'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('writer')
    .setExpirationTime('1 hour')
    .sign(Buffer.from(SECRET));
  return {
    url,
    expensive: found.map(({ query }) => JSON.stringify({ query })),
    articleId: encodeId('Article', rows[0]!.id),
    writer: `Bearer ${token}`,
  };
}

interface Row {
  name: AttackName;
  without: VisitResult;
  during: VisitResult;
  tally: AttackTally;
}

function report(rows: readonly Row[]): void {
  const ratio = ({ without, during }: Row): number => during.p99 / without.p99;
  const failed = ({ during }: Row): number => Object.values(during.failures).reduce((sum, count) => sum + count, 0);
  console.log(
    table(
      ['attack', 'pages', 'p50 ms', 'with', 'p99 ms', 'with', 'ratio', 'longest', 'failed'],
      rows.map((row) => [
        row.name,
        String(row.during.requests),
        row.without.p50.toFixed(1),
        row.during.p50.toFixed(1),
        row.without.p99.toFixed(1),
        row.during.p99.toFixed(1),
        ratio(row).toFixed(1),
        row.during.longest.toFixed(0),
        String(failed(row)),
      ]),
    ),
  );
  console.log(
    `\nWhat the attackers sent:\n${rows.map(({ name, tally }) => `- ${name}: ${inWords(tally)}`).join('\n')}\n`,
  );
  for (const row of rows) {
    console.log(
      goal(
        ratio(row) <= MOST_RATIO,
        `${row.name}: the p99 of readers is ${ratio(row).toFixed(1)} times; at most ${MOST_RATIO}`,
      ),
    );
    if (failed(row) > 0)
      console.log(goal(false, `${row.name}: pages that failed: ${JSON.stringify(row.during.failures)}`));
  }
}

function inWords(tally: AttackTally): string {
  return Object.entries(tally)
    .map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
    .join(', ');
}
