import { articleJson, reviveArticle } from '../article/article-columns.ts';
import { authorJson } from '../author/author-columns.ts';
import type { Context } from '../context.ts';
import { ANYTHING, SEARCH } from '../dependencies.ts';
import { memoizedQuery } from '../list/list-query.ts';
import { createListReader, type List } from '../list/list-reader.ts';
import { type Connection, createConnection, type PageArguments, parsePageArguments } from '../list/paging.ts';
import type { RowTypes } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { topicJson } from '../topic/topic-columns.ts';
import { hasPublishedBelow, type TopicScope, topicScopeOf } from '../topic/topic-visibility.ts';
import { headlineHtml, headlineSql } from './headline.ts';
import { searchQuery } from './search-query.ts';

const NODE_TYPES = { article: 'Article', author: 'Author', topic: 'Topic' } as const;

type HitKind = keyof typeof NODE_TYPES;
type HitType = (typeof NODE_TYPES)[HitKind];

export type HitNode = { [Type in HitType]: RowTypes[Type] & { nodeType: Type } }[HitType];

export interface SearchHit {
  kind: HitKind;
  id: number;
  rank: number;
  node: HitNode;
  /** Safe HTML. Null when it was not selected. */
  headline: string | null;
}

const hits = createListReader<SearchHit>((hit) => {
  if (hit.kind === 'article') reviveArticle(hit.node as RowTypes['Article']);
  hit.node.nodeType = NODE_TYPES[hit.kind];
  if (hit.headline !== null) hit.headline = headlineHtml(hit.headline);
  return hit;
});

/** Conditions of SQL, by what the viewer may read: the document `d` is of an object that a search of this viewer may find. */
const IS_FOUND: Record<TopicScope, string> = {
  PUBLIC: `(d.visible OR (d.kind = 'topic' AND ${hasPublishedBelow('d.entity_id')}))`,
  ALL: "(d.visible OR d.kind = 'topic')",
};

const hitsQuery = memoizedQuery((scope: TopicScope, headline: 'headline' | '', article: string, author: string) => ({
  from: "search_document d CROSS JOIN (SELECT to_tsquery('english', k.query) AS query) q",
  where: `d.words @@ q.query AND ${IS_FOUND[scope]}`,
  order: [
    { sql: 'ts_rank(d.words, q.query)', type: 'real' },
    { sql: 'd.kind', type: 'text' },
    { sql: 'd.entity_id', type: 'int' },
  ],
  descending: true,
  row: `json_build_object('kind', d.kind, 'id', d.entity_id, 'rank', ts_rank(d.words, q.query),
    'headline', ${headline ? headlineSql : 'NULL'},
    'node', CASE d.kind
      WHEN 'article' THEN (SELECT ${article} FROM article a WHERE a.id = d.entity_id)
      WHEN 'author' THEN (SELECT ${author} FROM author u WHERE u.id = d.entity_id)
      ELSE (SELECT ${topicJson} FROM topic t WHERE t.id = d.entity_id) END)`,
  keys: { query: 'text' },
  isSearch: true,
}));

function hitList(query: string, scope: TopicScope, selection: Selection): List<SearchHit> {
  const { node } = selection;
  const headline = selection.at('edges').has('headline') ? 'headline' : '';
  return {
    name: `search ${scope} ${query}`,
    query: hitsQuery(scope, headline, articleJson(node), authorJson(node)),
    keys: [query],
    keyset: ({ rank, kind, id }) => [rank, kind, id],
  };
}

const EMPTY_LIST = { name: 'search', types: [] };
const NO_HITS = createConnection<SearchHit>({
  list: EMPTY_LIST,
  page: { size: 0, backward: false, from: null, until: null },
  slice: { rows: [], behind: false, ahead: false },
  keyset: () => [],
  totalCount: () => 0,
});

/**
 * Public articles, authors and topics that match a query, best matches first; for staff all topics.
 * @param query as a person typed it; see `searchQuery`
 * @param selection fields of the connection
 * @throws BadUserInputError
 */
export async function search(
  context: Context,
  { query, ...page }: PageArguments & { query: string },
  selection: Selection,
): Promise<Connection<SearchHit>> {
  const parsed = searchQuery(query);
  context.dependencies?.subjects.add(SEARCH).add(ANYTHING);
  if (parsed) return hits.page(context, hitList(parsed, topicScopeOf(context.viewer), selection), page);
  parsePageArguments(page, EMPTY_LIST);
  return NO_HITS;
}
