import { addComment } from './add-comment.ts';
import { article } from './article.ts';
import { author } from './author.ts';
import { front } from './front.ts';
import type { Operation } from './operation.ts';
import { thread, threadParents } from './thread.ts';
import { typename } from './typename.ts';

/** The pages that a site is made of. */
export const PAGES: readonly Operation[] = [article, front, thread, author];

/** Everything that is measured, in the order of the table; what writes is last, because it changes what others read. */
export const OPERATIONS: readonly Operation[] = [article, front, thread, threadParents, author, typename, addComment];
