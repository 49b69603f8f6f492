-- Comments with open reports, which moderators read as a list, oldest first.
ALTER TABLE "comment" ADD COLUMN "reported" BOOLEAN NOT NULL DEFAULT false;

UPDATE comment SET reported = true WHERE id IN (SELECT comment_id FROM comment_report WHERE NOT settled);

CREATE INDEX "comment_reported_created_at_id_idx" ON "comment"("reported", "created_at", "id");

CREATE FUNCTION comment_report_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  reported_id integer := CASE WHEN TG_OP = 'DELETE' THEN OLD.comment_id ELSE NEW.comment_id END;
  is_reported boolean := EXISTS (SELECT FROM comment_report WHERE comment_id = reported_id AND NOT settled);
BEGIN
  UPDATE comment SET reported = is_reported WHERE id = reported_id AND reported <> is_reported;
  RETURN NULL;
END $$;

CREATE TRIGGER comment_report_changed AFTER INSERT OR UPDATE OF settled OR DELETE ON comment_report FOR EACH ROW
  EXECUTE FUNCTION comment_report_changed();
