import { scheduledPublications } from '../../schema/content/article/scheduled-publications.ts';
import { authorEvents } from '../../schema/content/author/author-events.ts';
import { coalescedReactionEvents } from '../../schema/content/comment/reaction-event.ts';
import type { Job } from '../../schema/content/context.ts';
import { rebuildSearch } from '../../schema/content/search/rebuild-search.ts';
import type { Config } from '../config.ts';
import { pruneChanges } from './prune-changes.ts';
import { pruneEvents } from './prune-events.ts';
import { pruneKeys } from './prune-keys.ts';
import { pruneModeration } from './prune-moderation.ts';
import { type Retention, retentionJobs } from './retention.ts';

/** Every job of the gateway. To add one, write a `Job` and list it here. Stores of rate limits delete their own counters. */
export function listJobs({ eventsKept, ...kept }: Pick<Config, 'eventsKept' | keyof Retention>): readonly Job[] {
  return [
    scheduledPublications,
    coalescedReactionEvents,
    authorEvents,
    pruneEvents(eventsKept),
    pruneKeys,
    pruneModeration,
    pruneChanges,
    rebuildSearch,
    ...retentionJobs(kept),
  ];
}
