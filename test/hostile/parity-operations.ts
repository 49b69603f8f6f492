import { encodeId } from '../../schema/content/ids.ts';
import { ARTICLE, COMMENT, TOPIC } from '../full-documents.ts';
import { Documents } from '../random-documents.ts';
import { random } from '../seed.ts';
import { hostileDocuments } from './documents.ts';
import type { OperationParameters } from './replies.ts';

/** Of the hostile documents each of this many is sent: 20 or so. */
const EVERY = 41;
/** Documents of random shapes. */
const RANDOM = 20;
const MISSING = encodeId('Comment', 999);

const QUERIES = [
  '{ __typename }',
  '{ article(slug: "once-article-1") { id title slug } }',
  '{ article(slug: "none") { title } }',
  '{ articles(first: 2) { totalCount edges { cursor node { title topics { name } author { name } } } pageInfo { hasNextPage endCursor } } }',
  '{ articles(first: 1) { nodes { comments(first: 2) { nodes { id body { text html } replies(first: 2) { nodes { depth } } } } } } }',
  `{ article(slug: "article-1") { liveCursor thread(first: 3) { liveCursor rows { depth comment { id } } } } }`,
  `{ article(slug: "article-1") { thread(around: "${COMMENT}") { rows { depth } } } }`,
  `{ nodes(ids: ["${ARTICLE}", "x", "${MISSING}", "${COMMENT}"]) { __typename id } }`,
  '{ search(query: "title OR author") { totalCount edges { headline } } }',
  '{ search(query: "") { totalCount } }',
  '{ topic(slug: "topic-2") { parent { name } articles { totalCount } } }',
  '{ __schema { queryType { name } } __type(name: "ErrorCode") { enumValues { name } } }',
  // Errors of fields, beside data and instead of it.
  '{ articles(first: 101) { totalCount } }',
  '{ articles(first: -1) { totalCount } }',
  '{ articles(first: 1, last: 1) { totalCount } }',
  '{ articles(after: "nonsense") { nodes { id } } }',
  '{ articles(where: { status: DRAFT }) { totalCount } }',
  '{ viewer { name } article(slug: "article-1") { title } }',
  '{ moderationQueue { nodes { id } } }',
  '{ administration { forbiddenWords } }',
  '{ commentByReceipt(receipt: "forged") { id } }',
  '{ article(slug: "article-1") { events(after: "nonsense") { nodes { __typename } } title } }',
  '{ a: article(slug: "article-1") { comments(first: 1000) { totalCount } } b: article(slug: "article-1") { title } }',
  // Documents that are not valid.
  '',
  ' ',
  '{',
  '}',
  '\0',
  '{ nothing }',
  '{ article { title } }',
  '{ article(slug: 1) { title } }',
  '{ article(slug: "a", slog: "b") { title } }',
  '{ article(slug: "a") }',
  '{ __typename { x } }',
  '{ ...F }',
  '{ __typename } fragment F on Query { __typename }',
  'fragment F on Query { __typename }',
  'type Query { a: Int }',
  'query A { a: __typename } query A { b: __typename }',
  '{ a: __typename } query B { b: __typename }',
  'query ($a: Int, $a: Int) { __typename }',
  'query ($a: Nothing) { __typename }',
  '{ __typename @skip }',
  '{ articles(orderBy: SIDEWAYS) { totalCount } }',
  '{ articles(first: 99999999999) { totalCount } }',
  '{ article(slug: "\\u{110000}") { title } }',
  '{ article(slug: "\\ud83d") { title } }',
  '{ article(slug: "💥\u2028") { title } }',
  '\ufeff{ __typename } # 🦊',
  `{ a${'b'.repeat(2_000)} }`,
  // Too expensive, alone and beside what is not.
  '{ articles(first: 100) { nodes { author { articles(first: 100) { nodes { id } } } } } }',
  '{ articles(first: 100) { nodes { comments(first: 100) { nodes { replies(first: 100) { totalCount } } } } } }',
];

const NAMED = 'query A { a: __typename } query B { b: __typename }';
const BY_SLUG =
  'query ($slug: String!, $n: Int = 1) { article(slug: $slug) { title comments(first: $n) { totalCount } } }';

