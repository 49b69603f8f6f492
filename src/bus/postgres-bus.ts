import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import pg from 'pg';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import type { Bus } from './bus.ts';
import { type BusConnection, type BusConnectionEvents, createNetworkBus } from './network-bus.ts';

/** Bytes that the name of a channel may have: NAMEDATALEN of PostgreSQL, less its end. */
const LONGEST_NAME = 63;

export interface PostgresBusOptions {
  /** The database that the gateways share; LISTEN reaches no further, and not through a pooler of transactions. */
  url: string;
  config: Pick<Config, 'connectTimeout' | 'statementTimeout'>;
  log: Logger;
}

/**
 * The bus over LISTEN and NOTIFY, on a connection of its own: notifications come to the connection that listens, and
 * one from the pool may be anybody's next.
 */
export function createPostgresBus({ url, config, log }: PostgresBusOptions): Bus {
  return createNetworkBus({
    serverName: 'PostgreSQL',
    openConnection: (events) => openLink(url, config, events),
    connectTimeout: config.connectTimeout,
    log,
  });
}

function openLink(
  url: string,
  { statementTimeout }: PostgresBusOptions['config'],
  events: BusConnectionEvents,
): BusConnection {
  const topicOf = new Map<string, string>();
  const socket = new Socket();
  const client = new pg.Client({
    connectionString: url,
    fallback_application_name: 'broadsheet bus',
    statement_timeout: statementTimeout,
    keepAlive: true,
    // Its own so that it can be destroyed: to end a client politely takes a server that answers.
    stream: () => socket,
  });
  client.on('error', events.onLost);
  client.on('end', () => events.onLost(new Error('The connection ended')));
  client.on('notification', ({ processId, channel, payload }) => {
    // Whoever watches here was called when the topic was woken here.
    if (processId === (client as unknown as { processID: number }).processID) return;
    const topic = topicOf.get(channel);
    if (topic !== undefined) events.onWake(topic, Number(payload));
  });
  const run = async (text: string): Promise<void> => {
    await client.query(text);
  };

  return {
    connect: async () => {
      await client.connect();
    },

    // Several statements in one text are one round trip and one transaction.
    subscribe(topics) {
      for (const topic of topics) topicOf.set(channelOf(topic), topic);
      return run(topics.map((topic) => `LISTEN ${pg.escapeIdentifier(channelOf(topic))}`).join(';'));
    },

    unsubscribe(topics) {
      for (const topic of topics) topicOf.delete(channelOf(topic));
      return run(topics.map((topic) => `UNLISTEN ${pg.escapeIdentifier(channelOf(topic))}`).join(';'));
    },

    async publish(wakes) {
      await client.query({
        name: 'bus-send',
        // Counted, so that one row comes back and not one for each.
        text: 'SELECT count(pg_notify(channel, sequence)) FROM unnest($1::text[], $2::text[]) AS wake (channel, sequence)',
        values: [wakes.map(([topic]) => channelOf(topic)), wakes.map(([, sequence]) => `${sequence}`)],
      });
    },

    ping: () => run('SELECT 1'),

    async close() {
      socket.destroy();
      // PostgreSQL takes it for a goodbye.
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
    },
  };
}

/** A name among those of everything else that uses the database. */
function channelOf(topic: string): string {
  const channel = `broadsheet:${topic}`;
  if (Buffer.byteLength(channel) <= LONGEST_NAME) return channel;
  return `broadsheet:${createHash('sha256').update(topic).digest('base64url')}`;
}
