import { articleJson, reviveArticle } from '../article/article-columns.ts';
import { authorJson } from '../author/author-columns.ts';
import { commentJson, reviveComment } from '../comment/comment-columns.ts';
import type { Context } from '../context.ts';
import { decodeCursor } from '../list/cursor.ts';
import { memoizeBySelection } from '../list/json-columns.ts';
import { memoizedQuery } from '../list/list-query.ts';
import { createListReader, type List } from '../list/list-reader.ts';
import { type Connection, createConnection, type PageArguments, parsePageArguments } from '../list/paging.ts';
import type { RowTypes } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { topicJson } from '../topic/topic-columns.ts';
import { hasPublishedBelow, type TopicScope, topicScopeOf } from '../topic/topic-visibility.ts';
import { type HeadlineSource, headlineHtml, headlineSql } from './headline.ts';
import { parseSearchQuery, type SearchQuery } from './search-query.ts';

const NODE_TYPES = { article: 'Article', author: 'Author', topic: 'Topic', comment: 'Comment' } as const;

type HitKind = keyof typeof NODE_TYPES;
type HitType = (typeof NODE_TYPES)[HitKind];

export type HitNode = { [Type in HitType]: RowTypes[Type] & { nodeType: Type } }[HitType];

export interface SearchHit {
  kind: HitKind;
  id: number;
  rank: number;
  node: HitNode;
  /** Null when no headline was selected. */
  headline: HeadlineSource | null;
}

const hits = createListReader<SearchHit>((hit) => {
  if (hit.kind === 'article') reviveArticle(hit.node as RowTypes['Article']);
  if (hit.kind === 'comment') reviveComment(hit.node as RowTypes['Comment']);
  hit.node.nodeType = NODE_TYPES[hit.kind];
  return hit;
});

/** Conditions of SQL, by what the viewer may read: the document `d` is of an object that a search of this viewer may find. */
const IS_FOUND: Record<TopicScope, string> = {
  PUBLIC: `(d.visible OR (d.kind = 'topic' AND ${hasPublishedBelow('d.entity_id')}))`,
  ALL: "(d.visible OR d.kind = 'topic')",
};

/** The query in the language of the document, whose stems it has. */
const QUERY = 'q.queries[array_position(q.languages, d.language)]';

/** Of equally good hits, comments are last: there are many. */
const RANK = `(ts_rank(d.words, ${QUERY}) * CASE d.kind WHEN 'comment' THEN 0.5 ELSE 1 END)::real`;

/** Comments on unpublished articles are not found. A subquery, so that unpublishing one with many comments writes none of them. */
const IS_OF_PUBLISHED = `coalesce(d.article_id, 0) NOT IN (
  SELECT id FROM article WHERE status IN ('DRAFT', 'SCHEDULED', 'ARCHIVED'))`;

/** The JSON of each kind of node, with the selected columns. */
const nodeJson = memoizeBySelection(
  (node) => `CASE d.kind
    WHEN 'article' THEN (SELECT ${articleJson(node)} FROM article a WHERE a.id = d.entity_id)
    WHEN 'author' THEN (SELECT ${authorJson(node)} FROM author u WHERE u.id = d.entity_id)
    WHEN 'comment' THEN (SELECT ${commentJson(node)} FROM comment c WHERE c.id = d.entity_id)
    ELSE (SELECT ${topicJson} FROM topic t WHERE t.id = d.entity_id) END`,
);

const hitsQuery = memoizedQuery((scope: TopicScope, headline: 'headline' | '', node: string) => ({
  // OFFSET 0 computes the queries once, and not for each document.
  from: 'search_document d CROSS JOIN (SELECT * FROM search_query(k.terms::jsonb, k.is_corrected) OFFSET 0) q',
  where: `d.words @@ q.found AND d.words @@ ${QUERY} AND ${IS_FOUND[scope]} AND ${IS_OF_PUBLISHED}`,
  order: [
    { sql: RANK, type: 'real' },
    { sql: 'd.kind', type: 'text' },
    { sql: 'd.entity_id', type: 'int' },
  ],
  descending: true,
  row: `json_build_object('kind', d.kind, 'id', d.entity_id, 'rank', ${RANK},
    'headline', ${headline ? headlineSql : 'NULL'}, 'node', ${node})`,
  keys: { terms: 'text', is_corrected: 'boolean' },
  isSearch: true,
}));

interface ListOptions {
  scope: TopicScope;
  /** Fields of the connection. */
  selection: Selection;
  /** Words that no text has are replaced by similar ones. */
  isCorrected: boolean;
}

function hitList(query: SearchQuery, { scope, selection, isCorrected }: ListOptions): List<SearchHit> {
  const { node } = selection;
  const headline = selection.at('edges').has('headline') ? 'headline' : '';
  const terms = JSON.stringify(query);
  return {
    name: `search ${scope} ${isCorrected ? 'corrected ' : ''}${terms}`,
    query: hitsQuery(scope, headline, nodeJson(node)),
    keys: [terms, isCorrected],
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

/** A page of results with the headlines of its hits. */
export interface SearchPage extends Connection<SearchHit> {
  /** Safe HTML. */
  headline(hit: SearchHit): string;
}

/**
 * Public articles, authors, topics and comments that match a query, best matches first; for staff all topics. When nothing
 * does, words that no text has are taken for typing mistakes.
 * @param query as a person typed it; see `parseSearchQuery`
 * @param selection fields of the connection
 * @throws BadUserInputError
 */
export async function search(
  context: Context,
  { query: typed, ...page }: PageArguments & { query: string },
  selection: Selection,
): Promise<SearchPage> {
  const query = parseSearchQuery(typed);
  const headline = (hit: SearchHit): string => (hit.headline ? headlineHtml(hit.headline, query) : '');
  if (query.length === 0) {
    parsePageArguments(page, EMPTY_LIST);
    return { ...NO_HITS, headline };
  }
  const scope = topicScopeOf(context.viewer);
  const corrected = hitList(query, { scope, selection, isCorrected: true });
  if (isCursorOf(corrected, page.after)) return { ...(await hits.page(context, corrected, page)), headline };
  const found = await hits.page(context, hitList(query, { scope, selection, isCorrected: false }), page);
  const isFound = page.after != null || found.nodes.length > 0 || found.hasNextPage;
  return { ...(isFound ? found : await hits.page(context, corrected, page)), headline };
}

/** Whether a page continues a list: a cursor is valid in one list alone. */
function isCursorOf({ name, query }: List<SearchHit>, after: string | null | undefined): boolean {
  if (after == null) return false;
  try {
    decodeCursor(
      name,
      query.order.map(({ type }) => type),
      after,
    );
    return true;
  } catch {
    return false;
  }
}
