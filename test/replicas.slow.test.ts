import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { migrate } from '../src/database/migrate/migrate.ts';
import { createLogger } from '../src/logger.ts';
import { type Gateway, start } from '../src/start.ts';
import { isSoak } from './chaos/size.ts';
import { type Closers, closeAll } from './closers.ts';
import { JWT_SECRET, tokenOf, until } from './gateway.ts';
import { openAcknowledged } from './protocol/socket.ts';
import { startProxy } from './proxy.ts';
import {
  hasReplication,
  type ReplicatedPostgres,
  type Standby,
  startReplicatedPostgres,
} from './replicated-postgres.ts';
import { pick, random, write } from './seed.ts';

/** Reads of the standby that are compared with what their sender has written. */
const READS = isSoak ? 100_000 : 100;
/** Reads after which a look shows whether those were enough. */
const BETWEEN_LOOKS = 20;
const PEOPLE = 60;
/** Part of the steps of a person that write. */
const WRITING = isSoak ? 0.001 : 0.01;
/** Milliseconds by which the standby is behind. */
const DELAY = isSoak ? 2_000 : 1_000;
const ARTICLE = encodeId('Article', 1);

const PAGE = `{ article(slug: "article-1") { commentCount comments(first: 50) { nodes { body { text } } } } }`;
const ADD = `mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename ... on AddCommentSuccess { cursor } } }`;

interface Sender {
  address: string;
  authorization?: string;
}

const closers: Closers = [];
const ownClosers: Closers = [];
let primary: ReplicatedPostgres;
let standby: Standby;
let log: string[] = [];

