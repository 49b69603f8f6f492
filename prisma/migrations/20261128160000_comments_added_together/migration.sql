-- Writes comments on an article, in their order, with all that follows from them: ordinals, the counters of their ancestors, article
-- and authors, their events, and the keys of their requests. The caller has locked the article, and has chosen comments that it
-- takes and shows: their parents are visible in this discussion, and members exist. The author of a guest may not exist yet.
--
-- `comments` is an array of objects, `chosen` has the numbers of those to write, `previous_at` is the time of the event before
-- theirs, and a path has `path_levels` levels at most.
--
-- Comments that wait for the same article are written by one call, which writes the article's row and its indexes once, by short
-- statements whose plans stay with the connection. It returns each comment and its author as they were written.
CREATE FUNCTION add_comments(discussion int, comments json, chosen int[], previous_at timestamptz, path_levels int)
RETURNS TABLE (number int, sequence int, at timestamptz, written comment, writer author) LANGUAGE plpgsql ROWS 1 AS $$
DECLARE
  new record;
  path int[];
  depth int;
  first_sequence int;
  first_ordinal int;
  added int := 0;
  added_top int := 0;
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
    number := new.number;
    sequence := first_sequence + added;
    -- Under the lock, so times are in the order of ordinals.
    at := clock_timestamp()::timestamptz(3);
    INSERT INTO comment AS c (article_id, parent_id, author_id, path, depth, status, visible, created_at,
      body_format, body_source, body_html, body_text, rendering)
    VALUES (discussion, new.parent_id, writer.id, path, depth, 'VISIBLE', true, at, 'MARKDOWN', new.source, new.html, new.text, new.rendering)
    RETURNING c.* INTO STRICT written;
    INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
    VALUES (discussion, sequence, 'ADDED', written.id, at, previous_at);
    IF new.request_key IS NOT NULL THEN
      INSERT INTO idempotency_key (actor, key, request, comment_id)
      VALUES (new.request_actor, new.request_key, new.request_digest, written.id);
    END IF;
    previous_at := at;
    added := added + 1;
    RETURN NEXT;
  END LOOP;
  UPDATE article a SET comment_count = a.comment_count + added, discussed_at = greatest(a.discussed_at, at),
    event_sequence = a.event_sequence + added, last_event_at = at, next_ordinal = a.next_ordinal + added_top
  WHERE a.id = discussion;
END $$;
