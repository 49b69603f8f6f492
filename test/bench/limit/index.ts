import type { OperationName } from '../operations/operation.ts';
import { addComment } from './add-comment.ts';
import { article } from './article.ts';
import { author } from './author.ts';
import { front } from './front.ts';
import type { LimitStatement } from './statement.ts';
import { thread, threadParents } from './thread.ts';
import { typename } from './typename.ts';

export const STATEMENTS: Readonly<Record<OperationName, LimitStatement>> = {
  article,
  front,
  thread,
  threadParents,
  author,
  addComment,
  typename,
};
