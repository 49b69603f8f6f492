import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Role } from '../schema/content/context.ts';
import { encodeId } from '../schema/content/ids.ts';
import { startGateway, type TestGateway, tokenOf } from './gateway.ts';

/** Who asks. `guest` has the receipt of a comment; `reader` has written one; `writer` has written the articles. */
const ASKERS = ['nobody', 'guest', 'reader', 'writer', 'otherWriter', 'moderator', 'admin'] as const;
type AskerName = (typeof ASKERS)[number];

const ROLES: Partial<Record<AskerName, Role>> = {
  reader: 'READER',
  writer: 'WRITER',
  otherWriter: 'WRITER',
  moderator: 'MODERATOR',
  admin: 'ADMIN',
};

const SIGNED_IN: readonly AskerName[] = ['reader', 'writer', 'otherWriter', 'moderator', 'admin'];
const MODERATORS: readonly AskerName[] = ['moderator', 'admin'];
const WRITERS: readonly AskerName[] = ['writer', 'otherWriter', ...MODERATORS];
const EDITORS: readonly AskerName[] = ['writer', ...MODERATORS];

/** The objects that mutations act on, made for every cell that names them. */
interface World {
  asker: AskerName;
  article: string;
  draft: string;
  draftSlug: string;
  /** A member of staff who is none of those who ask, and a guest. */
  staffAuthor: string;
  guestAuthor: string;
  /** A public topic, and one of drafts alone. */
  topic: string;
  draftTopic: string;
  /** By a guest, and by `reader`; both public. */
  guestComment: string;
  readerComment: string;
  /** By the same guest, waiting for a moderator. */
  heldComment: string;
  /** By `reader`, waiting for a moderator. */
  readerHeld: string;
  /** By `reader`, public, with an edit that waits for a moderator. */
  readerEdited: string;
  /** Of the guest's comments, shown by `guest` alone; those of others are forged. */
  receipt: string | null;
  heldReceipt: string | null;
}

interface Line {
  name: string;
  document: string;
  variables?(world: World): Record<string, unknown>;
  /** What those who may get: the type of the result, or whether there is one. */
  allowed: { to: readonly AskerName[]; answer: string };
  /** What the others get: a code, or `nothing`. */
  refused: string;
  /** Those who get something else again. */
  besides?: Partial<Record<AskerName, string>>;
}

const GUEST = { name: 'Gil', email: 'gil@example.com' };

