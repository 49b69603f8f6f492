import { articleRow } from '../article/article-columns.ts';
import { authorRow } from '../author/author-row.ts';
import { commentRow } from '../comment/comment-columns.ts';
import type { Context } from '../context.ts';
import { ANYTHING, SEARCH } from '../dependencies.ts';
import { decodeCursor } from '../list/cursor.ts';
import { type ListQuery, memoizedQuery } from '../list/list-query.ts';
import { createListReader, type List } from '../list/list-reader.ts';
import { type Connection, createConnection, type PageArguments, parsePageArguments } from '../list/paging.ts';
import { type ReadColumn, type RowSql, rowSql } from '../list/row-sql.ts';
import type { RowTypes } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { topicRow } from '../topic/topic-row.ts';
import { hasPublishedBelow, type TopicScope, topicScopeOf } from '../topic/topic-visibility.ts';
import { HEADLINE_SQL, type HeadlineSource, headlineHtml } from './headline.ts';
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

const hits = createListReader<SearchHit>();

/** Conditions of SQL, by what the viewer may read: the document `d` is of an object that a search of this viewer may find. */
const IS_FOUND: Record<TopicScope, string> = {
  PUBLIC: `(d.visible OR (d.kind = 'topic' AND ${hasPublishedBelow('d.entity_id')}))`,
  ALL: "(d.visible OR d.kind = 'topic')",
};

// OFFSET 0 computes the queries once, and not for each document.
const QUERIES = '(SELECT * FROM search_query(k.terms::jsonb, k.is_corrected) OFFSET 0) q';

/** The query in the language of a document with a name, and in that of a text alone. */
const QUERY = 'q.queries[array_position(q.languages, d.language)]';
const TEXT_QUERY = 'q.texts[array_position(q.languages, d.language)]';

/** The index finds documents by the queries of all languages that documents have. */
const matches = (found: string, query: string): string =>
  `d.words @@ ${found} AND (cardinality(q.languages) = 1 OR d.words @@ ${query})`;

const KEYS = { terms: 'text', is_corrected: 'boolean' };

/** The rows of articles, authors and topics. */
type DocumentRows = readonly [article: RowSql, author: RowSql, topic: RowSql];

/** The node of a document. */
function documentNode([article, author, topic]: DocumentRows): ReadColumn {
  const rows = { article, author, topic } as Record<HitKind, RowSql>;
  return {
    sql: `CASE d.kind
    WHEN 'article' THEN (SELECT ${article.sql} FROM article a WHERE a.id = d.entity_id)
    WHEN 'author' THEN (SELECT ${author.sql} FROM author u WHERE u.id = d.entity_id)
    ELSE (SELECT ${topic.sql} FROM topic t WHERE t.id = d.entity_id) END`,
    read: (value, hit) => hitNode((hit as SearchHit).kind, rows[(hit as SearchHit).kind], value),
  };
}

function commentNode(comment: RowSql): ReadColumn {
  return {
    sql: `(SELECT ${comment.sql} FROM comment c WHERE c.id = d.comment_id)`,
    read: (value) => hitNode('comment', comment, value),
  };
}

function hitNode(kind: HitKind, row: RowSql, value: unknown): HitNode {
  return Object.assign(row.read(value as unknown[]) as HitNode, { nodeType: NODE_TYPES[kind] });
}

interface HitColumns {
  rank: string;
  kind: string;
  id: string;
  headline: string;
  node: ReadColumn;
}

const hitRow = ({ rank, kind, id, headline, node }: HitColumns): RowSql<SearchHit> =>
  rowSql({ rank, kind, id, headline: headline || 'NULL', node });

const hitOrder = ({ rank, kind, id }: HitColumns): ListQuery['order'] => [
  { sql: rank, type: 'real' },
  { sql: kind, type: 'text' },
  { sql: id, type: 'int' },
];

/** Articles, authors and topics. */
const documentsQuery = memoizedQuery((scope: TopicScope, headline: string, ...nodes: DocumentRows) => {
  const rank = `ts_rank(d.words, CASE d.kind WHEN 'article' THEN ${TEXT_QUERY} ELSE ${QUERY} END)`;
  const columns = { rank, kind: 'd.kind', id: 'd.entity_id', headline, node: documentNode(nodes) };
  return {
    from: `search_document d CROSS JOIN ${QUERIES}`,
    where: `${matches('q.found', QUERY)} AND ${IS_FOUND[scope]}`,
    order: hitOrder(columns),
    descending: true,
    row: hitRow(columns),
    keys: KEYS,
    isSearch: true,
  };
});

