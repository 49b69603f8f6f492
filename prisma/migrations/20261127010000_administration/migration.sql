-- Limits of the rules that hold comments, where an admin has set another value than the configuration has.
CREATE TABLE "hold_setting" (
    "name" TEXT NOT NULL,
    "value" INTEGER NOT NULL,

    CONSTRAINT "hold_setting_pkey" PRIMARY KEY ("name")
);

-- Work that an admin has asked for, and that takes longer than a request: one of the gateways does it.
CREATE TABLE "maintenance_task" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "requested_by_id" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "seen_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "ended_at" TIMESTAMPTZ(3),
    "findings" JSONB NOT NULL DEFAULT '[]',
    "error" TEXT,

    CONSTRAINT "maintenance_task_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "maintenance_task_ended_at_idx" ON "maintenance_task"("ended_at");
