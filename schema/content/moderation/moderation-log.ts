import type { Statement, Transaction } from '../context.ts';
import type { ModerationFact } from '../events.ts';

const LOCK: Statement = {
  name: 'moderation-lock',
  text: 'LOCK TABLE moderation_event IN SHARE ROW EXCLUSIVE MODE',
  values: [],
};

/**
 * The end of a transaction that changes which comments wait or are reported, without an event for each, such as one that deletes
 * them. The log then lacks a sequence, so gateways end the subscriptions of moderators, whose clients read the queue anew.
 * The event after the gap is of no comment, and is not delivered.
 */
export const RESTART_MODERATION_LOG: readonly Statement[] = [
  LOCK,
  {
    name: 'moderation-restart',
    text: `INSERT INTO moderation_event (sequence, kind, comment_id)
      SELECT max(sequence), 'DECIDED', 0
      FROM (SELECT nextval('moderation_event_sequence_seq')::int AS sequence FROM generate_series(1, 2)) skipped`,
    values: [],
  },
];

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
  tx.enqueue(LOCK);
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