describe.skipIf(!hasReplication)('queries of readers', () => {
  beforeAll(async () => {
    primary = await startReplicatedPostgres(closers);
    await migrate(primary.url);
    const sql = new pg.Client({ connectionString: primary.url });
    await sql.connect();
    await write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] });
    await sql.end();
    standby = await primary.addStandby(DELAY);
  }, 120_000);

  afterEach(() => closeAll(ownClosers));
  afterAll(() => closeAll(closers));

  it(`find what their sender has written, through any gateway, in ${READS} reads of a standby that is ${DELAY / 1000} s behind`, async () => {
    const gateways = [await open(), await open()];
    const next = random(5);
    const total = async (server: 'primary' | 'replica'): Promise<number> => {
      const figures = await Promise.all(gateways.map(readsOf));
      return figures.reduce((all, one) => all + one[server], 0);
    };
    let reads = 0;
    let isEnough = false;
    async function beSomebody(number: number): Promise<void> {
      const isMember = number % 2 === 0;
      const sender: Sender = {
        address: `10.0.0.${number}`,
        ...(isMember && {
          authorization: `Bearer ${await tokenOf({ name: `Member ${number}`, sub: `member-${number}` })}`,
        }),
      };
      let own: string | null = null;
      while (!isEnough) {
        if (next() < WRITING) own = await addComment(pick(gateways, next), sender, `By ${number} before ${reads}`);
        reads += 1;
        const { data } = await ask(pick(gateways, next), sender, { query: PAGE });
        const texts = data.article.comments.nodes.map(({ body }: { body: { text: string } }) => body.text);
        // Of the fifty newest comments; in a soak another person may have written more meanwhile.
        if (own !== null && !texts.includes(own)) expect(texts).toHaveLength(50);
        if (reads % BETWEEN_LOOKS === 0) isEnough ||= (await total('replica')) >= READS;
      }
    }
    const progress = setInterval(() => isSoak && process.stderr.write(`${reads} reads\n`), 30_000);
    await Promise.all(Array.from({ length: PEOPLE }, (_, number) => beSomebody(number))).finally(() =>
      clearInterval(progress),
    );
    if (!isSoak) return;
    const [ofPrimary, ofStandby] = [await total('primary'), await total('replica')];
    expect(ofPrimary / (ofPrimary + ofStandby)).toBeLessThan(0.2);
    process.stderr.write(`${ofPrimary} reads of the primary, ${ofStandby} of the standby\n`);
  }, 1_800_000);

  it('find a member who has just come, and changes of their profile', async () => {
    const [first, second] = [await open(), await open()];
    const sender = {
      address: '10.1.0.1',
      authorization: `Bearer ${await tokenOf({ name: 'Newly Come', sub: 'newly' })}`,
    };
    const query = '{ viewer { author { name url } } }';
    expect((await ask(first, sender, { query })).data).toEqual({
      viewer: { author: { name: 'Newly Come', url: null } },
    });
    expect((await ask(second, sender, { query })).data).toEqual({
      viewer: { author: { name: 'Newly Come', url: null } },
    });
    await ask(first, sender, {
      query: 'mutation { updateProfile(input: { url: "https://newly.example/" }) { __typename } }',
    });
    expect((await ask(second, sender, { query })).data.viewer.author.url).toBe('https://newly.example/');
  });

  it('of others may be older, but not than the cursor of an event that they have, and events are read at the primary', async () => {
    const gateway = await open();
    const reader = { address: '10.2.0.1' };
    const before = (await ask(gateway, reader, { query: '{ article(slug: "article-1") { liveCursor } }' })).data
      .article;
    await pauseStandby();
    const text = `Seen ${Date.now()}`;
    const cursor = await cursorOfComment(gateway, { address: '10.2.0.2' }, text);
    const shows = async (extensions?: object): Promise<boolean> =>
      JSON.stringify(await ask(gateway, reader, { query: PAGE, ...(extensions && { extensions }) })).includes(text);
    expect(await shows()).toBe(false);
    expect(await shows({ seen: cursor })).toBe(true);
    const continued = `{ article(slug: "article-1") { comments(first: 50, before: null) { totalCount nodes { body { text } } pageInfo { startCursor } } } }`;
    const first = (await ask(gateway, reader, { query: continued })).data.article.comments;
    expect(JSON.stringify(first)).not.toContain(text);
    const from = `{ article(slug: "article-1") { comments(last: 50, before: "${first.pageInfo.startCursor}") { nodes { body { text } } } } }`;
    expect(JSON.stringify(await ask(gateway, reader, { query: from }))).toContain(text);
    const events = `{ article(slug: "article-1") { events(after: "${before.liveCursor}") { events { __typename cursor } } } }`;
    const polled = await ask(gateway, reader, { query: events });
    expect(polled.data.article.events.events.at(-1)).toEqual({ __typename: 'CommentAdded', cursor });
    await standby.resume();
    await until('the standby has it', () => shows());
  });

  it('are not older than what their sender follows', async () => {
    const gateway = await open();
    const follower = { address: '10.6.0.1' };
    const subscription = `subscription { commentEvents(articleId: "${ARTICLE}") { __typename } }`;
    const ending = new AbortController();
    const stream = await fetch(`${gateway.url}?${new URLSearchParams({ query: subscription })}`, {
      headers: { accept: 'text/event-stream', 'x-forwarded-for': follower.address },
      signal: ending.signal,
    });
    expect(stream.status).toBe(200);
    await pauseStandby();
    const text = await addComment(gateway, { address: '10.6.0.2' }, `Followed ${Date.now()}`);
    const shows = async (sender: Sender): Promise<boolean> =>
      JSON.stringify(await ask(gateway, sender, { query: PAGE })).includes(text);
    expect(await shows(follower)).toBe(true);
    expect(await shows({ address: '10.6.0.3' })).toBe(false);
    ending.abort();
  });

  it('may be older again once the subscription of their sender has ended, over a WebSocket too', async () => {
    const gateway = await open();
    const sender = { address: '10.6.1.1' };
    const socket = await openAcknowledged(gateway, { headers: { 'x-forwarded-for': sender.address } });
    socket.subscribe('a', `subscription { commentEvents(articleId: "${encodeId('Article', 99)}") { __typename } }`);
    await socket.ended('a');
    await pauseStandby();
    const text = await addComment(gateway, { address: '10.6.1.2' }, `Not followed ${Date.now()}`);
    expect(JSON.stringify(await ask(gateway, sender, { query: PAGE }))).not.toContain(text);
    await socket.close();
  });

  it('are kept only when the standby had all that was committed', async () => {
    const gateway = await open({ CACHE_SIZE: '1000000' });
    const [reader, other] = [{ address: '10.3.0.1' }, { address: '10.3.0.2' }];
    const text = `Kept ${Date.now()}`;
    const entries = await metric(gateway, 'cache_entries');
    await pauseStandby();
    await addComment(gateway, { address: '10.3.0.3' }, text);
    // Old, from the standby.
    expect(JSON.stringify(await ask(gateway, reader, { query: PAGE }))).not.toContain(text);
    expect(await metric(gateway, 'cache_entries')).toBe(entries);
    await standby.resume();
    await until('the standby has it', async () =>
      JSON.stringify(await ask(gateway, other, { query: PAGE })).includes(text),
    );
    await until('it is kept', async () => {
      await ask(gateway, reader, { query: PAGE });
      return (await metric(gateway, 'cache_entries')) > entries;
    });
    const hits = await metric(gateway, 'cache_hits');
    expect(JSON.stringify(await ask(gateway, other, { query: PAGE }))).toContain(text);
    expect(await metric(gateway, 'cache_hits')).toBe(hits + 1);
  });

  it('are read from the primary while the standby is away or far behind, and from the standby again', async () => {
    const gateway = await open({ REPLICA_MAX_LAG: '3000' });
    const reader = { address: '10.4.0.1' };
    const readFrom = async (): Promise<'primary' | 'replica'> => {
      const before = await readsOf(gateway);
      const { errors, data } = await ask(gateway, reader, { query: PAGE });
      expect({ errors, data }).toEqual({ errors: undefined, data: { article: expect.anything() } });
      return (await readsOf(gateway)).replica > before.replica ? 'replica' : 'primary';
    };
    await until('it is read from the standby', async () => (await readFrom()) === 'replica');
    await standby.kill();
    expect(await readFrom()).toBe('primary');
    expect(await readFrom()).toBe('primary');
    await standby.start();
    await until('it is read from the standby again', async () => (await readFrom()) === 'replica');
    await standby.pause();
    await addComment(gateway, { address: '10.4.0.2' }, `While paused ${Date.now()}`);
    await until('it is too far behind', async () => (await readFrom()) === 'primary');
    await standby.resume();
    await until('it has caught up', async () => (await readFrom()) === 'replica');
    expect(log.join('')).toContain('it is too far behind');
  });

  it('find what their sender has written when a standby that is behind takes the place of another', async () => {
    const former = await primary.addStandby(0);
    const proxy = await startProxy(Number(new URL(former.url).port));
    ownClosers.push(() => proxy.close());
    const gateway = await open({}, former.url.replace(/:\d+\//, `:${proxy.port}/`));
    const writer = { address: '10.7.0.1' };
    await pauseStandby();
    const text = await addComment(gateway, writer, `Before the move ${Date.now()}`);
    await until('it is read from the standby', async () => {
      const { replica } = await readsOf(gateway);
      expect(JSON.stringify(await ask(gateway, writer, { query: PAGE }))).toContain(text);
      return (await readsOf(gateway)).replica > replica;
    });
    proxy.forwardTo(Number(new URL(standby.url).port));
    proxy.closeConnections();
    expect(JSON.stringify(await ask(gateway, writer, { query: PAGE }))).toContain(text);
  });

  it('are read from the primary when the replica is of another database, and of the moderators always', async () => {
    const sql = new pg.Client({ connectionString: primary.url });
    await sql.connect();
    await sql.query('CREATE DATABASE other');
    await sql.end();
    const other = primary.url.replace(/postgres$/, 'other');
    await migrate(other);
    const wrong = await open({}, other);
    await ask(wrong, { address: '10.5.0.1' }, { query: PAGE });
    expect(await readsOf(wrong)).toEqual({ primary: 1, replica: 0 });
    const gateway = await open();
    const authorization = `Bearer ${await tokenOf({ name: 'Mod', sub: 'mod', role: 'MODERATOR' })}`;
    const before = await readsOf(gateway);
    await ask(gateway, { address: '10.5.0.2', authorization }, { query: PAGE });
    expect(await readsOf(gateway)).toEqual(before);
  });
});

