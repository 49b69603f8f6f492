-- What an import wrote last into each column: a column that has another value now was changed here, and the next import keeps it.
ALTER TABLE "provenance" ADD COLUMN "written" JSONB;
