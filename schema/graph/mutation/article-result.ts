import type { ArticleRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import {
  Conflict,
  Forbidden,
  InvalidInput,
  NotFound,
  RateLimited,
  resolveResultType,
  returnActionableErrors,
} from '../error-types.ts';

interface ArticleSuccess {
  article: ArticleRow;
}

const ArticleSuccess = builder.objectRef<ArticleSuccess>('ArticleSuccess').implement({
  description: 'The article was changed as requested.',
  fields: (t) => ({
    article: t.field({
      type: 'Article',
      description: 'The article after the change.',
      resolve: ({ article }) => article,
    }),
  }),
});

/** The result of every mutation of an article. */
export const ArticleResult = builder.unionType('ArticleResult', {
  description: 'The article, or the error that prevented the change.',
  types: [ArticleSuccess, InvalidInput, NotFound, Forbidden, Conflict, RateLimited],
  resolveType: resolveResultType('ArticleSuccess'),
});

export function articleResult(change: () => Promise<ArticleRow>) {
  return returnActionableErrors(async (): Promise<ArticleSuccess> => ({ article: await change() }));
}
