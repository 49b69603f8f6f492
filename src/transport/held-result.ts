import type { ExecutionResult } from 'graphql';
import { encodeResult } from '../execution/index.ts';
import type { Share } from './admission.ts';
import { overloadRefusal, type Refusal } from './refusal.ts';

/**
 * Bytes that a large result is counted with until it is encoded and its size is known. It takes more than its JSON, so
 * those that wait must not be many.
 */
const LARGE_RESULT = 2_000_000;

/** The JSON of a result, which the share holds from now on, or why there is no room for it. */
export type HeldResult = Buffer | Refusal;

export function holdResult(result: ExecutionResult, share: Share): HeldResult | Promise<HeldResult> {
  const encoded = encodeResult(result);
  return typeof encoded === 'function' ? holdLarge(encoded, share) : hold(encoded, share);
}

async function holdLarge(encode: () => Promise<Buffer>, share: Share): Promise<HeldResult> {
  const overload = share.hold(LARGE_RESULT);
  if (overload) return overloadRefusal(overload);
  const json = await encode();
  share.sent(LARGE_RESULT);
  return hold(json, share);
}

function hold(json: Buffer, share: Share): HeldResult {
  const overload = share.hold(json.length);
  return overload ? overloadRefusal(overload) : json;
}
