export { type DocumentRequest, namesDocument, readDocumentRequest } from './document/document-request.ts';
export { describeOperation, type OperationDescription } from './document/operation-description.ts';
export { readTrustedDocuments } from './document/trusted-documents.ts';
export {
  type ContextSource,
  isSubscription,
  type Operation,
  type OperationContext,
  type OperationSource,
  type ReplicaReading,
  type SnapshotDatabase,
  type Subscription,
} from './operation.ts';
export type { OperationObserver, OperationRecord, TraceParent } from './operation-record.ts';
export type { OperationTrace, TracedPart } from './operation-trace.ts';
export { createPipeline, type OperationPipeline, type PipelineOptions } from './pipeline.ts';
export { encodeResult, publicErrors, resultJson } from './result-json.ts';
