export { DeliveryTotals } from './delivery-totals.ts';
export { EncodedResult, type Encoding } from './encoded-result.ts';
export type { FinalResult, ResultRenderer } from './result-renderer.ts';
export type { EndReason, ResultSink } from './result-sink.ts';
export { retryUntilDone } from './retry.ts';
export { SubscriberGroup } from './subscriber-group.ts';
