import { encodeId } from '../../schema/content/ids.ts';
import { nestedLists } from './nested-lists.ts';

/** A request that an attacker sends. */
export interface HostileDocument {
  kind: string;
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

/** How much a document may have: characters and tokens. */
const CHARACTERS = 100_000;
const TOKENS = 5_000;

/** Sizes up to the largest, most of them near it, and one above it. */
function sizes(largest: number): number[] {
  return [0.01, 0.02, 0.035, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 1, 1.1].map((part) =>
    Math.max(1, Math.round(part * largest)),
  );
}

function times(count: number, one: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => one(i)).join(' ');
}

const ARTICLE = '{ article(slug: "article-1")';

/** Fragments of which each spreads the next one twice. */
function doubling(levels: number, between: (next: string) => string): string {
  return `${ARTICLE} { ...F0 } } ${times(levels, (i) => `fragment F${i} on Article { ${between(`...F${i + 1}`)} }`)} fragment F${levels} on Article { title }`;
}

const DOUBLINGS: Record<string, (next: string) => string> = {
  'fragments twice': (next) => `${next} ${next}`,
  'fragments twice below a field': (next) => `related(first: 1) { ${next} ${next} }`,
  'fragments below two aliases': (next) => `a: related(first: 1) { ${next} } b: related(first: 1) { ${next} }`,
  'fragments below two conditions': (next) => `... @include(if: $no) { ${next} } ... @skip(if: $no) { ${next} }`,
  'fragments below two conditional aliases': (next) =>
    `a: author @include(if: $no) { articles(first: 1) { nodes { ${next} } } } b: author @skip(if: $no) { articles(first: 1) { nodes { ${next} } } }`,
};

function* doublings(): Generator<HostileDocument> {
  for (const [kind, between] of Object.entries(DOUBLINGS))
    for (const levels of [2, 4, 6, 7, 8, 10, 12, 16, 22, 28, 64, 200, 400])
      yield {
        kind,
        query: doubling(levels, between).replace(
          '{',
          between('').includes('$no') ? 'query ($no: Boolean! = false) {' : '{',
        ),
        variables: { no: false },
      };
}