/** Has the standby stay behind, however long the rest of the test takes. */
async function pauseStandby(): Promise<void> {
  await standby.pause();
  ownClosers.push(() => standby.resume());
}

async function open(environment: Record<string, string> = {}, urls = standby.url): Promise<Gateway> {
  log = [];
  const config = readConfig({
    ...{ PORT: '0', DATABASE_URL: primary.url, DATABASE_REPLICA_URLS: urls, JWT_SECRET, RATE_LIMITS: 'off' },
    ...{ TRUST_PROXY: '1', CACHE_SIZE: '0', EVENTS_KEPT: '3650d', HOLD_BUSY_ARTICLE: '0', LOG_LEVEL: 'error' },
    ...environment,
  });
  const gateway = await start({
    config,
    log: createLogger({ level: 'error', out: { write: (line) => log.push(line) } }),
  });
  ownClosers.push(() => gateway.stop());
  // What was written before its start may be anybody's.
  if (urls === standby.url) await awaitStandby(gateway);
  return gateway;
}

/** Waits until the standby has what was written before the gateway's start. */
async function awaitStandby(gateway: Gateway): Promise<void> {
  const sql = new pg.Client({ connectionString: primary.url });
  await sql.connect();
  try {
    await until('the standby has what was written before the start', async () => {
      // The end of the log may be in memory alone until a transaction follows, as one does on a site in use.
      await sql.query("SELECT pg_logical_emit_message(true, 'test', '')");
      await ask(gateway, { address: '10.9.0.1' }, { query: PAGE, extensions: { cost: true } });
      return (await readsOf(gateway)).replica > 0;
    }).catch((error) => {
      throw new Error(`${error.message} The log of the gateway: ${log.join('')}`);
    });
  } finally {
    await sql.end();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: responses of several documents
async function ask(gateway: Gateway, { address, authorization }: Sender, body: object): Promise<any> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-forwarded-for': address,
      ...(authorization && { authorization }),
    },
    body: JSON.stringify(body),
  });
  return response.json();
}

async function cursorOfComment(gateway: Gateway, sender: Sender, text: string): Promise<string> {
  const guest = sender.authorization ? {} : { guest: { name: 'Guest', email: `g${sender.address}@guest.example` } };
  const input = { articleId: ARTICLE, body: text, ...guest };
  const { data } = await ask(gateway, sender, { query: ADD, variables: { input } });
  expect(data.addComment.__typename).toBe('AddCommentSuccess');
  return data.addComment.cursor;
}

async function addComment(gateway: Gateway, sender: Sender, text: string): Promise<string> {
  await cursorOfComment(gateway, sender, text);
  return text;
}

async function metric(gateway: Gateway, name: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', gateway.url))).text();
  return Number(new RegExp(`^broadsheet_${name.replace(/[{}"]/g, '\\$&')} (\\d+)$`, 'm').exec(text)?.[1]);
}

async function readsOf(gateway: Gateway): Promise<{ primary: number; replica: number }> {
  return {
    primary: await metric(gateway, 'reads_total{server="primary"}'),
    replica: await metric(gateway, 'reads_total{server="replica"}'),
  };
}
