import type { ModerationFact } from '../../schema/content/events.ts';
import { type Figures, Tally } from './figures.ts';

/** Counts what happens in moderation. */
export function countModeration(figures: Figures): (facts: readonly ModerationFact[]) => void {
  const decided = new Tally(['APPROVE', 'REJECT', 'SPAM', 'REMOVE']);
  let held = 0;
  let reported = 0;
  figures.counter('comments_held', 'Comments, and edits of comments, that a rule held for a moderator.', () => held);
  figures.counter('comments_reported', 'Reports of comments by readers.', () => reported);
  figures.counters('comments_decided{action}', 'Decisions of moderators about comments that waited.', () => decided);

  return (facts) => {
    for (const fact of facts) {
      if (fact.moderation === 'HELD') held += 1;
      else if (fact.moderation === 'REPORTED') reported += 1;
      // Without an action, an edit made a decision unnecessary.
      else decided.add(fact.action ?? 'EDIT');
    }
  };
}
