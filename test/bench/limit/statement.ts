/**
 * The whole answer to one operation as one prepared statement, its JSON built by PostgreSQL: about the least that any
 * server can do that reads the same rows. One column, one row.
 */
export interface LimitStatement {
  text: string;
  /** The values of the statement's parameters, from the operation's variables. */
  values(variables: Record<string, unknown>): unknown[];
}

/** An instant as the graph writes it. */
export const instant = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * base64url of a text of letters, digits and the signs of a cursor, of which base64 makes no + and no /. What is left is
 * its padding, and the line breaks that PostgreSQL puts in.
 */
const base64url = (text: string): string => `translate(encode((${text})::bytea, 'base64'), E'=\\n', '')`;

/** A public id. */
export const globalId = (type: string, id: string): string => base64url(`'${type}:' || ${id}`);

/** A cursor: a fingerprint that tells the list (here one for all, of the same length), then the row's place in it. */
export const cursor = (place: string): string => base64url(`'["limit00",' || ${place} || ']'`);

/**
 * The byline of the row whose author has this id. A subquery rather than a join: it is the same look-up by key, and a
 * join may be planned in a way that loses the order of the rows.
 */
export const byline = (id: string): string =>
  `(SELECT json_build_object('name', w.name, 'slug', w.slug) FROM author w WHERE w.id = ${id})`;

/** The topics of the article with this id. */
export const topics = (id: string): string => `coalesce((
  SELECT json_agg(json_build_object('name', t.name, 'slug', t.slug) ORDER BY l.position, t.id)
    FROM article_topic l JOIN topic t ON t.id = l.topic_id WHERE l.article_id = ${id}), '[]')`;
