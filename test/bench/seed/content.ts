import { LARGE_SLUG, type Scale } from './scale.ts';

const authors = ({ authors, writers }: Scale): string => `
  INSERT INTO author (id, slug, name, kind, bio_source, bio_html, bio_text, avatar_url, email, created_at)
  SELECT a.n, first_name || '-' || last_name || '-' || a.n, initcap(first_name) || ' ' || initcap(last_name),
         CASE WHEN a.n <= ${writers} THEN 'STAFF' WHEN a.n <= ${authors / 2} THEN 'MEMBER' ELSE 'GUEST'
         END::"AuthorKind",
         bio, '<p>' || bio || '</p>', bio, 'https://example.com/avatars/' || a.n || '.jpg',
         'author' || a.n || '@example.com', timestamptz '2018-01-01Z' + a.n * interval '1 hour'
    FROM generate_series(1, ${authors}) a(n)
   CROSS JOIN LATERAL (
     SELECT (string_to_array('ada bram clara dina emil fay gus hana ivo june', ' '))[1 + a.n % 10] AS first_name,
            (string_to_array('ash birch cedar elm fir hazel larch maple oak rowan', ' '))[1 + a.n / 10 % 10] AS last_name
   ) named
   CROSS JOIN LATERAL (
     SELECT string_agg(s.text, ' ' ORDER BY i) AS bio
       FROM generate_series(1, 3) i JOIN bench.sentence s ON s.n = bench.dice(a.n * 10 + i, 10, 1009)
      WHERE a.n <= ${writers}
   ) told;
`;

const topics = ({ topics }: Scale): string => `
  INSERT INTO topic (id, slug, name, description, parent_id)
  SELECT t.n, 'topic-' || t.n, 'Topic ' || t.n, s.text, CASE WHEN t.n > 8 THEN 1 + t.n % 8 END
    FROM generate_series(1, ${topics}) t(n) JOIN bench.sentence s ON s.n = bench.dice(t.n, 20, 1009);
`;

// 29 to 50 sentences of about 115 characters: bodies of 3 to 6 kB, in paragraphs of five.
// Scheduled ones lie so far ahead that nothing is published while measuring.
const articles = ({ articles, writers, largeArticle, deepArticle, minutesBetween }: Scale): string => `
  INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, reading_minutes, cover_url, cover_alt,
                       status, published_at, created_at, updated_at, author_id, event_epoch)
  SELECT a.n,
         CASE a.n WHEN ${largeArticle} THEN '${LARGE_SLUG}' WHEN ${deepArticle} THEN 'the-long-quarrel'
                  ELSE rtrim(left(regexp_replace(lower(headline.text), '[^a-z]+', '-', 'g'), 40), '-') || '-' || a.n END,
         left(headline.text, 60), summary.text,
         body.source, body.html, body.text, greatest(1, length(body.text) / 1200),
         CASE WHEN a.n % 3 = 0 THEN 'https://example.com/covers/' || a.n || '.jpg' END,
         CASE WHEN a.n % 3 = 0 THEN 'A picture' END,
         standing.status::"ArticleStatus",
         CASE standing.status WHEN 'DRAFT' THEN NULL WHEN 'SCHEDULED' THEN timestamptz '2099-01-01Z' ELSE written.at END,
         written.at, written.at, 1 + bench.dice(a.n, 30, ${writers}), 1 + bench.dice(a.n, 31, 1000000)
    FROM generate_series(1, ${articles}) a(n)
    JOIN bench.sentence headline ON headline.n = bench.dice(a.n, 32, 1009)
    JOIN bench.sentence summary ON summary.n = bench.dice(a.n, 33, 1009)
   CROSS JOIN LATERAL (
     SELECT timestamptz '2019-01-01Z' + a.n * interval '${minutesBetween} minutes' + bench.dice(a.n, 34, 18000) * interval '1 second' AS at
   ) written
   CROSS JOIN LATERAL (
     SELECT CASE WHEN a.n % 50 <> 7 THEN 'PUBLISHED'
                 ELSE (ARRAY['DRAFT', 'SCHEDULED', 'ARCHIVED'])[1 + a.n / 50 % 3] END AS status
   ) standing
   CROSS JOIN LATERAL (
     SELECT string_agg(paragraph, E'\\n\\n' ORDER BY i) AS source,
            string_agg('<p>' || paragraph || '</p>', E'\\n' ORDER BY i) AS html,
            string_agg(paragraph, E'\\n' ORDER BY i) AS text
       FROM (
         SELECT i / 5 AS i, string_agg(s.text, ' ' ORDER BY i) AS paragraph
           FROM generate_series(1, 29 + bench.dice(a.n, 35, 22)) i
           JOIN bench.sentence s ON s.n = bench.dice(a.n * 100 + i, 36, 1009)
          GROUP BY i / 5
       ) paragraphs
   ) body;
`;

const articleTopics = ({ topics }: Scale): string => `
  INSERT INTO article_topic (article_id, topic_id, position, published_at)
  SELECT a.id, 1 + (bench.dice(a.id, 40, ${topics}) + 7 * i) % ${topics}, i, CASE WHEN a.status = 'PUBLISHED' THEN a.published_at END
    FROM article a CROSS JOIN LATERAL generate_series(0, bench.dice(a.id, 41, 3)) i;
`;

// What triggers count and list, for all rows at once.
const DERIVED = `
  UPDATE author SET article_count = c.count FROM (
    SELECT author_id, count(*)::int FROM article WHERE status = 'PUBLISHED' GROUP BY 1) c WHERE c.author_id = author.id;
  UPDATE topic SET article_count = c.count FROM (
    SELECT topic_id, count(*)::int FROM article_topic WHERE published_at IS NOT NULL GROUP BY 1) c WHERE c.topic_id = topic.id;
  INSERT INTO stale_name (author_id) SELECT id FROM author WHERE kind <> 'GUEST';
`;

/** Authors, topics and articles, with all that derives from them but the search's documents. */
export function content(scale: Scale): string[] {
  return [authors(scale), topics(scale), articles(scale), articleTopics(scale), DERIVED];
}
