import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { pick, random, write } from './seed.ts';

interface Found {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
  edges: { cursor: string; headline: string; node: { kind: string; slug: string } }[];
}

const FOUND = `{ totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor headline node { kind: __typename
  ... on Article { slug } ... on Author { slug } ... on Topic { slug } } } }`;

let gateway: TestGateway;

const texts: [title: string, text: string][] = [
  ['The kestrel', 'A small falcon that hovers.'],
  ['On gardens', 'The kestrel is mentioned once, among sparrows and a quick brown fox.'],
  ['Foxes', 'A brown quick fox, and no birds.'],
  ['Sparrows in winter', 'Sparrows, sparrows and more sparrows; a gardener feeds them.'],
  [
    'Markup <script>alert("pelican")</script> & <b>bold</b>',
    'A <img src=x onerror=alert(1)> pelican & "quotes" \'single\' &lt;i&gt; </mark><mark>.',
  ],
  ['Unicode', 'Żółw café naïve Ünïcode 東京 タワー привет emoji 🦊.'],
  [
    "O'Reilly's C++ and node.js",
    'Read https://example.com/some/path or mail to someone@example.com about foo-bar and foo_bar.',
  ],
];

beforeAll(async () => {
  const next = random(5);
  // Many that are equally good, so that pages must hold in ties.
  const many = Array.from({ length: 150 }, (_, i) => ({
    id: 100 + i,
    title: `Heron ${pick(['', 'heron', 'bittern'], next)}`,
    text: pick(['', 'A heron stands.', 'Heron, heron, heron.'], next),
    at: i,
  }));
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [
        { id: 1, name: 'Ada Kestrel', bio: 'Watches herons.' },
        { id: 2, name: 'Bo Unpublished Kestrel' },
        { id: 3, name: 'Kestrel the guest', kind: 'GUEST' },
      ],
      topics: [
        { id: 1, name: 'Kestrel', description: 'Small falcons' },
        { id: 2, name: 'Kestrel without articles' },
      ],
      articles: [
        ...texts.map(([title, text], i) => ({ id: i + 1, title, text, topics: [1] })),
        ...many,
        { id: 50, title: 'Kestrel in a drawer', status: 'DRAFT' as const },
      ],
      comments: [{ id: 1, article: 1, author: 3 }],
    }),
  );
});

afterAll(() => gateway.stop());

async function search(query: string, args: { first?: number; after?: string | null } = {}): Promise<Found> {
  const { data, errors } = await gateway.ask<{ search: Found }>(
    `query ($query: String!, $first: Int, $after: String) { search(query: $query, first: $first, after: $after) ${FOUND} }`,
    { query, ...args },
  );
  expect(errors, query).toBeUndefined();
  return data.search;
}

const slugs = ({ edges }: Found): string[] => edges.map(({ node }) => node.slug);
const sorted = (found: Found): string[] => slugs(found).sort();

describe('a search', () => {
  it('finds articles by their words in any form, and names as they are written', async () => {
    expect(sorted(await search('kestrels'))).toEqual(['article-1', 'article-2']);
    const found = await search('kestrel', { first: 10 });
    expect(sorted(found)).toEqual(['article-1', 'article-2', 'author-1', 'topic-1']);
    expect(found.totalCount).toBe(4);
    expect(found.edges.map(({ node }) => node.kind).sort()).toEqual(['Article', 'Article', 'Author', 'Topic']);
    expect(slugs(found).at(-1)).toBe('article-2');
  });

  it.each([
    ['words, all of them', 'sparrow garden', ['article-2', 'article-4']],
    ['a phrase, in its order', '"quick brown fox"', ['article-2']],
    ['a phrase that was not closed', 'sparrows "quick brown fox', ['article-2']],
    ['without a word', 'fox -kestrel', ['article-3']],
    ['without a phrase', 'fox -"quick brown"', ['article-3']],
    ['a beginning', 'gard*', ['article-2', 'article-4']],
    ['one or the other', '"brown quick" OR "small falcon"', ['article-1', 'article-3', 'topic-1']],
    ['one or the other, each with others', 'fox kestrel OR fox birds', ['article-2', 'article-3']],
    ['words in capitals', 'KESTREL GARDENS', ['article-2']],
    ['only "or" in small letters as a word', 'pelican or', ['article-5']],
    ['words of other scripts', 'привет', ['article-6']],
    ['words with accents', 'żółw', ['article-6']],
    ['words with signs in them', "o'reilly", ['article-7']],
    ['addresses', 'someone@example.com', ['article-7']],
    ['nothing, for a word that is nowhere', 'albatross', []],
    ['words that are in every text, when there are no others', 'the', ['article-1', 'article-2']],
    ['what stands beside an asterisk alone', '* fox -birds', ['article-2']],
  ])('understands %s', async (_, query, expected) => {
    const found = await search(query);
    expect(sorted(found)).toEqual(expected);
    expect(found.totalCount).toBe(expected.length);
  });

  it('puts a word in the title before one in the text', async () => {
    expect(slugs(await search('sparrows'))).toEqual(['article-4', 'article-2']);
    expect(slugs(await search('foxes')).slice(0, 1)).toEqual(['article-3']);
  });

  it('gives every hit once, page by page, however many are equally good', async () => {
    for (const first of [7, 100]) {
      const whole: string[] = [];
      let after: string | null = null;
      for (;;) {
        const page: Found = await search('heron', { first, after });
        expect(page.totalCount).toBe(151);
        expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
        whole.push(...slugs(page));
        after = page.pageInfo.endCursor;
        if (!page.pageInfo.hasNextPage) break;
      }
      expect(whole).toHaveLength(151);
      expect(new Set(whole).size).toBe(151);
    }
  });

  it('pages from every single hit to the one after it', async () => {
    const { edges } = await search('heron', { first: 40 });
    for (const [i, { cursor }] of edges.slice(0, -1).entries())
      expect(slugs(await search('heron', { first: 1, after: cursor }))).toEqual([edges[i + 1]!.node.slug]);
  });

  it('refuses the cursor of another search, and sizes out of range, also when there is nothing to find', async () => {
    const { pageInfo } = await search('heron', { first: 1 });
    const query =
      'query ($query: String!, $first: Int, $after: String) { search(query: $query, first: $first, after: $after) { totalCount } }';
    for (const words of ['kestrel', 'heron -fox', '', '!!!'])
      for (const args of [{ after: pageInfo.endCursor }, { after: 'x' }, { after: '' }, { first: 101 }, { first: -1 }])
        expect((await gateway.ask(query, { query: words, ...args })).errors?.[0]?.extensions.code, words).toBe(
          'BAD_USER_INPUT',
        );
  });
});

