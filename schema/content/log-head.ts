/**
 * SQL for the time of the newest entry in the log of an article `a`. The article has it, too, because the entry may have
 * been deleted as old.
 */
export const LAST_EVENT_AT = `coalesce(
    (SELECT e.at FROM comment_event e WHERE e.article_id = a.id AND e.sequence = a.event_sequence), a.last_event_at)`;
