import type { OperationName } from '../operations/operation.ts';
import type { PeerRequest } from '../operations/peer-request.ts';
import { addComment } from './add-comment.ts';
import { article } from './article.ts';
import { author } from './author.ts';
import { front } from './front.ts';
import { thread, threadParents } from './thread.ts';

export const POSTGRAPHILE: Readonly<Record<OperationName, PeerRequest>> = {
  article,
  front,
  thread,
  threadParents,
  author,
  typename: { document: 'query typename { __typename }', shape: (data) => data },
  addComment,
};
