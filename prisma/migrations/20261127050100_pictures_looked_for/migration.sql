-- When the texts were last searched for a picture, so that one that nothing shows is removed after some time.
ALTER TABLE "picture" ADD COLUMN "checked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

CREATE INDEX "picture_checked_at_idx" ON "picture"("checked_at");

CREATE INDEX "picture_unused_since_idx" ON "picture"("unused_since");
