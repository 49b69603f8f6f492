import { addPgTableOrderBy, jsonPgSmartTags, orderByAscDesc, pgSmartTags } from 'postgraphile/utils';

/** Slugs have unique indexes, which are no constraints. An article has few topics, so their order needs no index. */
const KEYS = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      article: { tags: { unique: 'slug' } },
      author: { tags: { unique: 'slug' } },
      article_topic: { attribute: { position: { tags: { isIndexed: true } } } },
    },
  },
});

/** Functions of triggers are no fields. */
const NO_FUNCTIONS = pgSmartTags({
  kind: 'procedure',
  match: (procedure) => procedure.getNamespace()?.nspname === 'public',
  tags: { behavior: '-*' },
});

/**
 * PostGraphile orders by no arrays on its own. `path > (SELECT '{}')` is always true. It hides from the planner that
 * nothing is excluded: otherwise PostgreSQL reads the whole discussion and sorts it.
 */
const READING_ORDER = addPgTableOrderBy({ schemaName: 'public', tableName: 'comment' }, ({ sql }) =>
  orderByAscDesc(
    'PATH',
    (comments) => {
      const path = sql`${comments.alias}.path`;
      comments.where(sql`${path} > (SELECT '{}'::int[])`);
      return { attribute: 'path' };
    },
    { unique: true },
  ),
);

export const PLUGINS = [KEYS, NO_FUNCTIONS, READING_ORDER];
