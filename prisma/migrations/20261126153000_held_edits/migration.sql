-- An edit that a moderator must approve first waits beside its comment, whose approved text stays visible meanwhile.
CREATE TABLE "comment_held_edit" (
    "comment_id" INTEGER NOT NULL,
    "body_source" TEXT NOT NULL,
    "body_html" TEXT NOT NULL,
    "body_text" TEXT NOT NULL,
    "written_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "comment_held_edit_pkey" PRIMARY KEY ("comment_id")
);

ALTER TABLE "comment_held_edit" ADD CONSTRAINT "comment_held_edit_comment_id_fkey" FOREIGN KEY ("comment_id") REFERENCES "comment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "comment" ADD COLUMN "waiting" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "shown_version" INTEGER NOT NULL DEFAULT 1;

UPDATE comment SET shown_version = version, waiting = status = 'PENDING' WHERE version <> 1 OR status = 'PENDING';

-- The moderation queue, oldest first.
CREATE INDEX "comment_waiting_created_at_id_idx" ON "comment"("waiting", "created_at", "id");

CREATE FUNCTION comment_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.waiting := NEW.status = 'PENDING'
    OR (NEW.status = 'VISIBLE' AND EXISTS (SELECT FROM comment_held_edit WHERE comment_id = NEW.id));
  RETURN NEW;
END $$;

CREATE TRIGGER comment_waiting_insert BEFORE INSERT ON comment FOR EACH ROW
  WHEN (NEW.status = 'PENDING') EXECUTE FUNCTION comment_waiting();

CREATE TRIGGER comment_waiting_update BEFORE UPDATE OF status ON comment FOR EACH ROW
  WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION comment_waiting();

CREATE FUNCTION comment_held_edit_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE comment SET waiting = status IN ('VISIBLE', 'PENDING') WHERE id = NEW.comment_id;
  ELSE
    UPDATE comment SET waiting = status = 'PENDING' WHERE id = OLD.comment_id;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER comment_held_edit_changed AFTER INSERT OR DELETE ON comment_held_edit FOR EACH ROW
  EXECUTE FUNCTION comment_held_edit_changed();

ALTER TABLE "comment_version" ADD COLUMN "discarded" BOOLEAN NOT NULL DEFAULT false;