/** Documents that are one thing many times over, by kind. */
const REPEATED: Record<string, { largest: number; document(count: number): Omit<HostileDocument, 'kind'> }> = {
  'lists times bodies': {
    largest: 500,
    document: (n) => ({
      query: `{ ${times(n, (i) => `l${i}: articles(first: 100) { nodes { ...B } }`)} } fragment B on Article { ${times(n, (i) => `b${i}: body { html }`)} }`,
    }),
  },
  'one body by aliases': {
    largest: 1_200,
    document: (n) => ({ query: `${ARTICLE} { body { ${times(n, (i) => `b${i}: html`)} } } }` }),
  },
  'counts by aliases': {
    largest: 800,
    document: (n) => ({ query: `{ ${times(n, (i) => `c${i}: articles(first: ${i % 100}) { totalCount }`)} }` }),
  },
  'searches by aliases': {
    largest: 400,
    document: (n) => ({
      query: `{ ${times(n, (i) => `s${i}: search(query: "article OR t${i}*") { totalCount nodes { __typename } }`)} }`,
    }),
  },
  'searches with many operators': {
    largest: 250,
    document: (n) => ({
      query: `{ search(query: "${times(n, (i) => (i % 2 ? '-a*' : 'OR'))}") { totalCount edges { headline } } }`,
    }),
  },
  'nodes by aliases': {
    largest: 800,
    document: (n) => ({
      query: `{ ${times(n, (i) => `n${i}: node(id: "${encodeId(i % 2 ? 'Comment' : 'Article', i)}") { id ... on Article { title } ... on Comment { body { text } } }`)} }`,
    }),
  },
  'ids by hundreds': {
    largest: 45,
    document: (n) => ({
      query: `query ($ids: [ID!]!) { ${times(n, (i) => `n${i}: nodes(ids: $ids) { id ... on Comment { body { text } } }`)} }`,
      variables: { ids: Array.from({ length: 100 }, (_, i) => encodeId('Comment', i + 1)) },
    }),
  },
  'threads by aliases': {
    largest: 300,
    document: (n) => ({
      query: `${ARTICLE} { ${times(n, (i) => `t${i}: thread(first: 100, around: "${encodeId('Comment', i + 1)}") { rows { depth comment { body { html } } } }`)} } }`,
    }),
  },
  'wrong cursors': {
    largest: 90_000,
    document: (n) => ({
      query: `{ articles(after: "${'A'.repeat(n)}") { nodes { id } } topics(before: "${'9'.repeat(9)}") { nodes { id } } }`,
    }),
  },
  'introspection by aliases': {
    largest: 300,
    document: (n) => ({
      query: `{ ${times(n, (i) => `s${i}: __schema { types { name fields { name args { name } } } }`)} }`,
    }),
  },
  'introspection of a type by aliases': {
    largest: 300,
    document: (n) => ({
      query: `{ ${times(n, (i) => `t${i}: __type(name: "Article") { fields { name type { name ofType { name } } } }`)} }`,
    }),
  },
  'nested introspection': {
    largest: 190,
    document: (n) => ({ query: `{ __schema { types { ${'ofType { '.repeat(n)} name ${'}'.repeat(n)} } } }` }),
  },
  'introspection of fields of fields': {
    largest: 30,
    document: (n) => ({ query: `{ __schema { types { ${'fields { type { '.repeat(n)} name ${'} }'.repeat(n)} } } }` }),
  },
  'fields of one response name': {
    largest: 2_400,
    document: (n) => ({ query: `${ARTICLE} { ${times(n, () => 'title')} } }` }),
  },
  'objects of one response name': {
    largest: 700,
    document: (n) => ({ query: `${ARTICLE} { ${times(n, (i) => `author { n${i % 7}: name }`)} } }` }),
  },
  'conflicting fields': {
    largest: 1_200,
    document: (n) => ({ query: `${ARTICLE} { ${times(n, (i) => `x: ${['title', 'slug', 'excerpt'][i % 3]}`)} } }` }),
  },
  'unknown fields': {
    largest: 2_400,
    document: (n) => ({ query: `${ARTICLE} { ${times(n, (i) => `titel${i}`)} } }` }),
  },
  'long unknown fields': {
    largest: 90,
    document: (n) => ({ query: `${ARTICLE} { ${times(n, (i) => `commentCount${'x'.repeat(1_000)}${i}`)} } }` }),
  },
  variables: {
    largest: 1_000,
    document: (n) => ({
      query: `query (${times(n, (i) => `$v${i}: Int = ${i}`)}) { articles(first: $v1) { nodes { id } } }`,
      variables: Object.fromEntries(Array.from({ length: n }, (_, i) => [`v${i}`, i])),
    }),
  },
  'used variables': {
    largest: 500,
    document: (n) => ({
      query: `query (${times(n, (i) => `$v${i}: ID!`)}) { ${times(n, (i) => `n${i}: node(id: $v${i}) { id }`)} }`,
      variables: Object.fromEntries(Array.from({ length: n }, (_, i) => [`v${i}`, 'x'.repeat(100)])),
    }),
  },
  'unused fragments': {
    largest: 700,
    document: (n) => ({ query: `{ __typename } ${times(n, (i) => `fragment F${i} on Article { title }`)}` }),
  },
  'a chain of fragments': {
    largest: 600,
    document: (n) => ({
      query: `${ARTICLE} { ...F0 } } ${times(n, (i) => `fragment F${i} on Article { ...F${i + 1} }`)} fragment F${n} on Article { id }`,
    }),
  },
  'fragments in a circle': {
    largest: 600,
    document: (n) => ({
      query: `${ARTICLE} { ...F0 } } ${times(n, (i) => `fragment F${i} on Article { author { name } ...F${(i + 1) % n} }`)}`,
    }),
  },
  'fragments that all spread all': {
    largest: 38,
    document: (n) => ({
      query: `${ARTICLE} { ...F0 } } ${times(n, (i) => `fragment F${i} on Article { id ${times(n - i - 1, (j) => `...F${i + j + 1}`)} }`)}`,
    }),
  },
  operations: {
    largest: 1_200,
    document: (n) => ({ query: times(n, (i) => `query Q${i} { __typename }`), operationName: 'Q0' }),
  },
  'operations that share fragments': {
    largest: 300,
    document: (n) => ({
      query: `${times(n, (i) => `query Q${i} { ...F0 }`)} ${times(n, (i) => `fragment F${i} on Query { ...F${i + 1} }`)} fragment F${n} on Query { __typename }`,
      operationName: 'Q0',
    }),
  },
  directives: {
    largest: 800,
    document: (n) => ({ query: `{ __typename ${times(n, () => '@include(if: true)')} }` }),
  },
  'unknown directives': {
    largest: 2_000,
    document: (n) => ({ query: `{ __typename ${times(n, (i) => `@d${i}`)} }` }),
  },
  'conditions on aliases': {
    largest: 300,
    document: (n) => ({
      query: `query ($yes: Boolean! = true) { ${ARTICLE.slice(2)} { ${times(n, (i) => `a${i}: author @include(if: $yes) { name @skip(if: $yes) slug }`)} } }`,
    }),
  },
  strings: {
    largest: CHARACTERS - 200,
    document: (n) => ({ query: `{ article(slug: "${'é'.repeat(n)}") { id } }` }),
  },
  'block strings': {
    largest: CHARACTERS - 200,
    document: (n) => ({ query: `{ article(slug: """${'\n '.repeat(n / 2)}""") { id } }` }),
  },
  'unicode escapes': {
    largest: 12_000,
    document: (n) => ({ query: `{ article(slug: "${'\\u{1f600}'.repeat(n / 2)}${'\\ud83d'.repeat(n % 3)}") { id } }` }),
  },
  numbers: {
    largest: CHARACTERS - 200,
    document: (n) => ({ query: `{ articles(first: ${'9'.repeat(n)}) { nodes { id } } }` }),
  },
  names: {
    largest: CHARACTERS - 200,
    document: (n) => ({ query: `query ${'Q'.repeat(n)} { __typename }`, operationName: 'Q'.repeat(n) }),
  },
  comments: {
    largest: CHARACTERS - 200,
    document: (n) => ({ query: `#${'#\n'.repeat(n / 2)}\n{ __typename }` }),
  },
  'ignored characters': {
    largest: CHARACTERS - 200,
    document: (n) => ({ query: `\ufeff${', \t'.repeat(n / 3)}{ __typename }` }),
  },
  'repeated keys of an input': {
    largest: 1_000,
    document: (n) => ({ query: `mutation { react(input: { ${times(n, () => 'kind: LIKE')} }) { __typename } }` }),
  },
  'unknown keys of an input': {
    largest: 1_000,
    document: (n) => ({ query: `mutation { react(input: { ${times(n, (i) => `kindd${i}: 1`)} }) { __typename } }` }),
  },
  'distinct invalid documents': {
    largest: 400,
    document: (n) => ({ query: `{ d${n}: nothing ${times(400, (i) => `field${n}of${i}`)} }` }),
  },
  'distinct valid documents': {
    largest: 400,
    document: (n) => ({ query: `${ARTICLE} { ${times(550, (i) => `alias${n}of${i}: title`)} } }` }),
  },
};

