import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeId } from '../schema/content/ids.ts';
import { startGateway, type TestGateway, tokenOf } from './gateway.ts';
import { ASKERS, type AskerName, GUEST, LINES, type Line, ROLES, type World } from './matrix-lines.ts';

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
