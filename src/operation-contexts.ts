import type { Context } from '../schema/content/context.ts';
import type { ForbiddenWordCache } from '../schema/content/moderation/forbidden-word-list.ts';
import { isStaff } from '../schema/content/roles.ts';
import type { ConvertText } from '../schema/content/text/conversions.ts';
import type { RateLimits } from './auth/index.ts';
import type { Bus } from './bus/index.ts';
import { createChange } from './change.ts';
import { ChangesAtOnce } from './changes-at-once.ts';
import type { Pool, RequestDatabase, WorkSource } from './database/index.ts';
import type { ContextSource, OperationRecord, PipelineOptions } from './execution/index.ts';
import type { Metrics } from './observability/index.ts';
import { type Replicas, RoutedDatabase } from './replicas/index.ts';

interface ContextParts
  extends Pick<Context, 'receipts' | 'convertText' | 'live' | 'wakePublicationReaders' | 'wakeJob' | 'settings'> {
  pool: Pool;
  bus: Bus;
  limits: RateLimits;
  metrics: Metrics | null;
  /** Null when queries are read from the primary alone. */
  replicas: Replicas | null;
}

/** Creates the contexts of operations from the parts of the gateway. */
export function contextFactory({
  pool,
  bus,
  limits,
  metrics,
  replicas,
  ...parts
}: ContextParts): PipelineOptions['createContext'] {
  const { receipts, convertText, live, wakePublicationReaders, wakeJob, settings } = parts;
  const forbiddenWords: ForbiddenWordCache = { current: null };
  const changesAtOnce = new ChangesAtOnce();
  const now = (): Date => new Date();
  return (source) => {
    const { identity, record } = source;
    const db = databaseOf({ pool, replicas }, source);
    const ownBus = record?.trace ? tracedBus(bus, record) : bus;
    return {
      viewer: identity.viewer,
      receipts,
      consumeRateLimit: (action) => limits.consume(identity, action),
      db,
      loaders: new Map(),
      slices: null,
      dependencies: null,
      change: createChange(db, ownBus, metrics?.onModeration),
      changeAtOnce: changesAtOnce.of(db, ownBus),
      forbiddenWords,
      convertText: record?.trace ? tracedConversion(convertText, record) : convertText,
      live,
      wakePublicationReaders,
      wakeJob,
      settings,
      now,
    };
  };
}

function databaseOf(
  { pool, replicas }: Pick<ContextParts, 'pool' | 'replicas'>,
  origin: ContextSource,
): RequestDatabase | RoutedDatabase {
  const source = workOf(origin);
  const primary = pool.forWork(source);
  if (!replicas || origin.isShared) return primary;
  return new RoutedDatabase({ primary, replicas, source, identity: origin.identity });
}

/** A bus whose wake-ups are parts of an operation's trace. */
function tracedBus(bus: Bus, record: OperationRecord): Pick<Bus, 'wake'> {
  return {
    wake(topic, sequence) {
      const begun = performance.now();
      bus.wake(topic, sequence, () => record.addPart({ name: 'publish wake-up', begun }));
    },
  };
}

/** Conversions of texts that are parts of an operation's trace. */
function tracedConversion(convertText: ConvertText, record: OperationRecord): ConvertText {
  return async (name, source) => {
    const begun = performance.now();
    try {
      const converted = await convertText(name, source);
      record.addPart({ name: 'render text', begun });
      return converted;
    } catch (error) {
      record.addPart({ name: 'render text', begun, error });
      throw error;
    }
  };
}

/** The share of the connections that an operation uses, and the sender in whose turn its statements are sent. */
function workOf({ identity: { viewer, address }, signal, record, isShared = false }: ContextSource): WorkSource {
  if (isShared) return { kind: 'live', sender: 'subscriptions' };
  const sender = viewer ? `author:${viewer.author.id}` : address;
  return { kind: isStaff(viewer) ? 'staff' : 'read', sender, signal, account: record };
}
