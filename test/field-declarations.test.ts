import { type GraphQLObjectType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { declarationOf } from '../schema/graph/field-declarations.ts';
import { schema } from '../schema/index.ts';
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
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

/** Their answers say when they were made, which is not the same moment for two requests. */
const TIMES_OF_ANSWERING = ['CaughtUp.at', 'ResyncRequired.at'];

const GUEST = { name: 'Gus', email: 'gus@example.com' };

interface Viewer {
  name: string;
  /** Readers must get the same answer unless a field declares one for each viewer. */
  isReader: boolean;
  asking: Client;
}

let gateway: TestGateway;
let viewers: Viewer[];
let moderator: Viewer;
let samples: SampleArguments;
let draftId: string;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
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
    }),
  );
  const person = (name: string, role: 'READER' | 'WRITER' | 'MODERATOR' | 'ADMIN'): Viewer => ({
    name,
    isReader: role === 'READER',
    asking: gateway.as({ name, role }),
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
  viewers = [{ name: 'nobody', isReader: true, asking: gateway }, bea, cem, wes, vera, mona, ada];
  samples = await writeSamples({ bea: bea.asking, cem: cem.asking, wes: wes.asking, mona: mona.asking });
});

afterAll(() => gateway.stop());

/** Runs a mutation and gives its result, which must be no error. */
async function mutate<Result>(asking: Client, mutation: string, input: object, selection: string): Promise<Result> {
  const type = mutation[0]!.toUpperCase() + mutation.slice(1);
  const { data, errors } = await asking.ask<Record<string, Result & { message?: string }>>(
    `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { ... on Error { message } ${selection} } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  expect(data[mutation]!.message).toBeUndefined();
  return data[mutation]!;
}

async function addComment(
  asking: Client,
  input: { body: string; articleId?: string; parentId?: string; guest?: object },
) {
  type Added = { comment: { id: string }; receipt: string };
  const selection = '... on AddCommentSuccess { comment { id } receipt }';
  const { comment, receipt } = await mutate<Added>(
    asking,
    'addComment',
    { articleId: encodeId('Article', 1), ...input },
    selection,
  );
  return { id: comment.id, receipt };
}

/** Content of every status, written by different people, and the arguments that lead to it. */
async function writeSamples({ bea, cem, wes, mona }: Record<'bea' | 'cem' | 'wes' | 'mona', Client>) {
  const { data } = await gateway.ask<{ article: { liveCursor: string } }>(
    '{ article(slug: "article-1") { liveCursor } }',
  );
  const moderated = encodeId('Article', 2);
  const byBea = await addComment(bea, { body: 'A comment of a reader' });
  const reply = await addComment(cem, { body: 'A reply', parentId: byBea.id });
  const removed = await addComment(bea, { body: 'A comment that is removed' });
  await addComment(cem, { body: 'A reply to it', parentId: removed.id });
  const rejected = await addComment(bea, { body: 'A comment that is rejected' });
  const held = await addComment(bea, { body: 'A comment that waits', articleId: moderated });
  const heldOfGuest = await addComment(gateway, { body: 'A comment of a guest', articleId: moderated, guest: GUEST });

  await mutate(bea, 'editComment', { id: byBea.id, body: 'A comment, edited' }, '__typename');
  for (const commentId of [byBea.id, reply.id]) {
    await mutate(bea, 'react', { commentId, kind: 'LIKE' }, '__typename');
    await mutate(cem, 'react', { commentId, kind: 'SAD' }, '__typename');
  }
  // Otherwise their events change the log between the requests that are compared.
  await until('the reactions are in the log', async () => {
    const { rowCount } = await gateway.sql.query('SELECT FROM comment_reaction_notice');
    return rowCount === 0;
  });
  await mutate(cem, 'reportComment', { commentId: byBea.id, reason: 'Rude' }, '__typename');
  const decide = (action: string, id: string) =>
    mutate(mona, 'moderateComments', { action, ids: [id], reason: 'A reason' }, '__typename');
  await decide('REMOVE', removed.id);
  await decide('REJECT', rejected.id);
  await decide('PIN', byBea.id);

  type Saved = { article: { id: string; slug: string; version: number } };
  const savedSelection = '... on ArticleSuccess { article { id slug version } }';
  const { article: draft } = await mutate<Saved>(
    wes,
    'createArticle',
    { title: 'A draft', markdown: 'Text' },
    savedSelection,
  );
  const { article: own } = await mutate<Saved>(
    wes,
    'createArticle',
    { title: 'City life', markdown: 'Words' },
    savedSelection,
  );
  await mutate(wes, 'publishArticle', { id: own.id }, savedSelection);
  await mutate(wes, 'updateArticle', { id: own.id, expectedVersion: own.version, title: 'City lives' }, savedSelection);
  const onOwn = await addComment(wes, { body: 'By its writer', articleId: own.id });
  draftId = draft.id;

  const comments = [byBea, reply, removed, rejected, held, heldOfGuest, onOwn].map(({ id }) => id);
  const articles = [1, 2, 3, 4].map((id) => encodeId('Article', id)).concat(draft.id, own.id);
  return {
    'Query.article': ['article-1', 'article-one', 'article-3', 'article-4', draft.slug, own.slug].map((slug) => ({
      slug,
    })),
    'Query.articles': [undefined, 'DRAFT', 'SCHEDULED', 'ARCHIVED'].map((status) => ({ where: { status } })),
    'Query.author': ['author-1', 'bea', 'wes', 'gus'].map((slug) => ({ slug })),
    'Query.comment': comments.map((id) => ({ id })),
    'Query.commentByReceipt': [{ receipt: heldOfGuest.receipt }],
    'Query.moderationQueue': ['PENDING', 'REJECTED', 'VISIBLE'].map((status) => ({ status })),
    'Query.node': [own.id, draft.id, byBea.id, removed.id].map((id) => ({ id })),
    'Query.nodes': [{ ids: [...articles, ...comments, encodeId('Author', 1), encodeId('Topic', 1)] }],
    'Query.search': [{ query: 'city OR wes OR draft' }],
    'Query.topic': [{ slug: 'topic-1' }, { slug: 'topic-2' }],
    'Article.events': [{ after: data.article.liveCursor }],
  };
}

/**
 * The fields whose answer differs from an anonymous viewer's although neither the field nor one above it declares that.
 * @param responses one for each viewer, the anonymous one first
 * @param found a line for each such field, with one path that leads to it; more are added
 */
function findUndeclared(responses: readonly Response[], found: Map<string, string>): void {
  for (const [i, { name, isReader }] of viewers.entries()) {
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

describe('a field that gives two viewers different answers', () => {
  it('declares it, or is below a field that does: every field of every query type', async () => {
    const found = new Map<string, string>();
    const answered = new Set<string>();
    for (const document of queriesForEveryField(schema, samples)) {
      const responses = [];
      for (const { asking } of viewers) {
        const { data, errors } = await asking.ask(document);
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

  it('declares it, or is below a field that does: every subscription', async () => {
    const found = new Map<string, string>();
    const answered = new Set<string>();
    const root = schema.getSubscriptionType()!;
    const articleId = encodeId('Article', 1);
    const { data } = await gateway.ask<{ article: { liveCursor: string } }>(
      '{ article(slug: "article-1") { liveCursor } }',
    );
    const given: SampleArguments = {
      ...samples,
      'Subscription.commentAdded': [{ articleId }],
      'Subscription.commentEvents': [{ articleId, after: data.article.liveCursor }],
    };
    const comment = () => addComment(gateway, { body: 'One more', guest: GUEST });
    const publish = () => mutate(moderator.asking, 'publishArticle', { id: draftId }, '__typename');
    const expected: Record<string, { cause: () => Promise<unknown>; results: number }> = {
      commentAdded: { cause: comment, results: 1 },
      // CaughtUp, then the comment.
      commentEvents: { cause: comment, results: 2 },
      articlePublished: { cause: publish, results: 1 },
    };
    for (const field of Object.values(root.getFields())) {
      const { cause, results } = expected[field.name]!;
      const document = subscriptionTo(schema, field, given);
      const subscriptions = viewers.map(({ asking }) => asking.subscribe<Record<string, unknown>>(document));
      await until('all are live', async () => (await gateway.metrics()).live_subscriptions === viewers.length);
      await cause();
      const received = await Promise.all(subscriptions.map((subscription) => subscription.arrived(results)));
      answeredFields(received, answered);
      findUndeclared(
        received.map((all) => ({ data: all.slice(0, results) })),
        found,
      );
      await Promise.all(subscriptions.map((subscription) => subscription.stop()));
    }
    expect([...found.values()]).toEqual([]);
    const { CaughtUp } = schema.getTypeMap();
    expect(fieldNames([root, CaughtUp as GraphQLObjectType]).filter((name) => !answered.has(name))).toEqual([]);
  });

  it('is not looked for in mutations alone, whose results are never shared', () => {
    const reachable = new Set(
      [schema.getQueryType()!, schema.getSubscriptionType()!].flatMap((root) => [...pathsFrom(schema, root).keys()]),
    );
    const others = Object.values(schema.getTypeMap()).filter(
      (type) => isObjectType(type) && !type.name.startsWith('__') && !reachable.has(type),
    );
    expect(others.map(({ name }) => name).filter((name) => !/^Mutation$|Success$|Error$/.test(name))).toEqual([]);
  });
});
