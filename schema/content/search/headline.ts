// PostgreSQL marks the matches with private-use characters. HTML is made afterwards, from escaped text.
const MARK_START = '\u{E000}';
const MARK_END = '\u{E001}';

/** Only so many characters of a text are searched for the headline. */
const HEADLINE_WITHIN = 50_000;

/** SQL of a document's passage with the most matches, or NULL. The document is `d`, the query `q.query`. */
export const headlineSql = `ts_headline('english', translate(${documentTextSql()}, '${MARK_START}${MARK_END}', ''), q.query,
    'StartSel=${MARK_START}, StopSel=${MARK_END}, MinWords=12, MaxWords=32')`;

function documentTextSql(): string {
  const text = (name: string, body: string) => `concat_ws(' – ', ${name}, left(${body}, ${HEADLINE_WITHIN}))`;
  return `CASE d.kind
    WHEN 'article' THEN (SELECT ${text('a.title', 'a.body_text')} FROM article a WHERE a.id = d.entity_id)
    WHEN 'author' THEN (SELECT ${text('u.name', 'u.bio_text')} FROM author u WHERE u.id = d.entity_id)
    ELSE (SELECT ${text('t.name', 't.description')} FROM topic t WHERE t.id = d.entity_id) END`;
}

/** Safe HTML of a headline, its matches in `<mark>`. */
export function headlineHtml(headline: string): string {
  return escapeHtml(headline).replaceAll(MARK_START, '<mark>').replaceAll(MARK_END, '</mark>');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