/**
 * Comments. Their ranks are below 0, so they follow all other results. The articles are looked up, so that unpublishing one
 * with many comments writes none of them.
 */
const commentsQuery = memoizedQuery((headline: string, node: RowSql) => {
  const rank = `(ts_rank(d.words, ${TEXT_QUERY}) - 1)::real`;
  const columns = { rank, kind: "'comment'::text", id: 'd.comment_id', headline, node: commentNode(node) };
  return {
    from: `search_comment d CROSS JOIN ${QUERIES}`,
    where: `${matches('q.found_texts', TEXT_QUERY)} AND d.visible AND d.article_id NOT IN (
      SELECT id FROM article WHERE status IN ('DRAFT', 'SCHEDULED', 'ARCHIVED'))`,
    order: hitOrder(columns),
    descending: true,
    row: hitRow(columns),
    keys: KEYS,
    isSearch: true,
  };
});

interface ListOptions {
  scope: TopicScope;
  /** Fields of the connection. */
  selection: Selection;
  /** Words that no text has are replaced by similar ones. */
  isCorrected: boolean;
}

/** The results as two lists, of which the second continues the first. A cursor of one is a cursor of the other. */
interface HitLists {
  documents: List<SearchHit>;
  comments: List<SearchHit>;
}

function hitLists(query: SearchQuery, { scope, selection, isCorrected }: ListOptions): HitLists {
  const { node } = selection;
  const hasHeadline = selection.at('edges').has('headline');
  const terms = JSON.stringify(query);
  const rows: DocumentRows = [articleRow(node), authorRow(node), topicRow(node)];
  const list = (listQuery: ListQuery): List<SearchHit> => ({
    name: `search ${scope} ${isCorrected ? 'corrected ' : ''}${terms}`,
    query: listQuery,
    keys: [terms, isCorrected],
    keyset: ({ rank, kind, id }) => [rank, kind, id],
  });
  return {
    documents: list(documentsQuery(scope, hasHeadline ? HEADLINE_SQL.documents : '', ...rows)),
    comments: list(commentsQuery(hasHeadline ? HEADLINE_SQL.comments : '', commentRow(node))),
  };
}

async function readPage(
  context: Context,
  { documents, comments }: HitLists,
  page: PageArguments,
): Promise<Connection<SearchHit>> {
  const types = documents.query.order.map(({ type }) => type);
  const { size, from } = parsePageArguments(page, { name: documents.name, types });
  const totalCount = async (): Promise<number> => {
    const counts = [documents, comments].map(({ query, keys }) => hits.count(context, query, keys));
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  };
  if (from && Number(from[0]) < 0) {
    const found = await hits.page(context, comments, page);
    const isFirst = !found.hasPreviousPage && !(await hits.page(context, documents, { first: 0 })).hasNextPage;
    return { ...found, hasPreviousPage: !isFirst, totalCount };
  }
  const found = await hits.page(context, documents, page);
  if (found.hasNextPage) return { ...found, totalCount };
  const rest = await hits.page(context, comments, { first: size - found.nodes.length });
  return { ...found, nodes: [...found.nodes, ...rest.nodes], hasNextPage: rest.hasNextPage, totalCount };
}

const EMPTY_LIST = { name: 'search', types: [] };
const NO_HITS = createConnection<SearchHit>({
  name: EMPTY_LIST.name,
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
  context.dependencies?.subjects.add(SEARCH).add(ANYTHING);
  const headline = (hit: SearchHit): string => (hit.headline ? headlineHtml(hit.headline, query) : '');
  if (query.length === 0) {
    parsePageArguments(page, EMPTY_LIST);
    return { ...NO_HITS, headline };
  }
  const scope = topicScopeOf(context.viewer);
  const corrected = hitLists(query, { scope, selection, isCorrected: true });
  if (isCursorOf(corrected.documents, page.after)) return { ...(await readPage(context, corrected, page)), headline };
  const found = await readPage(context, hitLists(query, { scope, selection, isCorrected: false }), page);
  const isFound = page.after != null || found.nodes.length > 0 || found.hasNextPage;
  return { ...(isFound ? found : await readPage(context, corrected, page)), headline };
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