describe('a headline', () => {
  /** HTML with nothing in it but text, character references and the marks. */
  const SAFE = /^([^<>&"']|&#\d+;|<mark>[^<>]*<\/mark>)*$/;

  it('marks the matching words', async () => {
    const { edges } = await search('sparrow');
    for (const { headline } of edges) expect(headline).toMatch(/<mark>[Ss]parrows?<\/mark>/);
    expect((await search('"quick brown"')).edges[0]!.headline).toMatch(/<mark>quick<\/mark> <mark>brown<\/mark>/);
    expect((await search('falcon')).edges.map(({ headline }) => headline).join()).toMatch(/<mark>falcons?<\/mark>/);
  });

  it('is safe HTML for every text', async () => {
    for (const query of [
      'pelican',
      'bold',
      'script',
      'alert',
      'quotes',
      'mark',
      'pelican -fox',
      '-fox',
      'onerror OR pelican',
    ])
      for (const { headline } of (await search(query, { first: 100 })).edges) expect(headline).toMatch(SAFE);
    const [hit] = (await search('pelican')).edges;
    expect(hit!.headline).toContain('<mark>pelican</mark>');
    expect(hit!.headline).not.toMatch(/<(?!\/?mark>)/);
  });

  it('leaves no mark of direction open, and closes none around it', async () => {
    const many = 'words '.repeat(60);
    await gateway.sql.query('UPDATE article SET body_text = $1 WHERE id = 6', [
      `${many}\u2066${many}\u2069 puffball \u202e${many}\u202c`,
    ]);
    const [hit] = (await search('puffball')).edges;
    expect(hit!.headline.replace(/words /g, '').trim()).toBe('<mark>puffball</mark> \u202e\u202c');
  });

  it('cannot be marked by the text itself', async () => {
    await gateway.sql.query(`UPDATE article SET body_text = $1, title = $1 WHERE id = 3`, [
      'Puffin \u{E000}fake\u{E001} <mark>fake</mark> &#60;mark&#62; \u{E000}',
    ]);
    const { edges } = await search('puffin');
    expect(edges).toHaveLength(1);
    expect(edges[0]!.headline).toMatch(SAFE);
    for (const [marked] of edges[0]!.headline.matchAll(/<mark>[^<]*<\/mark>/g))
      expect(marked).toBe('<mark>Puffin</mark>');
  });
});

describe('whatever is typed', () => {
  const SIGNS = [
    '&',
    '|',
    '!',
    '(',
    ')',
    ':',
    '*',
    '<->',
    '<2>',
    "'",
    '"',
    '\\',
    '-',
    ',',
    ';',
    '%',
    '_',
    '$1',
    '{',
    '}',
    '[',
    '?',
    '/',
    '`',
    '#',
    '@',
    '~',
    '^',
    '=',
    '+',
    '.',
    ':*',
    ':A',
    '&&',
    '||',
    '!!',
    '\t',
    '\n',
    '\u00a0',
    '\u200b',
    '\u202e',
    '\ufeff',
    '\u{E000}',
    '🦊',
    'e\u0301',
    'OR',
    'AND',
    'NOT',
    'ﬁ',
    'İ',
    'ß',
  ];
  const corpus = [
    '',
    ' ',
    '-',
    '--',
    '"',
    '""',
    '"" ""',
    '-"',
    '-""',
    '*',
    '**',
    'a*',
    '*a',
    '-a*',
    '"a*"',
    '-*',
    'OR',
    'OR OR',
    'OR a',
    'a OR',
    '-OR',
    'a OR OR b',
    'OR -a',
    '-a',
    '-a -b',
    '-a OR -b',
    "'",
    "''",
    "'''",
    "\\'",
    '\\',
    '\\\\',
    'a\\',
    "a\\'",
    "'a",
    "a''b",
    "x' & 'y",
    "x':* | !'y",
    "');DROP TABLE article;--",
    "' OR '1'='1",
    '1; SELECT pg_sleep(5)',
    '$$',
    '$x',
    '%s',
    ':a',
    'a:b:c',
    'a:*b',
    'a:ABCD',
    '((((',
    '))))',
    '!!!!a',
    'a & b',
    'a | b',
    'a <-> b',
    'a<->b',
    '<->',
    '<1000000>',
    'a <99999> b',
    '(a',
    'a)',
    '&a',
    '|a',
    '<script>',
    '</mark>',
    '&lt;',
    '&#60;',
    '../../etc/passwd',
    'http://[::1]/',
    '\u202e\u200b',
    '\u{1F468}\u200d\u{1F469}',
    '👍🏽',
    '東京タワー',
    '１２３',
    '①',
    '½',
    '٣',
    'क्षि',
    'Ⅷ',
    'a'.repeat(500),
    'ⱥ'.repeat(500),
    'Ⱥ'.repeat(500),
    'İ'.repeat(500),
    '字'.repeat(500),
    '"'.repeat(500),
    '-'.repeat(500),
    "'".repeat(500),
    '\\'.repeat(500),
    'a '.repeat(250),
    'a OR '.repeat(100),
    '-a '.repeat(166),
    '"a" '.repeat(125),
    'a-b-c-d-'.repeat(62),
    'a.b.'.repeat(125),
    'a/'.repeat(250),
    `${'a_'.repeat(249)}*`,
    '1e999',
    '-1e-999',
    '0x1F',
    '1.2.3.4.5',
    '𝒳𝓎𝓏*',
  ];

  it('is an answer, and nothing of it is read as an operator', async () => {
    for (const query of corpus) await search(query, { first: 3 });
    for (const sign of SIGNS)
      for (const query of [
        sign,
        `${sign}fox`,
        `fox${sign}`,
        `fox ${sign} kestrel`,
        `-${sign}`,
        `"${sign}`,
        `${sign}*`,
        `"fox${sign}kestrel"`,
      ])
        await search(query, { first: 3 });
    for (const query of ['kestrel | fox', 'kestrel & garden', '!kestrel & fox', 'kestrel <-> fox'])
      expect(sorted(await search(query)), query).toEqual(sorted(await search(query.replace(/[^a-z ]/g, ' '))));
  });

  it('at random is an answer', async () => {
    const next = random(17);
    const pieces = [...SIGNS, 'fox', 'kestrel', 'a', 'the', '1', ' ', ' ', ' '];
    const queries = Array.from({ length: 300 }, () =>
      Array.from({ length: Math.floor(next() * 12) }, () => pick(pieces, next))
        .join('')
        .slice(0, 500),
    );
    for (let at = 0; at < queries.length; at += 20) {
      const some = queries.slice(at, at + 20);
      const { errors } = await gateway.ask(
        `query (${some.map((_, i) => `$q${i}: String!`).join(' ')}) { ${some.map((_, i) => `s${i}: search(query: $q${i}, first: 2) { totalCount edges { headline } }`).join('\n')} }`,
        Object.fromEntries(some.map((query, i) => [`q${i}`, query])),
      );
      expect(errors, JSON.stringify(some)).toBeUndefined();
    }
  });

  it('is refused as bad input when it is too long, or no text at all', async () => {
    for (const query of [
      'x'.repeat(501),
      'x'.repeat(10_000),
      '"'.repeat(10_000),
      '🦊'.repeat(10_000),
      'a\0b',
      '\0',
      '\ud800',
      'a\udc00b',
      'fox\ud83e',
    ]) {
      const { status, data, errors } = await gateway.ask(
        'query ($query: String!) { search(query: $query) { totalCount } }',
        { query },
      );
      expect({ status, data, code: errors?.[0]?.extensions.code }).toEqual({
        status: 200,
        data: null,
        code: 'BAD_USER_INPUT',
      });
    }
  });
});
