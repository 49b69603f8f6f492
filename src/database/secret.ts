import { randomBytes } from 'node:crypto';
import type { Queryable } from '../../schema/content/context.ts';

/** Bytes of a secret: the size of a SHA-256 digest. */
const SECRET_SIZE = 32;

/** The secret with this name, shared by every gateway on the database. The first call creates it. */
export async function ensureSecret(db: Queryable, name: string): Promise<Buffer> {
  const [secret] = await db.query<[Buffer]>({
    text: `WITH created AS (INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING value)
      SELECT value FROM created UNION ALL SELECT value FROM secret WHERE name = $1`,
    values: [name, randomBytes(SECRET_SIZE)],
  });
  // No row: another gateway created it after this statement had taken its snapshot. The next statement sees it.
  return secret ? secret[0] : ensureSecret(db, name);
}
