-- Pictures that the gateway keeps, and where imported ones came from.
CREATE TABLE "picture" (
    "name" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "unused_since" TIMESTAMPTZ(3),

    CONSTRAINT "picture_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "picture_source" (
    "address" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "copied_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "picture_source_pkey" PRIMARY KEY ("address")
);

CREATE INDEX "picture_source_name_idx" ON "picture_source"("name");

ALTER TABLE "picture_source" ADD CONSTRAINT "picture_source_name_fkey" FOREIGN KEY ("name") REFERENCES "picture"("name") ON DELETE CASCADE ON UPDATE CASCADE;