/** A mutation that takes `input`. What it answers is the type of its result, or the code of its refusal. */
function mutation(
  field: string,
  line: Omit<Line, 'document' | 'variables'> & { input(world: World): Record<string, unknown> },
): Line {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on Error { code message } } }`;
  return { ...line, document, variables: (world) => ({ input: line.input(world) }) };
}

/** A field that is null for those who may not have it. */
function field(document: string, line: Omit<Line, 'document' | 'refused'> & { refused?: string }): Line {
  return { refused: 'nothing', ...line, document };
}

const done = (to: readonly AskerName[], answer: string) => ({ to, answer });

// One line each: what is done, who may, and what becomes of the others.
const LINES: readonly Line[] = [
  mutation('addComment', {
    name: 'addComment, signed in or with a name',
    input: ({ article, asker }) => ({ articleId: article, body: 'Hello', ...(asker === 'guest' && { guest: GUEST }) }),
    allowed: done(['guest', ...SIGNED_IN], 'AddCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('addComment', {
    name: 'addComment on a draft',
    input: ({ draft }) => ({ articleId: draft, body: 'Hello', guest: GUEST }),
    allowed: done([], ''),
    refused: 'NOT_FOUND',
  }),
  mutation('addComment', {
    name: 'addComment in reply to a held comment',
    input: ({ article, heldComment }) => ({ articleId: article, parentId: heldComment, body: 'Hello', guest: GUEST }),
    allowed: done([], ''),
    refused: 'NOT_FOUND',
  }),
  mutation('editComment', {
    name: "editComment of the guest's",
    input: ({ guestComment, receipt }) => ({ id: guestComment, body: 'Other words', receipt }),
    allowed: done(['guest', ...MODERATORS], 'EditCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('editComment', {
    name: "editComment of the reader's",
    input: ({ readerComment, receipt }) => ({ id: readerComment, body: 'Other words', receipt }),
    allowed: done(['reader', ...MODERATORS], 'EditCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('editComment', {
    name: 'editComment of a held one',
    input: ({ heldComment, heldReceipt }) => ({ id: heldComment, body: 'Other words', receipt: heldReceipt }),
    allowed: done(['guest', ...MODERATORS], 'EditCommentSuccess'),
    refused: 'NOT_FOUND',
  }),
  mutation('removeComment', {
    name: "removeComment of the guest's",
    input: ({ guestComment, receipt }) => ({ id: guestComment, receipt }),
    allowed: done(['guest', ...MODERATORS], 'RemoveCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('removeComment', {
    name: "removeComment of the reader's",
    input: ({ readerComment, receipt }) => ({ id: readerComment, receipt }),
    allowed: done(['reader', ...MODERATORS], 'RemoveCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('removeComment', {
    name: 'removeComment of a held one',
    input: ({ heldComment, heldReceipt }) => ({ id: heldComment, receipt: heldReceipt }),
    allowed: done(['guest', ...MODERATORS], 'RemoveCommentSuccess'),
    refused: 'NOT_FOUND',
  }),
  mutation('react', {
    name: 'react',
    input: ({ guestComment }) => ({ commentId: guestComment, kind: 'LIKE' }),
    allowed: done(SIGNED_IN, 'ReactSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('react', {
    name: 'react to a held one',
    input: ({ heldComment }) => ({ commentId: heldComment, kind: 'LIKE' }),
    allowed: done([], ''),
    refused: 'NOT_FOUND',
    besides: { nobody: 'FORBIDDEN', guest: 'FORBIDDEN' },
  }),
  mutation('reportComment', {
    name: 'reportComment',
    input: ({ guestComment }) => ({ commentId: guestComment, reason: 'Advertising' }),
    allowed: done(SIGNED_IN, 'ReportCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('reportComment', {
    name: 'reportComment of a held one',
    input: ({ heldComment }) => ({ commentId: heldComment, reason: 'Advertising' }),
    allowed: done([], ''),
    refused: 'NOT_FOUND',
    besides: { nobody: 'FORBIDDEN', guest: 'FORBIDDEN' },
  }),
  ...['APPROVE', 'REJECT', 'SPAM', 'REMOVE', 'RESTORE', 'PIN', 'UNPIN'].map((action) =>
    mutation('moderateComments', {
      name: `moderateComments: ${action}`,
      input: ({ readerComment }) => ({ comments: [{ id: readerComment, version: 1 }], action }),
      allowed: done(MODERATORS, 'ModerateCommentsSuccess'),
      refused: 'FORBIDDEN',
    }),
  ),
  field('{ viewer { role author { id } } }', { name: 'viewer', allowed: done(SIGNED_IN, 'something') }),
  field('{ moderationQueue { nodes { id body { text } } } }', {
    name: 'moderationQueue',
    allowed: done(MODERATORS, 'something'),
    refused: 'FORBIDDEN',
  }),
  field('{ moderationQueue(reported: true) { nodes { id } } }', {
    name: 'moderationQueue, reported',
    allowed: done(MODERATORS, 'something'),
    refused: 'FORBIDDEN',
  }),
  field('query ($id: ID!) { comment(id: $id) { moderation { guestEmail history { at } reports { reason } } } }', {
    name: 'Comment.moderation',
    variables: ({ guestComment }) => ({ id: guestComment }),
    allowed: done(MODERATORS, 'something'),
  }),
  field('query ($id: ID!) { comment(id: $id) { body { text } } }', {
    name: 'comment, held',
    variables: ({ heldComment }) => ({ id: heldComment }),
    allowed: done([], ''),
  }),
  ...['comment', 'node'].map((name) =>
    field(`query ($id: ID!) { ${name}(id: $id) { ... on Comment { status body { text } viewer { reasons } } } }`, {
      name: `${name}, a held one of the reader's`,
      variables: ({ readerHeld }) => ({ id: readerHeld }),
      allowed: done(['reader'], 'something'),
    }),
  ),
  field('{ viewer { comments { nodes { id status } } } }', {
    name: 'Viewer.comments',
    allowed: done(SIGNED_IN, 'something'),
  }),
  field('query ($id: ID!) { comment(id: $id) { root { id } sortKey version } }', {
    name: 'Comment.root, sortKey and version',
    variables: ({ readerComment }) => ({ id: readerComment }),
    allowed: done(ASKERS, 'something'),
  }),
  field('query ($receipt: String!) { commentByReceipt(receipt: $receipt) { id body { text } } }', {
    name: 'commentByReceipt, held',
    variables: ({ heldReceipt }) => ({ receipt: heldReceipt ?? 'AAAAAQAAAAAAAAAAAAAAAAAAAAA' }),
    allowed: done(['guest'], 'something'),
  }),
  field('query ($receipt: String!) { guestAccess(receipt: $receipt) { canEdit canRemove } }', {
    name: 'guestAccess, held',
    variables: ({ heldReceipt }) => ({ receipt: heldReceipt ?? 'AAAAAQAAAAAAAAAAAAAAAAAAAAA' }),
    allowed: done(['guest'], 'something'),
  }),
  field('query ($id: ID!) { comment(id: $id) { pendingBody { text } } }', {
    name: 'Comment.pendingBody',
    variables: ({ readerEdited }) => ({ id: readerEdited }),
    allowed: done(['reader', ...MODERATORS], 'something'),
  }),
  mutation('createArticle', {
    name: 'createArticle',
    input: () => ({ title: 'New', markdown: 'Words' }),
    allowed: done(WRITERS, 'ArticleSuccess'),
    refused: 'FORBIDDEN',
  }),
  ...(['updateArticle', 'publishArticle', 'unpublishArticle'] as const).flatMap((name) => {
    const input = (id: string) => (name === 'updateArticle' ? { id, expectedVersion: 1, title: 'Other' } : { id });
    return [
      mutation(name, {
        name: `${name} of a public one`,
        input: ({ article }) => input(article),
        allowed: done(EDITORS, 'ArticleSuccess'),
        refused: 'FORBIDDEN',
      }),
      mutation(name, {
        name: `${name} of a draft`,
        input: ({ draft }) => input(draft),
        allowed: done(EDITORS, 'ArticleSuccess'),
        refused: 'FORBIDDEN',
        besides: { otherWriter: 'NOT_FOUND' },
      }),
    ];
  }),
  mutation('deleteArticle', {
    name: 'deleteArticle of a draft',
    input: ({ draft }) => ({ id: draft, expectedVersion: 1 }),
    allowed: done(['admin'], 'DeleteArticleSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('deleteArticle', {
    name: 'deleteArticle of a public one',
    input: ({ article }) => ({ id: article, expectedVersion: 1 }),
    allowed: done([], ''),
    refused: 'FORBIDDEN',
    besides: { admin: 'CONFLICT' },
  }),
  mutation('updateProfile', {
    name: 'updateProfile of oneself',
    input: () => ({ bio: 'Some words' }),
    allowed: done(SIGNED_IN, 'ProfileSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('updateProfile', {
    name: 'updateProfile of another member of staff',
    input: ({ staffAuthor }) => ({ authorId: staffAuthor, bio: 'Some words' }),
    allowed: done(['admin'], 'ProfileSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('updateProfile', {
    name: 'updateProfile of a guest',
    input: ({ guestAuthor }) => ({ authorId: guestAuthor, bio: 'Some words' }),
    allowed: done([], ''),
    refused: 'FORBIDDEN',
  }),
  ...(['updateTopic', 'mergeTopics'] as const).flatMap((name) =>
    (['a public topic', 'a topic of drafts'] as const).map((what) =>
      mutation(name, {
        name: `${name} of ${what}`,
        input({ topic, draftTopic }) {
          const [acted, other] = what === 'a public topic' ? [topic, draftTopic] : [draftTopic, topic];
          return name === 'updateTopic' ? { id: acted, name: 'Other' } : { from: acted, into: other };
        },
        allowed: done(MODERATORS, 'TopicSuccess'),
        refused: 'FORBIDDEN',
      }),
    ),
  ),
  field('query ($id: ID!) { node(id: $id) { id } }', {
    name: 'node, a topic of drafts',
    variables: ({ draftTopic }) => ({ id: draftTopic }),
    allowed: done(WRITERS, 'something'),
  }),
  field('query ($slug: String!) { article(slug: $slug) { title body { text } } }', {
    name: 'article, a draft',
    variables: ({ draftSlug }) => ({ slug: draftSlug }),
    allowed: done(EDITORS, 'something'),
  }),
  field('query ($id: ID!) { node(id: $id) { id } }', {
    name: 'node, a draft',
    variables: ({ draft }) => ({ id: draft }),
    allowed: done(EDITORS, 'something'),
  }),
  field('query ($id: ID!) { node(id: $id) { ... on Article { revisions { totalCount nodes { version } } } } }', {
    name: 'Article.revisions',
    variables: ({ article }) => ({ id: article }),
    allowed: done(EDITORS, 'something'),
  }),
];

interface Result {
  data?: Record<string, unknown> | null;
  errors?: readonly { extensions?: Record<string, unknown> }[];
}

/** What an answer says, in a word: a type, a code, `something` or `nothing`. */
function wordOf({ data, errors }: Result): string {
  if (errors) return String(errors[0]?.extensions?.code);
  // Follows the only field of each level down to the field that the right is about.
  let value: unknown = data;
  for (;;) {
    if (value === null) return 'nothing';
    const fields = Object.entries(value as object);
    if (typeof (value as { code?: unknown }).code === 'string') return (value as { code: string }).code;
    if (typeof (value as { __typename?: unknown }).__typename === 'string')
      return (value as { __typename: string }).__typename;
    if (fields.length !== 1 || typeof fields[0]![1] !== 'object' || Array.isArray(fields[0]![1])) return 'something';
    value = fields[0]![1];
  }
}

let gateway: TestGateway;
const authorization = new Map<AskerName, string>();
const clients = new Map<AskerName, Client>();
const transports = {
  POST: (asker: AskerName, line: Line, variables: Record<string, unknown>): Promise<Result> =>
    gateway
      .showing(authorization.get(asker))
      .ask(line.document, variables)
      .then(({ data, errors }) => ({ data, ...(errors && { errors }) })),
  WebSocket: (asker: AskerName, line: Line, variables: Record<string, unknown>): Promise<Result> =>
    new Promise((resolve, reject) => {
      clients
        .get(asker)!
        .subscribe(
          { query: line.document, variables },
          { next: (result) => resolve(result as Result), error: reject, complete: () => {} },
        );
    }),
};

let writerId: number;
let made = 0;

beforeAll(async () => {
  gateway = await startGateway();
  for (const asker of ASKERS) {
    const role = ROLES[asker];
    if (role) authorization.set(asker, `Bearer ${await tokenOf({ name: asker, role })}`);
    clients.set(
      asker,
      createClient({
        url: gateway.url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        lazy: false,
        retryAttempts: 0,
        connectionParams: { authorization: authorization.get(asker) },
      }),
    );
  }
  const { data } = await gateway
    .showing(authorization.get('writer'))
    .ask<{ viewer: { author: { id: string } } }>('{ viewer { author { id } } }');
  writerId = Number(Buffer.from(data.viewer.author.id, 'base64url').toString().split(':')[1]);
});

afterAll(async () => {
  for (const client of clients.values()) await client.dispose();
  await gateway.stop();
});

async function makeArticle(status: string, policy: string): Promise<{ id: number; slug: string }> {
  const slug = `article-${++made}`;
  const { rows } = await gateway.sql.query<{ id: number }>(
    `INSERT INTO article (slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id, comment_policy)
     VALUES ($1, 'T', '', '', '', '', $2, now(), $3, $4) RETURNING id`,
    [slug, status, writerId, policy],
  );
  return { id: rows[0]!.id, slug };
}

async function comment(by: AskerName, articleId: number): Promise<{ id: string; receipt: string | null }> {
  const { data } = await gateway
    .showing(authorization.get(by))
    .ask<{ addComment: { comment: { id: string }; receipt: string | null } }>(
      `mutation ($input: AddCommentInput!) {
        addComment(input: $input) { ... on AddCommentSuccess { comment { id } receipt } } }`,
      { input: { articleId: encodeId('Article', articleId), body: 'Words', ...(by === 'guest' && { guest: GUEST }) } },
    );
  return { id: data.addComment.comment.id, receipt: data.addComment.receipt };
}

/** A public comment by the reader with an edit that waits. */
async function editedComment(articleId: number): Promise<string> {
  const { id } = await comment('reader', articleId);
  await gateway
    .showing(authorization.get('reader'))
    .ask('mutation ($input: EditCommentInput!) { editComment(input: $input) { __typename } }', {
      input: { id, body: 'https://a.example https://b.example https://c.example' },
    });
  return id;
}

/** A topic of one article. */
async function makeTopic(articleId: number): Promise<string> {
  const { rows } = await gateway.sql.query<{ topic_id: number }>(
    `WITH made AS (INSERT INTO topic (slug, name) VALUES ($1, $1) RETURNING id)
     INSERT INTO article_topic (article_id, topic_id) SELECT $2, id FROM made RETURNING topic_id`,
    [`topic-${++made}`, articleId],
  );
  return encodeId('Topic', rows[0]!.topic_id);
}

async function makeAuthor(kind: string): Promise<string> {
  const { rows } = await gateway.sql.query<{ id: number }>(
    'INSERT INTO author (slug, name, kind) VALUES ($1, $1, $2) RETURNING id',
    [`person-${++made}`, kind],
  );
  return encodeId('Author', rows[0]!.id);
}

/** The objects of a world, each made when it is asked for. */
function makers(asker: AskerName): { [Name in keyof World]: () => Promise<World[Name]> } {
  const article = once(() => makeArticle('PUBLISHED', 'OPEN'));
  const moderated = once(() => makeArticle('PUBLISHED', 'MODERATED'));
  const draft = once(() => makeArticle('DRAFT', 'OPEN'));
  const byGuest = once(async () => comment('guest', (await article()).id));
  const held = once(async () => comment('guest', (await moderated()).id));
  return {
    asker: async () => asker,
    article: async () => encodeId('Article', (await article()).id),
    draft: async () => encodeId('Article', (await draft()).id),
    draftSlug: async () => (await draft()).slug,
    staffAuthor: () => makeAuthor('STAFF'),
    guestAuthor: () => makeAuthor('GUEST'),
    topic: async () => makeTopic((await article()).id),
    draftTopic: async () => makeTopic((await draft()).id),
    guestComment: async () => (await byGuest()).id,
    readerComment: async () => (await comment('reader', (await article()).id)).id,
    heldComment: async () => (await held()).id,
    readerHeld: async () => (await comment('reader', (await moderated()).id)).id,
    readerEdited: async () => editedComment((await article()).id),
    receipt: async () => (asker === 'guest' ? (await byGuest()).receipt : null),
    heldReceipt: async () => (asker === 'guest' ? (await held()).receipt : null),
  };
}

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** A world with the objects that the line names. The others would take most of the time of these tests. */
async function makeWorld(asker: AskerName, { variables }: Line): Promise<World> {
  const names = new Set<keyof World>();
  const nothing = { asker } as World;
  variables?.(new Proxy(nothing, { get: (_, name) => names.add(name as keyof World) && nothing[name as keyof World] }));
  const make = makers(asker);
  const world = { asker } as Record<keyof World, unknown>;
  for (const name of names) world[name] = await make[name]();
  return world as World;
}

/** The same world, in which what is hidden has never been. */
function withoutHidden(world: World): World {
  return {
    ...world,
    draft: encodeId('Article', 2_000_000_000),
    draftSlug: 'never-written',
    draftTopic: encodeId('Topic', 2_000_000_000),
    heldComment: encodeId('Comment', 2_000_000_000),
    readerHeld: encodeId('Comment', 2_000_000_000),
  };
}

describe.each(['POST', 'WebSocket'] as const)('over %s', (transport) => {
  it.each(LINES.map((line) => [line.name, line] as const))('%s', async (_, line) => {
    const answers: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const asker of ASKERS) {
      const world = await makeWorld(asker, line);
      const ask = (its: World) => transports[transport](asker, line, line.variables?.(its) ?? {});
      const answer = await ask(world);
      answers[asker] = wordOf(answer);
      expected[asker] = line.allowed.to.includes(asker) ? line.allowed.answer : (line.besides?.[asker] ?? line.refused);
      // The response for a hidden object equals the response for an absent one, byte for byte.
      if (expected[asker] === 'NOT_FOUND' || expected[asker] === 'nothing')
        expect(JSON.stringify(await ask(withoutHidden(world)))).toBe(JSON.stringify(answer));
    }
    expect(answers).toEqual(expected);
  });
});

describe('the matrix', () => {
  it('has every mutation of the graph', async () => {
    const { data } = await gateway.ask<{ __schema: { mutationType: { fields: { name: string }[] } } }>(
      '{ __schema { mutationType { fields { name } } } }',
    );
    const named = new Set(LINES.map(({ name }) => name.split(/\W/, 1)[0]));
    expect(data.__schema.mutationType.fields.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
  });
});
