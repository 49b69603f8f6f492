export { type DocumentRequest, namesDocument, readDocumentRequest } from './document/document-request.ts';
export { readTrustedDocuments } from './document/trusted-documents.ts';
export {
  type ContextSource,
  isSubscription,
  type Operation,
  type OperationContext,
  type OperationSource,
  type Subscription,
} from './operation.ts';
export { createPipeline, type OperationPipeline, type PipelineOptions } from './pipeline.ts';
export { encodeResult, publicErrors, resultJson } from './result-json.ts';
