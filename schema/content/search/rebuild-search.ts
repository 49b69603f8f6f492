import type { Job } from '../context.ts';
import { queryRow } from '../query.ts';

/** Comments whose search documents one step computes, an article counting as 20: about 100 ms of work. */
const BATCH_SIZE = 300;
/** Milliseconds between looks for articles whose documents are to be computed. */
const EVERY = 5_000;

/** SQL of one step. $1: the size of the batch. */
export const REBUILD_SEARCH = 'SELECT search_rebuild_some($1)';

/** Computes search documents after an upgrade, and those of comments after their article's language has changed. */
export const rebuildSearch: Job = {
  name: 'rebuild-search',
  due: { every: EVERY },
  async step({ db }) {
    const [computed] = await queryRow<[count: number]>(db, {
      name: 'rebuild-search',
      text: REBUILD_SEARCH,
      values: [BATCH_SIZE],
    });
    return computed > 0;
  },
};
