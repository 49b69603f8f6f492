-- What the names of staff and members look like, so that no guest takes one. SQL cannot compute it.
CREATE TABLE "name_skeleton" (
    "skeleton" TEXT NOT NULL,
    "author_id" INTEGER NOT NULL,

    CONSTRAINT "name_skeleton_pkey" PRIMARY KEY ("skeleton","author_id")
);

CREATE INDEX "name_skeleton_author_id_idx" ON "name_skeleton"("author_id");

ALTER TABLE "name_skeleton" ADD CONSTRAINT "name_skeleton_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "author"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- People whose skeletons are to be computed.
CREATE TABLE "stale_name" (
    "author_id" INTEGER NOT NULL,

    CONSTRAINT "stale_name_pkey" PRIMARY KEY ("author_id")
);

ALTER TABLE "stale_name" ADD CONSTRAINT "stale_name_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "author"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE FUNCTION author_name_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- DO UPDATE locks an entry that exists: whoever computes it waits for this change, and reads the new name.
  INSERT INTO stale_name (author_id) VALUES (NEW.id) ON CONFLICT (author_id) DO UPDATE SET author_id = EXCLUDED.author_id;
  RETURN NULL;
END $$;

CREATE TRIGGER author_named AFTER INSERT ON author FOR EACH ROW
  WHEN (NEW.kind <> 'GUEST') EXECUTE FUNCTION author_name_changed();

CREATE TRIGGER author_renamed AFTER UPDATE OF name, kind ON author FOR EACH ROW
  WHEN ((OLD.name, OLD.kind = 'GUEST') IS DISTINCT FROM (NEW.name, NEW.kind = 'GUEST') AND (OLD.kind <> 'GUEST' OR NEW.kind <> 'GUEST'))
  EXECUTE FUNCTION author_name_changed();
