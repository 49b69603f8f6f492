import { articleJson, reviveArticle } from '../content/article/article-columns.ts';
import { authorJson } from '../content/author/author-columns.ts';
import { memoizedQuery } from '../content/list/list-query.ts';
import { createListReader } from '../content/list/list-reader.ts';
import { type Connection, createConnection, parsePageArguments } from '../content/list/paging.ts';
import type { RowTypes } from '../content/row-types.ts';
import { searchQuery } from '../content/search/search-query.ts';
import type { Selection } from '../content/selection.ts';
import { topicJson } from '../content/topic/topic-columns.ts';
import { builder } from './builder.ts';
import { PageInfo } from './relay/connection.ts';
import { selectionOf } from './selection.ts';

type HitType = 'Article' | 'Author' | 'Topic';
type HitRow = { [Type in HitType]: RowTypes[Type] & { nodeType: Type } }[HitType];

interface Hit {
  kind: string;
  id: number;
  rank: number;
  node: HitRow;
  /** With MARK_START and MARK_END around the matches, not yet HTML. */
  headline: string | null;
}

// Private-use characters mark the matches inside PostgreSQL; HTML is made afterwards, out of escaped text.
const MARK_START = '\u{E000}';
const MARK_END = '\u{E001}';

const hits = createListReader<Hit>((hit) => {
  if (hit.kind === 'article') reviveArticle(hit.node as RowTypes['Article']);
  return hit;
});

/** Characters of a text that a headline is looked for in. */
const HEADLINE_WITHIN = 50_000;

function headlineSql(): string {
  const text = `CASE d.kind
    WHEN 'article' THEN (SELECT concat_ws(' – ', a.title, left(a.body_text, ${HEADLINE_WITHIN})) FROM article a WHERE a.id = d.entity_id)
    WHEN 'author' THEN (SELECT concat_ws(' – ', u.name, left(u.bio_text, ${HEADLINE_WITHIN})) FROM author u WHERE u.id = d.entity_id)
    ELSE (SELECT concat_ws(' – ', t.name, left(t.description, ${HEADLINE_WITHIN})) FROM topic t WHERE t.id = d.entity_id) END`;
  const options = `StartSel=${MARK_START}, StopSel=${MARK_END}, MinWords=12, MaxWords=32`;
  return `ts_headline('english', translate(${text}, '${MARK_START}${MARK_END}', ''), q.query, '${options}')`;
}

const hitsQuery = memoizedQuery((headline: 'headline' | '', article: string, author: string) => ({
  from: "search_document d CROSS JOIN (SELECT to_tsquery('english', k.query) AS query) q",
  where: 'd.visible AND d.words @@ q.query',
  order: [
    { sql: 'ts_rank(d.words, q.query)', type: 'real' },
    { sql: 'd.kind', type: 'text' },
    { sql: 'd.entity_id', type: 'int' },
  ],
  descending: true,
  row: `json_build_object('kind', d.kind, 'id', d.entity_id, 'rank', ts_rank(d.words, q.query),
    'headline', ${headline ? headlineSql() : 'NULL'},
    'node', CASE d.kind
      WHEN 'article' THEN (SELECT ${article} FROM article a WHERE a.id = d.entity_id)
      WHEN 'author' THEN (SELECT ${author} FROM author u WHERE u.id = d.entity_id)
      ELSE (SELECT ${topicJson} FROM topic t WHERE t.id = d.entity_id) END)`,
  keys: { query: 'text' },
}));

const HIT_TYPES: Record<string, HitType> = { article: 'Article', author: 'Author', topic: 'Topic' };

function nodeOf({ kind, node }: Hit): HitRow {
  return { ...node, nodeType: HIT_TYPES[kind]! } as HitRow;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function headlineHtml({ headline }: Hit): string {
  return escapeHtml(headline ?? '')
    .replaceAll(MARK_START, '<mark>')
    .replaceAll(MARK_END, '</mark>');
}

const SearchHit = builder.unionType('SearchHit', {
  description: 'What a search can find.',
  types: ['Article', 'Author', 'Topic'],
  resolveType: (row) => (row as HitRow).nodeType,
});

type HitConnection = Connection<Hit>;

const SearchEdge = builder.objectRef<{ hit: Hit; page: HitConnection }>('SearchEdge').implement({
  description: 'One thing found.',
  fields: (t) => ({
    node: t.field({ type: SearchHit, description: 'The thing itself.', resolve: ({ hit }) => nodeOf(hit) }),
    cursor: t.string({
      description: 'Its place in these results, for `after`.',
      resolve: ({ hit, page }) => page.cursor(hit),
    }),
    headline: t.string({
      description: 'Where the words stand, as safe HTML with the matched words in `<mark>`.',
      resolve: ({ hit }) => headlineHtml(hit),
    }),
  }),
});

const SearchConnection = builder.objectRef<HitConnection>('SearchConnection').implement({
  description: 'A page of what a search found, best matches first.',
  fields: (t) => ({
    edges: t.field({
      type: [SearchEdge],
      description: 'What was found, with cursors and headlines.',
      resolve: (page) => page.nodes.map((hit) => ({ hit, page })),
    }),
    nodes: t.field({
      type: [SearchHit],
      description: 'What was found, alone.',
      resolve: ({ nodes }) => nodes.map(nodeOf),
    }),
    pageInfo: t.field({ type: PageInfo, description: 'Where this page stands.', resolve: (page) => page }),
    totalCount: t.int({ description: 'How much was found.', resolve: (page) => page.totalCount() }),
  }),
});

const NOTHING = { name: 'search', types: [] };
const NOTHING_FOUND = createConnection<Hit>({
  list: NOTHING,
  page: { size: 0, backward: false, from: null, until: null },
  slice: { rows: [], behind: false, ahead: false },
  keyset: () => [],
  totalCount: () => 0,
});

function hitList(query: string, selection: Selection) {
  const { node } = selection;
  return {
    name: `search ${query}`,
    query: hitsQuery(selection.at('edges').has('headline') ? 'headline' : '', articleJson(node), authorJson(node)),
    keys: [query],
    keyset: ({ rank, kind, id }: Hit) => [rank, kind, id],
  };
}

builder.queryFields((t) => ({
  search: t.field({
    type: SearchConnection,
    description:
      'Articles, authors and topics by the words in them, best matches first. ' +
      'Understands words, "whole phrases", -without, begin* and OR.',
    args: {
      query: t.arg.string({ required: true, description: 'What a person typed, as it is.' }),
      first: t.arg.int({ description: 'Rows of a page; 20 unless said, at most 100.' }),
      after: t.arg.string({ description: 'Rows that follow this cursor.' }),
    },
    resolve(_, { query: typed, ...page }, context, info) {
      const query = searchQuery(typed);
      if (query) return hits.page(context, hitList(query, selectionOf(info)), page);
      parsePageArguments(page, NOTHING);
      return NOTHING_FOUND;
    },
  }),
}));
