-- The narrower topics of a topic, by name. Whether a topic without published articles is public depends on the topics below it.
CREATE INDEX "topic_parent_id_name_id_idx" ON "topic"("parent_id", "name", "id");
