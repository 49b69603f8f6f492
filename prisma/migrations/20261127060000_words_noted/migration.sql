-- The words of texts decide what a search for a mistyped word finds. Where a trigger adds them, it writes a search document, too, which
-- is noted already; a repair, the removal of a person and statements by hand change words alone.
CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE ON search_word FOR EACH STATEMENT
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION note_search();
CREATE TRIGGER note_truncate AFTER TRUNCATE ON search_word FOR EACH STATEMENT EXECUTE FUNCTION note_search();

-- Also where a session has turned triggers off, as for a restore.
ALTER TABLE search_word ENABLE ALWAYS TRIGGER note_change;
ALTER TABLE search_word ENABLE ALWAYS TRIGGER note_truncate;
