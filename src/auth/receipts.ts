import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Queryable, Receipts } from '../../schema/content/context.ts';
import { ensureSecret } from '../database/index.ts';

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
