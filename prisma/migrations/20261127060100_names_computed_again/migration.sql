-- Marks of other scripts in a name are now left out of its skeletons, so those of existing names are computed again when a gateway starts.
INSERT INTO stale_name (author_id) SELECT id FROM author WHERE kind <> 'GUEST' ON CONFLICT DO NOTHING;
