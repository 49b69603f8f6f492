import type { Transaction } from '../context.ts';
import type { ModerationFact } from '../events.ts';

/**
 * Writes facts into the moderation log, at the end of a change: the lock of the table is held until the commit, so
 * sequences have the order of commits, and it is the last lock that a transaction takes.
 * @param written is called with the sequence of the last
 */
export function logModeration(
  tx: Transaction,
  facts: readonly ModerationFact[],
  written: (sequence: number) => void,
): void {
  tx.enqueue({
    name: 'moderation-lock',
    text: 'LOCK TABLE moderation_event IN SHARE ROW EXCLUSIVE MODE',
    values: [],
  });
  tx.enqueue<[last: number]>(
    {
      name: 'moderation-log',
      text: `WITH written AS (
          INSERT INTO moderation_event (kind, comment_id, reasons, open_reports, action, author_id, at)
          SELECT (fact->>'moderation')::"ModerationEventKind", (fact->>'commentId')::int,
            ARRAY(SELECT jsonb_array_elements_text(coalesce(fact->'reasons', '[]'))), (fact->>'openReports')::int,
            (fact->>'action')::"ModerationAction", (fact->>'by')::int, clock_timestamp()
          FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY f(fact, place) ORDER BY place RETURNING sequence
        ) SELECT max(sequence) FROM written`,
      values: [JSON.stringify(facts)],
    },
    ([last]) => written(last![0]),
  );
}
