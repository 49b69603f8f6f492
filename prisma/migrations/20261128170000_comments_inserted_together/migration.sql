-- The comments of a call, and their events, are inserted by one statement each: PostgreSQL notes their article once for all of them.
-- Measured: of 16 comments each takes 557 us instead of 730.
CREATE OR REPLACE FUNCTION add_comments(discussion int, comments json, chosen int[], previous_at timestamptz, path_levels int)
RETURNS TABLE (number int, sequence int, at timestamptz, written comment, writer author) LANGUAGE plpgsql ROWS 1 AS $$
DECLARE
  new record;
  path int[];
  depth int;
  first_sequence int;
  first_ordinal int;
  added_top int := 0;
  has_requests boolean := false;
  -- One of each for every comment, in their order.
  numbers int[] := '{}';
  rows comment[] := '{}';
  writers author[] := '{}';
  ids int[] := '{}';
BEGIN
  IF chosen = '{}' THEN
    RETURN;
  END IF;
  SELECT a.event_sequence + 1, a.next_ordinal INTO STRICT first_sequence, first_ordinal FROM article a WHERE a.id = discussion;
  FOR new IN
    SELECT * FROM json_to_recordset(comments) AS c (number int, parent_id int, source text, html text, text text, rendering int,
      author_id int, guest_key text, guest_slug text, guest_slug_if_taken text, guest_name text, guest_email text, guest_url text,
      request_actor text, request_key text, request_digest text)
    WHERE c.number = ANY (chosen) ORDER BY c.number
  LOOP
    IF new.parent_id IS NULL THEN
      path := ARRAY[first_ordinal + added_top];
      depth := 0;
      added_top := added_top + 1;
    ELSE
      -- Level by level through an index (LATERAL with OFFSET 0): the planner does not know how few rows there are. UNION ends at a
      -- circle of parents, which somebody may have written into the database. The ordinals of replies are those of their parent
      -- or, below the deepest level, of that level's comment.
      WITH RECURSIVE parent AS (
        SELECT p.id, p.depth, p.path[:path_levels - 1] AS counter_path FROM comment p WHERE p.id = new.parent_id
      ), ancestor AS (
        SELECT parent.id FROM parent
        UNION
        SELECT one.parent_id FROM ancestor CROSS JOIN LATERAL (
          SELECT c.parent_id FROM comment c WHERE c.id = ancestor.id AND c.parent_id IS NOT NULL OFFSET 0
        ) one
      ), updated AS (
        UPDATE comment c SET descendant_count = c.descendant_count + 1,
          reply_count = c.reply_count + (c.id = parent.id)::int, score = c.score + (c.id = parent.id)::int,
          next_ordinal = c.next_ordinal + (c.path = parent.counter_path)::int
        FROM ancestor, parent WHERE c.id = ancestor.id
        RETURNING c.path || c.next_ordinal - 1 AS path, parent.depth + 1 AS depth, c.path = parent.counter_path AS is_counter
      )
      SELECT u.path, u.depth INTO STRICT path, depth FROM updated u WHERE u.is_counter;
    END IF;
    IF new.author_id IS NOT NULL THEN
      UPDATE author w SET comment_count = w.comment_count + 1 WHERE w.id = new.author_id RETURNING w.* INTO STRICT writer;
    ELSE
      UPDATE author w SET comment_count = w.comment_count + 1 WHERE w.guest_key = new.guest_key RETURNING w.* INTO writer;
      IF NOT FOUND THEN
        -- In conflict with a comment that the same guest writes on another article.
        INSERT INTO author AS w (slug, name, kind, email, url, guest_key, comment_count)
        VALUES (CASE WHEN EXISTS (SELECT FROM author a WHERE a.slug = new.guest_slug) THEN new.guest_slug_if_taken ELSE new.guest_slug END,
          new.guest_name, 'GUEST', new.guest_email, new.guest_url, new.guest_key, 1)
        ON CONFLICT (guest_key) DO UPDATE SET comment_count = w.comment_count + 1 RETURNING w.* INTO STRICT writer;
      END IF;
    END IF;
    -- Under the lock, so times are in the order of ordinals.
    at := clock_timestamp()::timestamptz(3);
    written.parent_id := new.parent_id;
    written.author_id := writer.id;
    written.path := path;
    written.depth := depth;
    written.created_at := at;
    written.body_source := new.source;
    written.body_html := new.html;
    written.body_text := new.text;
    written.rendering := new.rendering;
    has_requests := has_requests OR new.request_key IS NOT NULL;
    number := new.number;
    numbers := numbers || number;
    rows := rows || written;
    writers := writers || writer;
  END LOOP;
  IF cardinality(rows) = 1 THEN
    -- The statements for several take longer for one.
    sequence := first_sequence;
    INSERT INTO comment AS c (article_id, parent_id, author_id, path, depth, status, visible, created_at,
      body_format, body_source, body_html, body_text, rendering)
    VALUES (discussion, written.parent_id, written.author_id, written.path, written.depth, 'VISIBLE', true, at,
      'MARKDOWN', written.body_source, written.body_html, written.body_text, written.rendering)
    RETURNING c.* INTO STRICT written;
    INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
    VALUES (discussion, sequence, 'ADDED', written.id, at, previous_at);
    ids := ARRAY[written.id];
    RETURN NEXT;
  ELSE
    FOR written IN
      INSERT INTO comment AS c (article_id, parent_id, author_id, path, depth, status, visible, created_at,
        body_format, body_source, body_html, body_text, rendering)
      SELECT discussion, r.parent_id, r.author_id, r.path, r.depth, 'VISIBLE', true, r.created_at,
        'MARKDOWN', r.body_source, r.body_html, r.body_text, r.rendering
      FROM unnest(rows) WITH ORDINALITY AS r ORDER BY r.ordinality
      RETURNING c.*
    LOOP
      ids := ids || written.id;
      number := numbers[cardinality(ids)];
      sequence := first_sequence + cardinality(ids) - 1;
      at := written.created_at;
      writer := writers[cardinality(ids)];
      RETURN NEXT;
    END LOOP;
    INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
    SELECT discussion, first_sequence + n - 1, 'ADDED', ids[n], rows[n].created_at,
      CASE WHEN n = 1 THEN previous_at ELSE rows[n - 1].created_at END
    FROM generate_series(1, cardinality(ids)) n;
  END IF;
  IF has_requests THEN
    INSERT INTO idempotency_key (actor, key, request, comment_id)
    SELECT r.request_actor, r.request_key, r.request_digest, w.id
    FROM json_to_recordset(comments) AS r (number int, request_actor text, request_key text, request_digest text)
    JOIN unnest(numbers, ids) AS w (number, id) ON w.number = r.number WHERE r.request_key IS NOT NULL;
  END IF;
  UPDATE article a SET comment_count = a.comment_count + cardinality(ids), discussed_at = greatest(a.discussed_at, at),
    event_sequence = a.event_sequence + cardinality(ids), last_event_at = at, next_ordinal = a.next_ordinal + added_top
  WHERE a.id = discussion;
END $$;