const DEEP: Record<string, (depth: number) => Omit<HostileDocument, 'kind'>> = {
  'nested lists in a literal': (n) => ({ query: `{ nodes(ids: ${'['.repeat(n)}"x"${']'.repeat(n)}) { id } }` }),
  'nested objects in a literal': (n) => ({
    query: `mutation { addComment(input: ${'{ guest: '.repeat(n)}1${'}'.repeat(n)}) { __typename } }`,
  }),
  'nested selections': (n) => ({
    query: `{ topic(slug: "topic-1") ${'{ parent '.repeat(n)} { name } ${'}'.repeat(n)} }`,
  }),
  'nested inline fragments': (n) => ({ query: `{ ${'... { '.repeat(n)} __typename ${'}'.repeat(n)} }` }),
  'nested list types': (n) => ({ query: `query ($a: ${'['.repeat(n)}Int${']'.repeat(n)}) { __typename }` }),
  // As deep as JSON can be written by this process.
  'nested lists in a variable': (n) => ({
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: { ids: Array.from({ length: Math.min(n, 3_000) }).reduce<unknown>((inner) => [inner], 'x') },
  }),
  'nested objects in a variable': (n) => ({
    query: 'mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename } }',
    variables: { input: Array.from({ length: Math.min(n, 3_000) }).reduce<unknown>((guest) => ({ guest }), 1) },
  }),
};

