-- The gateway computes the skeletons of existing names when it starts. This is a migration of its own, so that reading all
-- authors does not extend the lock under which the triggers were created; they list those that are written meanwhile.
INSERT INTO stale_name (author_id) SELECT id FROM author WHERE kind <> 'GUEST' ON CONFLICT DO NOTHING;