const WITH_VARIABLES: OperationParameters[] = [
  { query: BY_SLUG, variables: { slug: 'article-1' } },
  { query: BY_SLUG, variables: { slug: 'article-1', n: null } },
  { query: BY_SLUG, variables: { slug: 'article-1', n: 101 } },
  { query: BY_SLUG, variables: { slug: 'article-1', n: 1.5 } },
  { query: BY_SLUG, variables: { slug: 'article-1', n: '1' } },
  { query: BY_SLUG, variables: { slug: 'article-1', n: 1e100 } },
  { query: BY_SLUG, variables: { slug: 'article-1', unknown: [{}] } },
  { query: BY_SLUG, variables: { slug: '\0\ud800💥' } },
  { query: BY_SLUG, variables: { slug: null } },
  { query: BY_SLUG, variables: { slug: { toString: 1 } } },
  { query: BY_SLUG, variables: JSON.parse('{"__proto__": {"slug": "article-1"}, "constructor": 1}') },
  { query: BY_SLUG, variables: {} },
  { query: BY_SLUG },
  { query: NAMED, operationName: 'B' },
  { query: NAMED, operationName: 'C' },
  { query: NAMED, operationName: '' },
  { query: NAMED },
  { query: '{ __typename }', operationName: 'A' },
  { query: '{ __typename }', operationName: '__proto__' },
  {
    query: 'query ($where: ArticleFilter) { articles(where: $where) { totalCount } }',
    variables: { where: { topic: 'topic-1', nothing: 1 } },
  },
  { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: Array(101).fill(ARTICLE) } },
  { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: [ARTICLE, null] } },
];

const ADD = `mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename
  ... on AddCommentSuccess { comment { body { text html } author { name } } } ... on Error { code message } } }`;
const guest = { name: 'Ann', email: 'ann@example.com' };

/** Mutations that leave the same behind and get the same answer however often they are sent. */
const MUTATIONS: OperationParameters[] = [
  { query: ADD, variables: { input: { articleId: ARTICLE, body: 'Said *again*', guest } } },
  { query: ADD, variables: { input: { articleId: ARTICLE, body: '', guest } } },
  { query: ADD, variables: { input: { articleId: ARTICLE, body: 'x'.repeat(10_001), guest } } },
  { query: ADD, variables: { input: { articleId: ARTICLE, body: 'x' } } },
  { query: ADD, variables: { input: { articleId: ARTICLE, body: 'x', guest: { name: '', email: 'nowhere' } } } },
  { query: ADD, variables: { input: { articleId: TOPIC, body: 'x', guest } } },
  { query: ADD, variables: { input: { articleId: ARTICLE, parentId: MISSING, body: 'x', guest } } },
  { query: ADD, variables: { input: { articleId: ARTICLE, body: 'x', guest, status: 'VISIBLE' } } },
  { query: ADD, variables: { input: [] } },
  { query: ADD },
  { query: `mutation { react(input: { commentId: "${COMMENT}", kind: LIKE }) { __typename ... on Error { code } } }` },
  { query: `mutation { removeComment(input: { id: "${COMMENT}" }) { __typename ... on Error { code message } } }` },
  { query: 'mutation { createArticle(input: { title: "x", markdown: "x" }) { __typename ... on Error { code } } }' },
  { query: 'mutation { nothing }' },
  { query: `mutation A { __typename } mutation B { __typename }`, operationName: 'B' },
];

/** Subscriptions that end at once: those that go on are tested with their events. */
const SUBSCRIPTIONS: OperationParameters[] = [
  { query: `subscription { commentAdded(articleId: "${TOPIC}") { id } }` },
  { query: 'subscription { commentAdded(articleId: "nonsense") { id } }' },
  { query: 'subscription { commentAdded { id } }' },
  { query: `subscription { commentEvents(articleId: "${TOPIC}") { cursor } }` },
  { query: `subscription { commentEvents(articleId: "${ARTICLE}", after: [1]) { cursor } }` },
  { query: 'subscription ($id: ID!) { commentEvents(articleId: $id) { cursor } }' },
  { query: `subscription { commentAdded(articleId: "${ARTICLE}") { id } articlePublished { id } }` },
  { query: `subscription { __typename }` },
  {
    query: `subscription { articlePublished { author { articles(first: 100) { nodes { comments(first: 100) { totalCount } } } } } }`,
  },
];

export type OperationKind = 'query' | 'mutation' | 'subscription';

export interface ParityOperation {
  kind: OperationKind;
  parameters: OperationParameters;
}

/** Operations of all kinds, of which many are refused. Mutations come last, since they change what others read. */
export function* parityOperations(): Generator<ParityOperation> {
  for (const query of QUERIES) yield { kind: 'query', parameters: { query } };
  for (const parameters of WITH_VARIABLES) yield { kind: 'query', parameters };
  for (const parameters of SUBSCRIPTIONS) yield { kind: 'subscription', parameters };
  const next = random(5);
  for (let i = 0; i < RANDOM; i++) {
    const query = new Documents(next).document(3).text;
    if (query.length < 12_000) yield { kind: 'query', parameters: { query } };
  }
  let count = 0;
  for (const { kind: _, ...parameters } of hostileDocuments()) {
    count += 1;
    if (count % EVERY !== 0) continue;
    const kind = /^\s*mutation/.test(parameters.query) ? 'mutation' : 'query';
    yield { kind, parameters };
  }
  for (const parameters of MUTATIONS) yield { kind: 'mutation', parameters };
}