const MUTATIONS: Record<string, string> = {
  addComment: '{ articleId: "QXJ0aWNsZTox", body: "x", guest: { name: "Ann", email: "a@b.c" } }',
  editComment: '{ id: "Q29tbWVudDox", body: "x" }',
  removeComment: '{ id: "Q29tbWVudDox" }',
  react: '{ commentId: "Q29tbWVudDox", kind: LIKE }',
  reportComment: '{ commentId: "Q29tbWVudDox", reason: "x" }',
  moderateComments: '{ comments: [{ id: "Q29tbWVudDox", version: 1 }], action: APPROVE }',
  createArticle: '{ title: "x", markdown: "x" }',
};

/** Requests that name what is not there, at several sizes. */
const WRONG: Record<string, (size: number) => Omit<HostileDocument, 'kind'>> = {
  'unknown operation names': (n) => ({ query: '{ __typename }', operationName: 'Q'.repeat(n) }),
  'unknown types': (n) => ({ query: `{ ${times(Math.min(n, 800), (i) => `... on Articel${i} { id }`)} }` }),
  'unknown arguments': (n) => ({
    query: `{ articles(${times(Math.min(n, 1_500), (i) => `frist${i}: 1`)}) { nodes { id } } }`,
  }),
  'wrong event cursors': (n) => ({ query: `${ARTICLE} { events(after: "${'A'.repeat(n)}") { cursor } } }` }),
  'subscriptions without a stream': (n) => ({
    query: `subscription { commentEvents(articleId: "${encodeId('Article', 1)}") { ${times(Math.min(n, 800), (i) => `c${i}: cursor`)} } }`,
  }),
};

function* mutations(): Generator<HostileDocument> {
  for (const [name, input] of Object.entries(MUTATIONS))
    for (const count of [20, 99, 300])
      yield {
        kind: 'mutations by aliases',
        query: `mutation { ${times(count, (i) => `m${i}: ${name}(input: ${input}) { __typename }`)} }`,
      };
}

/** Requests of many kinds, of each those that cost most for their size. Always the same. */
export function* hostileDocuments(): Generator<HostileDocument> {
  yield* doublings();
  for (const [kind, { largest, document }] of Object.entries(REPEATED))
    for (const count of new Set(sizes(largest).flatMap((size) => [size, size + 1]))) yield { kind, ...document(count) };
  for (const [kind, document] of Object.entries(DEEP))
    for (const depth of [50, 100, 190, 199, 200, 500, 1_000, 2_000, TOKENS / 2, 10_000])
      yield { kind, ...document(depth) };
  for (const [kind, document] of Object.entries(WRONG))
    for (const size of [1, 10, 100, 300, 600, 800, 1_500, 3_000, 10_000, 40_000]) yield { kind, ...document(size) };
  yield* mutations();
  for (const query of nestedLists()) yield { kind: 'lists within lists', query };
}
