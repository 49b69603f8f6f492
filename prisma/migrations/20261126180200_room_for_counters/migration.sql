-- A comment changes the counter of its author, whose new row is written beside the old one, without its indexes, while the page
-- has room.
ALTER TABLE "author" SET (fillfactor = 85);

-- By row: the comment of a guest who is known inserts no author.
DROP TRIGGER note_insert ON author;
CREATE TRIGGER note_insert AFTER INSERT ON author FOR EACH ROW EXECUTE FUNCTION note_people();
ALTER TABLE author ENABLE ALWAYS TRIGGER note_insert;
