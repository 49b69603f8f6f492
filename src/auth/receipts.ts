import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Queryable, Receipts } from '../../schema/context.ts';

/** Bytes of the secret: as many as the digest has. */
const SECRET_SIZE = 32;
/** Bytes of the digest that a receipt carries: 2^128 guesses are enough. */
const SEAL_SIZE = 16;

/**
 * Signs receipts of comments with a secret that the database keeps, so that every gateway on it reads them, also after
 * a restart. A comment always has the same receipt.
 */
export async function openReceipts(db: Queryable): Promise<Receipts> {
  const secret = await ensureSecret(db, 'receipt');

  function issue(commentId: number): string {
    const id = Buffer.alloc(4);
    id.writeInt32BE(commentId);
    const seal = createHmac('sha256', secret).update(id).digest().subarray(0, SEAL_SIZE);
    return Buffer.concat([id, seal]).toString('base64url');
  }

  return {
    issue,
    read(receipt) {
      const given = Buffer.from(receipt);
      const bytes = Buffer.from(receipt, 'base64url');
      if (bytes.length !== 4 + SEAL_SIZE) return null;
      const commentId = bytes.readInt32BE();
      // Its text is compared, not its bytes: of the many spellings of base64, one is a receipt.
      const right = Buffer.from(issue(commentId));
      return given.length === right.length && timingSafeEqual(given, right) ? commentId : null;
    },
  };
}

/** A secret by name. Whichever gateway comes first makes it. */
async function ensureSecret(db: Queryable, name: string): Promise<Buffer> {
  const [[value] = [null]] = await db.query<[Buffer | null]>({
    text: `WITH made AS (INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING value)
      SELECT value FROM made UNION ALL SELECT value FROM secret WHERE name = $1`,
    values: [name, randomBytes(SECRET_SIZE)],
  });
  // Another gateway made it after this statement had begun: it is there for the next.
  return value ?? ensureSecret(db, name);
}
