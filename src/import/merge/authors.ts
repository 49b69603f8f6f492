import { isRemoved, removedLogin } from '../../../schema/content/author/removed-author.ts';
import { findFreeSlug, slugOf } from '../../../schema/content/text/slug.ts';
import {
  differingFields,
  IS_UPDATED,
  KEPT,
  locallyChangedFields,
  type MergedFields,
  merged,
  recordProvenance,
  reportKept,
} from './local-changes.ts';
import { countOutcomes, countReason, type MergeContext } from './merge-context.ts';

const FIELDS: MergedFields = [
  { name: 'name', current: 'e.name', wanted: 's.name' },
  { name: 'email', current: 'e.email', wanted: 's.email' },
];

const KIND = { kind: 'author', table: 'merge_author', entity: 'author', fields: FIELDS } as const;

/** Decides which authors are new, changed or unchanged. Of several records with one login, the first is used. */
export async function matchAuthors({ client, source, report, idNames, overwrite }: MergeContext): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE merge_author (
      file_position int, line int, external_id text, title text, user_id text, name text, email text, listed boolean,
      digest text, id int, outcome text, kept text[] NOT NULL
    )`);
  await client.query(
    `
    INSERT INTO merge_author
    SELECT file_position, line, external_id, name, user_id, name, email, listed,
           -- A post names its author by login alone, so it must not replace what an earlier file listed.
           CASE WHEN listed OR id IS NULL THEN digest ELSE old_digest END, id,
           -- Nothing of a person who was removed comes back.
           CASE WHEN is_removed THEN NULL WHEN id IS NULL THEN 'created'
                WHEN listed AND ${IS_UPDATED} THEN 'updated' ELSE 'unchanged' END, kept
      FROM (
        SELECT found.*, CASE WHEN id IS NULL OR NOT listed OR is_removed THEN '{}' ELSE ${KEPT} END AS kept
          FROM (
            SELECT s.file_position, s.line, s.login AS external_id, s.user_id, s.name, s.email, s.listed, s.digest,
                   p.digest AS old_digest, e.id, ${isRemoved('e')} AS is_removed,
                   ${differingFields(FIELDS)} AS differing, ${locallyChangedFields(FIELDS, 'p.written')} AS changed
              FROM (SELECT DISTINCT ON (login) * FROM staged_author ORDER BY login, listed DESC, file_position) s
              LEFT JOIN provenance p ON p.source = $1 AND p.kind = 'author' AND p.external_id IN (s.login, ${removedLogin('s.login')})
              LEFT JOIN author e ON e.id = p.entity_id
          ) found
      ) decided`,
    [source, overwrite],
  );
  const unlisted = await client.query('SELECT FROM merge_author WHERE NOT listed');
  report.countRead('authors', unlisted.rowCount ?? 0);
  const repeated = `
    SELECT login AS id, name AS title, line FROM staged_author s
     WHERE listed AND NOT EXISTS (SELECT FROM merge_author m WHERE m.file_position = s.file_position)`;
  const removed = 'SELECT NULL AS id, NULL AS title, line FROM merge_author WHERE outcome IS NULL';
  report.addSkippedReason('authors', await countReason(client, 'was removed here as a person', removed));
  report.addSkippedReason(
    'authors',
    await countReason(client, `has the ${idNames.author} of an earlier author`, repeated),
  );
}

/** Writes the new authors as staff. */
export async function writeStaff(context: MergeContext): Promise<void> {
  const { client, report } = context;
  const created = await client.query<{ external_id: string; name: string; line: number }>(`
    SELECT external_id, name, line FROM merge_author WHERE outcome = 'created' ORDER BY file_position`);
  for (const { external_id: login, name, line } of created.rows) {
    // The address of a public page has no e-mail address.
    const wanted = slugOf(login.includes('@') ? name : login);
    const slug = await findFreeSlug(wanted, async (candidates) => {
      const taken = await client.query<{ slug: string }>('SELECT slug FROM author WHERE slug = ANY ($1)', [candidates]);
      return taken.rows.map((row) => row.slug);
    });
    if (slug !== wanted) report.addNote('author slug was taken; a number was added', { id: slug, title: name, line });
    await client.query(
      `
      WITH created AS (
        INSERT INTO author (slug, name, kind, email)
        SELECT $2, name, 'STAFF', email FROM merge_author WHERE external_id = $1 RETURNING id
      )
      UPDATE merge_author SET id = created.id FROM created WHERE external_id = $1`,
      [login, slug],
    );
  }
  await recordProvenance(context, KIND, `m.outcome <> 'updated'`);
  await reportKept(context, KIND);
  report.addOutcomes('authors', await countOutcomes(client, 'merge_author'));
}

/** Writes the names and addresses of the authors that have changed. */
export async function updateStaff(context: MergeContext): Promise<void> {
  const { client } = context;
  await client.query(`
    SELECT FROM author WHERE id IN (SELECT id FROM merge_author WHERE outcome = 'updated') ORDER BY id FOR NO KEY UPDATE`);
  await client.query(`
    UPDATE author SET name = ${merged('name', 'author.name', 'm.name')}, email = ${merged('email', 'author.email', 'm.email')},
            updated_at = CURRENT_TIMESTAMP
      FROM merge_author m WHERE m.id = author.id AND m.outcome = 'updated'`);
  await recordProvenance(context, KIND, `m.outcome = 'updated'`);
}
