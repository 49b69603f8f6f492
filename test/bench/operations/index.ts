import { article } from './article.ts';
import { author } from './author.ts';
import { front } from './front.ts';
import type { Operation } from './operation.ts';
import { thread } from './thread.ts';

/** Everything that is measured, in the order of the table. */
export const OPERATIONS: readonly Operation[] = [article, front, thread, author];
