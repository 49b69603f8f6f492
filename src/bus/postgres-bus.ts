import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import pg from 'pg';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Bus } from './bus.ts';
import type { BusConnection, BusConnectionEvents } from './bus-connection.ts';
import { NetworkBus } from './network-bus.ts';
import { publishOnce } from './publish-once.ts';

/** Longest name of a channel in bytes: PostgreSQL's NAMEDATALEN without the terminator. */
const MAX_CHANNEL_BYTES = 63;

export interface PostgresBusOptions {
  /** The database that the gateways share. LISTEN works within one database, and not through a transaction pooler. */
  url: string;
  config: Pick<Config, 'connectTimeout' | 'statementTimeout'>;
  log: Logger;
}

/**
 * The bus over LISTEN and NOTIFY. It has a connection of its own, because notifications arrive on the connection that
 * listens, and a connection of the pool serves another caller next.
 */
export function createPostgresBus({ url, config, log }: PostgresBusOptions): Bus {
  return new NetworkBus({
    serverName: 'PostgreSQL',
    openConnection: (events) => openConnection(url, config, events),
    connectTimeout: config.connectTimeout,
    log,
  });
}

/** Wakes the readers of logs that were replaced, on all gateways. */
export function publishOverPostgres(
  { url, config }: Pick<PostgresBusOptions, 'url' | 'config'>,
  topics: readonly string[],
): Promise<void> {
  return publishOnce((events) => openConnection(url, config, events), topics);
}

function openConnection(
  url: string,
  { statementTimeout }: PostgresBusOptions['config'],
  events: BusConnectionEvents,
): BusConnection {
  const { client, socket } = createClient(url, statementTimeout);
  const topicByChannel = new Map<string, string>();
  client.on('error', events.onLost);
  client.on('end', () => events.onLost(new Error('The connection to PostgreSQL ended')));
  client.on('notification', ({ processId, channel, payload }) => {
    // Listeners on this gateway were called when the topic was woken here.
    if (processId === (client as unknown as { processID: number }).processID) return;
    const topic = topicByChannel.get(channel);
    if (topic !== undefined) events.onWake(topic, Number(payload));
  });
  const run = async (text: string): Promise<void> => {
    await client.query(text);
  };

  return {
    connect: async () => {
      await client.connect();
    },

    // Several statements in one text take one round trip and one transaction.
    subscribe(topics) {
      for (const topic of topics) topicByChannel.set(channelOf(topic), topic);
      return run(topics.map((topic) => `LISTEN ${pg.escapeIdentifier(channelOf(topic))}`).join(';'));
    },

    unsubscribe(topics) {
      for (const topic of topics) topicByChannel.delete(channelOf(topic));
      return run(topics.map((topic) => `UNLISTEN ${pg.escapeIdentifier(channelOf(topic))}`).join(';'));
    },

    async publish(wakeUps) {
      await client.query({
        name: 'bus-publish',
        // Counted, so that the result is one row and not one for each wake-up.
        text: 'SELECT count(pg_notify(channel, sequence)) FROM unnest($1::text[], $2::text[]) AS wake_up (channel, sequence)',
        values: [wakeUps.map(([topic]) => channelOf(topic)), wakeUps.map(([, sequence]) => `${sequence}`)],
      });
    },

    ping: () => run('SELECT 1'),

    async close() {
      // PostgreSQL treats a closed socket as the end of the session.
      socket.destroy();
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    },
  };
}

/** A client that has not connected yet, and its socket, because client.end() waits for a server that answers. */
function createClient(url: string, statementTimeout: number): { client: pg.Client; socket: Socket } {
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    fallback_application_name: 'broadsheet bus',
    statement_timeout: statementTimeout,
    keepAlive: true,
    stream: () => socket,
  });
  return { client, socket };
}

/** The channel of a topic, with a prefix because other programs may use channels of the same database. */
function channelOf(topic: string): string {
  const channel = `broadsheet:${topic}`;
  if (Buffer.byteLength(channel) <= MAX_CHANNEL_BYTES) return channel;
  return `broadsheet:${createHash('sha256').update(topic).digest('base64url')}`;
}
