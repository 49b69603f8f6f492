CREATE TYPE "ModerationEventKind" AS ENUM ('HELD', 'REPORTED', 'DECIDED');

CREATE TABLE "moderation_event" (
    "sequence" SERIAL NOT NULL,
    "kind" "ModerationEventKind" NOT NULL,
    "comment_id" INTEGER NOT NULL,
    "reasons" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "open_reports" INTEGER,
    "action" "ModerationAction",
    "author_id" INTEGER,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "moderation_event_pkey" PRIMARY KEY ("sequence")
);

CREATE INDEX "moderation_event_at_idx" ON "moderation_event"("at");
