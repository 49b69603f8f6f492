import type { OperationName } from '../operations/operation.ts';
import { article } from './article.ts';
import { author } from './author.ts';
import { front } from './front.ts';
import type { LimitStatement } from './statement.ts';
import { thread } from './thread.ts';

export const STATEMENTS: Readonly<Record<OperationName, LimitStatement>> = { article, front, thread, author };
