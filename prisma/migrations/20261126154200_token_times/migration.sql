-- When the newest token of a person was issued: an older one changes nothing.
ALTER TABLE "author" ADD COLUMN "token_issued_at" TIMESTAMPTZ(3);
