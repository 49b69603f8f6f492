export { clientAddress } from './client-address.ts';
export type { CostBudget } from './cost-budget.ts';
export { InvalidTokenError } from './errors.ts';
export { ANONYMOUS, createIdentify, type Identify, type RequestIdentity, senderKey } from './identity.ts';
export { openRateLimits, type RateLimits } from './rate-limits.ts';
export { openReceipts } from './receipts.ts';
export { signToken } from './sign-token.ts';
export { hasExpired, onExpiry } from './token-expiry.ts';
