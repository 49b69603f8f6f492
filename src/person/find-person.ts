import type pg from 'pg';
import { decodeId } from '../../schema/content/ids.ts';

/** An author who is the person, or one of several: a guest is another one under each name and page. */
export interface FoundAuthor {
  id: number;
  slug: string;
  kind: string;
}

/**
 * Finds a person by e-mail address, by slug, by id, or by issuer and subject of their tokens. Everybody with one address, whatever
 * its case, is one person: guests under several names, members, staff.
 * @throws Error when there is nobody
 */
export async function findPerson(client: pg.ClientBase, named: string): Promise<FoundAuthor[]> {
  const text = named.trim();
  const id = decodeId(text);
  const { rows } = await client.query<FoundAuthor & { email: string | null }>(
    `SELECT id, slug, kind::text, email FROM author
     WHERE lower(email) = lower($1) OR slug = $1 OR subject = $1 OR id = $2 ORDER BY id`,
    [text, id?.type === 'Author' ? id.id : null],
  );
  if (text === '' || rows.length === 0)
    throw new Error(`Nobody has the e-mail address, slug, id or subject "${text}".`);
  const addresses = rows.flatMap(({ email }) => (email ? [email.toLowerCase()] : []));
  // Named by a slug or an id, a person has the same address under other names.
  const others = await client.query<FoundAuthor>(
    'SELECT id, slug, kind::text FROM author WHERE lower(email) = ANY ($1) AND NOT id = ANY ($2) ORDER BY id',
    [addresses, rows.map((row) => row.id)],
  );
  return [...rows, ...others.rows].map(({ id: authorId, slug, kind }) => ({ id: authorId, slug, kind }));
}
