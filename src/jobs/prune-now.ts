import type { Queryable } from '../../schema/content/context.ts';
import type { Config } from '../config.ts';
import { EVENT_BATCH, PRUNE_EVENTS } from './prune-events.ts';
import { KEYS_BATCH, KEYS_KEPT, PRUNE_KEYS } from './prune-keys.ts';
import { MODERATION_BATCH, MODERATION_KEPT, PRUNE_MODERATION } from './prune-moderation.ts';
import { type PruningStep, pruneStep, type Retention, retentionSteps } from './retention.ts';

/** What says how long each kind is kept. */
export type PruneConfig = Pick<Config, 'eventsKept'> & Retention;

interface PruneOptions {
  /** Runs a step in a transaction. */
  change<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  config: PruneConfig;
  signal: AbortSignal;
}

/** Deletes at once what the jobs delete by and by, in their small steps. @returns what was deleted, and how many rows */
export async function pruneNow({
  change,
  config,
  signal,
}: PruneOptions): Promise<{ description: string; count: number }[]> {
  const { eventsKept } = config;
  const all: PruningStep[] = [
    { description: 'old events of discussions', text: PRUNE_EVENTS, kept: eventsKept, batch: EVENT_BATCH },
    { description: 'old idempotency keys', text: PRUNE_KEYS, kept: KEYS_KEPT, batch: KEYS_BATCH },
    { description: 'old moderation events', text: PRUNE_MODERATION, kept: MODERATION_KEPT, batch: MODERATION_BATCH },
    ...retentionSteps(config),
  ];
  const pruned = [];
  for (const step of all) {
    let count = 0;
    for (let deleted = step.batch; deleted === step.batch && !signal.aborted; count += deleted)
      deleted = await change((tx) => pruneStep(tx, step));
    pruned.push({ description: step.description, count });
  }
  return pruned;
}
