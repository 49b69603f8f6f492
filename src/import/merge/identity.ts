// Which site a file is of, and which of its articles were imported before.
import type pg from 'pg';
import { ImportError } from '../import-error.ts';
import type { MergeContext } from './merge-context.ts';

/** SQL: an address or guid without what changes when a site moves to https or to its name with or without www. */
const bare = (address: string) => `lower(regexp_replace(${address}, '^([a-z]+:)?https?://(www\\.)?', '\\1'))`;

/** SQL: a guid without its host, which changes when somebody replaces all addresses of a site. */
const path = (guid: string) => `regexp_replace(${guid}, '^https?://[^/]+', '')`;

/** Rows of a file that were imported before under another name. */
interface Earlier {
  source: string;
  kind: 'articles' | 'comments';
  count: number;
  /** Rows of this kind in the file. */
  all: number;
}

/**
 * The name under which a site was imported before, else the given one. Schemes, and www, make no other site, nor does an address
 * that the operator names now and did not before.
 *
 * @throws ImportError if content of the file was imported under another name, unless the operator has named the site
 */
export async function resolveSource(
  client: pg.ClientBase,
  { source, isChosen }: { source: string; isChosen: boolean | null },
): Promise<string> {
  const known = await client.query<{ source: string }>(
    `SELECT source FROM provenance WHERE ${bare('source')} = ${bare('$1')}
      GROUP BY 1 ORDER BY (source = $1) DESC, min(imported_at) LIMIT 1`,
    [source],
  );
  if (known.rows[0]) return known.rows[0].source;
  if (isChosen === true) return source;
  const format = source.slice(0, source.indexOf(':') + 1);
  const earlier = await findEarlier(client, format);
  if (!earlier) return source;
  const nameOf = (one: string) => one.slice(format.length);
  // A folder, or a key of a database: nobody has chosen that name. It is the same site if most of the file is from there.
  if (!isAddress(nameOf(earlier.source))) return earlier.count * 2 > earlier.all ? earlier.source : source;
  throw new ImportError(
    `${earlier.count} of the ${earlier.kind} in this file of ${nameOf(source)} were imported before, from ${nameOf(earlier.source)}. ` +
      (isChosen === null
        ? `Run the import again with --site ${nameOf(earlier.source)}, also if the site has moved since.`
        : `If the site has moved, run the import again with --site ${nameOf(earlier.source)}. ` +
          `If these are two sites, run it with --site ${nameOf(source)}: then both have the articles.`),
  );
}

function isAddress(name: string): boolean {
  return /^https?:\/\//i.test(name);
}

/** The site that has most of what is staged, if any has some: articles with their guid or number, comments with their number. */
async function findEarlier(client: pg.ClientBase, format: string): Promise<Earlier | null> {
  const found = await client.query<Earlier>(
    `
    SELECT source, kind, count(DISTINCT row)::int AS count, CASE kind
           WHEN 'articles' THEN (SELECT count(*)::int FROM staged_article)
           ELSE (SELECT count(*)::int FROM staged_comment) END AS all
      FROM (
      SELECT p.source, 'articles' AS kind, s.item::text AS row FROM staged_article s
        JOIN provenance p ON p.kind = 'article' AND ${bare('p.guid')} = ${bare('s.guid')}
       UNION ALL
      SELECT p.source, 'articles', s.item::text FROM staged_article s
        JOIN provenance p ON p.kind = 'article' AND p.external_id = s.external_id
        JOIN article a ON a.id = p.entity_id AND a.slug = s.slug AND a.created_at = s.created_at::timestamptz(3)
       UNION ALL
      SELECT p.source, 'comments', s.external_id FROM staged_comment s
        JOIN provenance p ON p.kind = 'comment' AND p.external_id = s.external_id
        JOIN comment c ON c.id = p.entity_id AND c.created_at = s.created_at::timestamptz(3)
    ) found
     WHERE starts_with(source, $1)
     GROUP BY 1, 2 ORDER BY 2, 3 DESC LIMIT 1`,
    [format],
  );
  return found.rows[0] ?? null;
}

/**
 * Gives each staged article the id that it was first imported with: an article is the same if its guid is, whatever its
 * number, and another one if its guid is another.
 */
export async function matchGuids({ client, source }: MergeContext): Promise<void> {
  const renumbered = await client.query(
    `
    WITH found AS (
      SELECT DISTINCT ON (s.item) s.item, p.external_id, p.entity_id
        FROM staged_article s JOIN provenance p ON p.source = $1 AND p.kind = 'article' AND ${bare('p.guid')} = ${bare('s.guid')}
       ORDER BY s.item, (p.external_id = s.external_id) DESC
    ), other AS (
      SELECT s.item, s.guid AS external_id
        FROM staged_article s JOIN provenance p ON p.source = $1 AND p.kind = 'article' AND p.external_id = s.external_id
       WHERE ${path('p.guid')} <> ${path('s.guid')} AND s.item NOT IN (SELECT item FROM found)
    )
    UPDATE staged_article s SET external_id = known.external_id
      FROM (SELECT item, external_id FROM found UNION ALL SELECT item, external_id FROM other) known
     WHERE known.item = s.item AND known.external_id <> s.external_id`,
    [source],
  );
  if (renumbered.rowCount === 0) return;
  await renumberComments(client, source);
}

/** Where articles have other numbers, comments have too: they are the same if article, time and author are. */
async function renumberComments(client: pg.ClientBase, source: string): Promise<void> {
  await client.query(
    `
    CREATE TEMP TABLE renumbered_comment AS
    SELECT s.file_position, s.item, s.external_id AS number,
           coalesce(min(known.external_id), a.external_id || '#' || s.external_id) AS external_id
      FROM staged_comment s
      JOIN staged_article a USING (item)
      LEFT JOIN provenance pa ON pa.source = $1 AND pa.kind = 'article' AND pa.external_id = a.external_id
      LEFT JOIN (comment c JOIN author ON author.id = c.author_id
                 JOIN provenance known ON known.source = $1 AND known.kind = 'comment' AND known.entity_id = c.id)
        ON c.article_id = pa.entity_id AND c.created_at = s.created_at::timestamptz(3)
       AND (author.guest_key = s.guest_key OR author.kind <> 'GUEST')
     WHERE NOT EXISTS (
       SELECT FROM provenance p JOIN comment same ON same.id = p.entity_id
        WHERE p.source = $1 AND p.kind = 'comment' AND p.external_id = s.external_id AND same.article_id = pa.entity_id)
     GROUP BY s.file_position, s.item, s.external_id, a.external_id`,
    [source],
  );
  await client.query(`
    UPDATE staged_comment s SET parent_external_id = r.external_id
      FROM renumbered_comment r WHERE r.item = s.item AND r.number = s.parent_external_id`);
  await client.query(`
    UPDATE staged_comment s SET external_id = r.external_id FROM renumbered_comment r WHERE r.file_position = s.file_position`);
}
