import {
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
} from '../../content/errors.ts';

/** The option `errors` of every mutation of an article: they share one result type. */
export const ARTICLE_ERRORS = {
  types: [InvalidInputError, NotFoundError, ForbiddenError, ConflictError, RateLimitedError],
  result: { name: 'ArticleSuccess', description: 'The article was changed as requested.' },
  dataField: { name: 'article', description: 'The article after the change.' },
  union: { name: 'ArticleResult', description: 'The article, or the error that prevented the change.' },
};
