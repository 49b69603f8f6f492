import { type GraphQLObjectType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { declarationOf } from '../schema/graph/field-declarations.ts';
import { schema } from '../schema/index.ts';
import { asSeen } from './as-seen.ts';
import type { Client } from './client.ts';
import {
  answeredFields,
  differences,
  pathsFrom,
  queriesForEveryField,
  type Response,
  type SampleArguments,
  subscriptionTo,
} from './every-field.ts';
import { NO_COST_LIMIT, startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

/** Fields that give the time of the answer, which differs between two requests. */
const TIMES_OF_ANSWERING = ['CaughtUp.at', 'ResyncRequired.at'];

const GUEST = { name: 'Gus', email: 'gus@example.com' };

interface Viewer {
  name: string;
  /** Readers must get the same answer unless a field declares one for each viewer. */
  isReader: boolean;
  client: Client;
}

let gateway: TestGateway;
let viewers: Viewer[];
let moderator: Viewer;
let samples: SampleArguments;
let draftId: string;
let reportedId: string;

beforeAll(async () => {
  gateway = await startGateway(async (sql) => {
    await write(sql, {
      authors: [{ id: 1, name: 'Wes', bio: 'Writes.' }],
      topics: [
        { id: 1, name: 'City', description: 'Streets' },
        { id: 2, parent: 1 },
      ],
      articles: [
        { id: 1, topics: [1, 2], cover: true, formerSlugs: ['article-one'] },
        { id: 2, topics: [1], policy: 'MODERATED' },
        { id: 3, status: 'ARCHIVED' },
        { id: 4, status: 'SCHEDULED' },
      ],
      comments: [
        { id: 1, article: 1, reactions: [1, 0, 2, 0, 0] },
        { id: 2, article: 3 },
      ],
    });
    await sql.query(`UPDATE article SET cover_url = '/media/' || repeat('0', 32) || '-640x480.jpg' WHERE id = 1`);
  }, NO_COST_LIMIT);
  const person = (name: string, role: 'READER' | 'WRITER' | 'MODERATOR' | 'ADMIN'): Viewer => ({
    name,
    isReader: role === 'READER',
    client: gateway.as({ name, role }),
  });
  const [bea, cem, wes, vera, mona, ada] = [
    person('Bea', 'READER'),
    person('Cem', 'READER'),
    person('Wes', 'WRITER'),
    person('Vera', 'WRITER'),
    person('Mona', 'MODERATOR'),
    person('Ada', 'ADMIN'),
  ];
  moderator = mona;
  viewers = [{ name: 'an anonymous viewer', isReader: true, client: gateway }, bea, cem, wes, vera, mona, ada];
  await gateway.sql.query(
    `INSERT INTO maintenance_task (kind, requested_by_id, started_at, ended_at, findings, error)
     VALUES ('VERIFY', 1, now(), now(), '[{ "description": "rows", "count": 1 }]', 'Failed')`,
  );
  samples = await writeSamples({ bea: bea.client, cem: cem.client, wes: wes.client, mona: mona.client });
});

afterAll(() => gateway.stop());

/** Runs a mutation that must succeed. */
async function mutate<Result>(
  client: Client,
  name: string,
  { select = '__typename', ...input }: { select?: string; [field: string]: unknown },
): Promise<Result> {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const { data, errors } = await client.ask<Record<string, Result & { message?: string }>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ... on Error { message } ${select} } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  expect(data[name]!.message).toBeUndefined();
  return data[name]!;
}

interface Added {
  id: string;
  receipt: string;
}

async function addComment(client: Client, input: Record<string, unknown>): Promise<Added> {
  const { comment, receipt } = await mutate<{ comment: { id: string }; receipt: string }>(client, 'addComment', {
    select: '... on AddCommentSuccess { comment { id } receipt }',
    articleId: encodeId('Article', 1),
    ...input,
  });
  return { id: comment.id, receipt };
}

type People = Record<'bea' | 'cem' | 'wes' | 'mona', Client>;

/** Comments of every status, edited, reacted to, reported and pinned. The guest's is last. */
async function writeComments({ bea, cem, mona }: People): Promise<Added[]> {
  const articleId = encodeId('Article', 2);
  const plain = await addComment(bea, { body: 'A comment of a reader' });
  const reply = await addComment(cem, { body: 'A reply', parentId: plain.id });
  const removed = await addComment(bea, { body: 'A comment that is removed' });
  await addComment(cem, { body: 'A reply to it', parentId: removed.id });
  const rejected = await addComment(bea, { body: 'A comment that is rejected' });
  const held = await addComment(bea, { body: 'A comment that waits', articleId });
  const heldOfGuest = await addComment(gateway, { body: 'A comment of a guest', articleId, guest: GUEST });

  await mutate(bea, 'editComment', { id: plain.id, body: 'A comment, edited' });
  await mutate(cem, 'editComment', { id: reply.id, body: 'https://a.example https://b.example https://c.example' });
  for (const commentId of [plain.id, reply.id]) {
    await mutate(bea, 'react', { commentId, kind: 'LIKE' });
    await mutate(cem, 'react', { commentId, kind: 'SAD' });
  }
  await mutate(bea, 'updateProfile', { url: 'https://example.com/bea' });
  // Otherwise their events change the log between the requests that are compared.
  await until('the reactions and the profile are in the log', async () => {
    const { rows } = await gateway.sql.query('SELECT FROM comment_reaction_notice UNION ALL SELECT FROM author_notice');
    return rows.length === 0;
  });
  await mutate(cem, 'reportComment', { commentId: plain.id, reason: 'Rude' });
  const decide = async (action: string, { id }: Added) =>
    mutate(mona, 'moderateComments', { action, comments: await asSeen(gateway.sql, [id]), reason: 'A reason' });
  await decide('REMOVE', removed);
  await decide('REJECT', rejected);
  await decide('PIN', plain);
  return [plain, reply, removed, rejected, held, heldOfGuest];
}

interface Saved {
  article: { id: string; slug: string; version: number };
}

/** A draft of the writer, and a published article of theirs with revisions and a comment. */
async function writeArticles({
  wes,
}: People): Promise<{ draft: Saved['article']; own: Saved['article']; comment: Added }> {
  const select = '... on ArticleSuccess { article { id slug version } }';
  const create = (title: string) => mutate<Saved>(wes, 'createArticle', { select, title, markdown: 'Words' });
  const { article: draft } = await create('A draft');
  const { article: own } = await create('City life');
  await mutate(wes, 'publishArticle', { id: own.id });
  await mutate(wes, 'updateArticle', { id: own.id, expectedVersion: own.version, title: 'City lives' });
  return { draft, own, comment: await addComment(wes, { body: 'By its writer', articleId: own.id }) };
}

/** Writes the content, and gives the arguments that lead to it. */
async function writeSamples(people: People): Promise<SampleArguments> {
  const after = await readLiveCursor();
  const added = await writeComments(people);
  const { draft, own, comment } = await writeArticles(people);
  draftId = draft.id;
  reportedId = added[1]!.id;
  const comments = [...added, comment].map(({ id }) => id);
  const articles = [1, 2, 3, 4].map((id) => encodeId('Article', id)).concat(draft.id, own.id);
  const slugs = ['article-1', 'article-one', 'article-3', 'article-4', draft.slug, own.slug];
  const [plain, , removed] = comments;
  return {
    'Administration.testText': [{ text: 'Words' }],
    'Query.article': slugs.map((slug) => ({ slug })),
    'Query.articles': [undefined, 'DRAFT', 'SCHEDULED', 'ARCHIVED'].map((status) => ({ where: { status } })),
    'Query.author': ['author-1', 'bea', 'wes', 'gus'].map((slug) => ({ slug })),
    'Query.comment': comments.map((id) => ({ id })),
    'Query.commentByReceipt': [{ receipt: added.at(-1)!.receipt }],
    'Query.guestAccess': [{ receipt: added.at(-1)!.receipt }],
    'Query.moderationQueue': ['PENDING', 'REJECTED', 'VISIBLE'].map((status) => ({ status })),
    'Query.node': [own.id, draft.id, plain, removed].map((id) => ({ id })),
    'Query.nodes': [{ ids: [...articles, ...comments, encodeId('Author', 1), encodeId('Topic', 1)] }],
    'Query.resolvePath': [...slugs.map((slug) => `/articles/${slug}`), '/topics/topic-2', '/authors/wes'].map(
      (path) => ({ path }),
    ),
    'Query.search': [{ query: 'title OR city OR wes OR draft' }],
    'Query.topic': [{ slug: 'topic-1' }, { slug: 'topic-2' }],
    'Article.events': [{ after }],
  };
}

async function readLiveCursor(): Promise<string> {
  const { data } = await gateway.ask<{ article: { liveCursor: string } }>(
    '{ article(slug: "article-1") { liveCursor } }',
  );
  return data.article.liveCursor;
}

/**
 * The fields whose answer differs from an anonymous viewer's although neither the field nor one above it declares that.
 * @param responses one for each viewer that was asked, the anonymous one first
 * @param found a line for each such field, with one path that leads to it; more are added
 */
function findUndeclared(responses: readonly Response[], found: Map<string, string>, asked = viewers): void {
  for (const [i, { name, isReader }] of asked.entries()) {
    const excuses = isReader ? ['EVERYONE'] : ['STAFF', 'EVERYONE'];
    for (const path of differences(responses[0]!, responses[i]!)) {
      const field = path.at(-1) ?? 'the whole answer';
      if (found.has(field) || TIMES_OF_ANSWERING.includes(field)) continue;
      if (!path.some((above) => excuses.includes(declared(above)!)))
        found.set(field, `${path.join(' > ')} is not the same for ${name}`);
    }
  }
}

function declared(name: string): string | undefined {
  const [type, field] = name.split('.') as [string, string];
  return declarationOf((schema.getType(type) as GraphQLObjectType).getFields()[field]!).dependsOnViewer;
}

function fieldNames(types: Iterable<GraphQLObjectType>): string[] {
  return [...types].flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
}

describe('a field whose answer differs between viewers', () => {
  it('is declared or below a declared field, whichever type a query reaches it in', async () => {
    const found = new Map<string, string>();
    const answered = new Set<string>();
    for (const document of queriesForEveryField(schema, samples)) {
      const responses = [];
      for (const { client } of viewers) {
        const { data, errors } = await client.ask(document);
        expect(errors?.filter(({ extensions }) => extensions.code !== 'FORBIDDEN') ?? []).toEqual([]);
        answeredFields(data, answered);
        responses.push({ data, errors });
      }
      findUndeclared(responses, found);
    }
    expect([...found.values()]).toEqual([]);
    const { CaughtUp } = schema.getTypeMap();
    const reachable = [...pathsFrom(schema, schema.getQueryType()!).keys()].filter((type) => type !== CaughtUp);
    expect(fieldNames(reachable).filter((name) => !answered.has(name))).toEqual([]);
  }, 120_000);

  it('is declared or below a declared field, in every subscription', async () => {
    const found = new Map<string, string>();
    const answered = new Set<string>();
    const root = schema.getSubscriptionType()!;
    const articleId = encodeId('Article', 1);
    const given: SampleArguments = {
      ...samples,
      'Subscription.commentAdded': [{ articleId }],
      'Subscription.commentEvents': [{ articleId, after: await readLiveCursor() }],
    };
    const comment = () => addComment(gateway, { body: 'One more', guest: GUEST });
    const report = () => mutate(moderator.client, 'reportComment', { commentId: reportedId, reason: 'Rude' });
    const publish = () => mutate(moderator.client, 'publishArticle', { id: draftId });
    const expected: Record<string, { cause: () => Promise<unknown>; results: number; moderators?: true }> = {
      commentAdded: { cause: comment, results: 1 },
      // CaughtUp, then the comment.
      commentEvents: { cause: comment, results: 2 },
      articlePublished: { cause: publish, results: 1 },
      moderationEvents: { cause: report, results: 1, moderators: true },
    };
    for (const field of Object.values(root.getFields())) {
      const { cause, results, moderators = false } = expected[field.name]!;
      // The others are refused.
      const asked = moderators ? viewers.slice(-2) : viewers;
      const document = subscriptionTo(schema, field, given);
      const subscriptions = asked.map(({ client }) => client.subscribe<Record<string, unknown>>(document));
      await until('all are live', async () => (await gateway.metrics()).live_subscriptions === asked.length);
      await cause();
      const received = await Promise.all(subscriptions.map((subscription) => subscription.arrived(results)));
      answeredFields(received, answered);
      findUndeclared(
        received.map((all) => ({ data: all.slice(0, results) })),
        found,
        asked,
      );
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
      await until('none is left', async () => (await gateway.metrics()).live_subscriptions === 0);
    }
    expect([...found.values()]).toEqual([]);
    const { CaughtUp } = schema.getTypeMap();
    expect(fieldNames([root, CaughtUp as GraphQLObjectType]).filter((name) => !answered.has(name))).toEqual([]);
  });

  it('may be undeclared only in the results of mutations, which are never shared', () => {
    const reachable = new Set(
      [schema.getQueryType()!, schema.getSubscriptionType()!].flatMap((root) => [...pathsFrom(schema, root).keys()]),
    );
    const others = Object.values(schema.getTypeMap()).filter(
      (type) => isObjectType(type) && !type.name.startsWith('__') && !reachable.has(type),
    );
    expect(others.map(({ name }) => name).filter((name) => !/^Mutation$|Success$|Error$/.test(name))).toEqual([]);
  });
});
