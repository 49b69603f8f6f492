import { articleLoader } from '../../content/article/article-reader.ts';
import type { Context } from '../../content/context.ts';
import { clearLoaders } from '../../content/context-loader.ts';
import { NotFoundError } from '../../content/errors.ts';
import { decodeIdOf } from '../../content/ids.ts';
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
  description: 'It is done.',
  fields: (t) => ({
    article: t.field({
      type: 'Article',
      description: 'The article as it is now.',
      resolve: ({ article }) => article,
    }),
  }),
});

/** What every mutation of an article answers. */
export const ArticleResult = builder.unionType('ArticleResult', {
  description: 'The article, or why nothing was changed.',
  types: [ArticleSuccess, InvalidInput, NotFound, Forbidden, Conflict, RateLimited],
  resolveType: resolveResultType('ArticleSuccess'),
});

/** Runs a mutation of the article whose id `work` gives, and reads that article anew. */
export function articleResult(context: Context, work: () => Promise<number>) {
  return returnActionableErrors(async (): Promise<ArticleSuccess> => {
    const id = await work();
    clearLoaders(context);
    return { article: await articleLoader(context).load(id) };
  });
}

/** @throws NotFoundError for what is no article's id */
export function articleIdOf(id: string): number {
  const named = decodeIdOf('Article', id);
  if (named === null) throw new NotFoundError('There is no such article.');
  return named;
}
