-- The identifier that an article has wherever its site moves.
ALTER TABLE "provenance" ADD COLUMN "guid" TEXT;
