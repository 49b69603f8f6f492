-- Pictures that people have set or taken away themselves: tokens no longer change them.
ALTER TABLE "author" ADD COLUMN "avatar_chosen" BOOLEAN NOT NULL DEFAULT false;
