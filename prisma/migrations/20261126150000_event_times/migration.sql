-- The time of an event identifies it: after a backup was restored, another event gets the same sequence. A client may resume
-- after an event that is no longer kept, so the event after it, or for the newest one the article, has its time, too.
ALTER TABLE "article" ADD COLUMN "last_event_at" TIMESTAMPTZ(3);
ALTER TABLE "comment_event" ADD COLUMN "previous_at" TIMESTAMPTZ(3);

UPDATE article a SET last_event_at = e.at
FROM comment_event e WHERE e.article_id = a.id AND e.sequence = a.event_sequence;

UPDATE comment_event e SET previous_at = p.at
FROM comment_event p WHERE p.article_id = e.article_id AND p.sequence = e.sequence - 1;
