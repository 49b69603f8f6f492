export { DeliveryTotals } from './delivery-totals.ts';
export { EncodedResult, type Encoding } from './encoded-result.ts';
export type { EndReason, ResultSink } from './result-sink.ts';
export { retryUntilDone } from './retry.ts';
export { SocketWriter } from './socket-writer.ts';
export { type ResultRenderer, SubscriberGroup } from './subscriber-group.ts';
