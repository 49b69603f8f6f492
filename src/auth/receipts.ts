import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Queryable, Receipts } from '../../schema/content/context.ts';
import { ensureSecret } from '../database/index.ts';

/** Bytes of a comment's id in a receipt. */
const ID_SIZE = 4;
/** Bytes of the HMAC in a receipt: 128 bits cannot be guessed. */
const MAC_SIZE = 16;
/** Characters of a receipt. */
const LENGTH = Math.ceil(((ID_SIZE + MAC_SIZE) * 4) / 3);

/**
 * Issues and reads the receipts of comments: the comment's id and its HMAC. The key is stored in the database, so every
 * gateway on it reads the receipts of the others, also after a restart. The receipt of a comment is always the same.
 */
export async function openReceipts(db: Queryable): Promise<Receipts> {
  const key = await ensureSecret(db, 'receipt');

  function issue(commentId: number): string {
    const id = Buffer.alloc(ID_SIZE);
    id.writeInt32BE(commentId);
    const mac = createHmac('sha256', key).update(id).digest().subarray(0, MAC_SIZE);
    return Buffer.concat([id, mac]).toString('base64url');
  }

  return {
    issue,
    read(receipt) {
      if (receipt.length !== LENGTH) return null;
      const bytes = Buffer.from(receipt, 'base64url');
      if (bytes.length !== ID_SIZE + MAC_SIZE) return null;
      const commentId = bytes.readInt32BE();
      // Compares the text and not the decoded bytes: several base64 texts decode to the same bytes, one is the receipt.
      const expected = Buffer.from(issue(commentId));
      const actual = Buffer.from(receipt);
      return actual.length === expected.length && timingSafeEqual(actual, expected) ? commentId : null;
    },
  };
}
