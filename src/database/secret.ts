import { randomBytes } from 'node:crypto';
import type { Queryable } from '../../schema/content/context.ts';

/** Bytes of a secret: as many as the digests that use it have. */
const SECRET_SIZE = 32;

/** A secret of this database, by name: the same for every gateway on it. Whichever comes first makes it. */
export async function ensureSecret(db: Queryable, name: string): Promise<Buffer> {
  const [[value] = [null]] = await db.query<[Buffer | null]>({
    text: `WITH made AS (INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING value)
      SELECT value FROM made UNION ALL SELECT value FROM secret WHERE name = $1`,
    values: [name, randomBytes(SECRET_SIZE)],
  });
  // Another gateway made it after this statement had begun: it is there for the next.
  return value ?? ensureSecret(db, name);
}
