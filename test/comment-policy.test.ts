import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { start } from '../src/start.ts';
import type { Client } from './client.ts';
import { JWT_SECRET, startGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;
let writer: Client;

beforeAll(async () => {
  gateway = await startGateway(undefined, { COMMENT_POLICY: 'moderated' });
  writer = gateway.as({ name: 'Wren', role: 'WRITER' });
});

afterAll(() => gateway.stop());

interface Article {
  id: string;
  version: number;
  commentPolicy: string;
}

const ARTICLE = '... on ArticleSuccess { article { id version commentPolicy } } ... on Error { code message }';

async function created(input: Record<string, unknown> = {}): Promise<Article> {
  const { data } = await writer.ask<{ createArticle: { article: Article } }>(
    `mutation ($input: CreateArticleInput!) { createArticle(input: $input) { ${ARTICLE} } }`,
    { input: { title: 'Swifts', markdown: 'They sleep.', ...input } },
  );
  const { article } = data.createArticle;
  await writer.ask('mutation ($id: ID!) { publishArticle(input: { id: $id }) { __typename } }', { id: article.id });
  return article;
}

async function updated({ id, version }: Article, input: Record<string, unknown>): Promise<Article> {
  const { data } = await writer.ask<{ updateArticle: { article: Article } }>(
    `mutation ($input: UpdateArticleInput!) { updateArticle(input: $input) { ${ARTICLE} } }`,
    { input: { id, expectedVersion: version, ...input } },
  );
  return data.updateArticle.article;
}

const ADD = `mutation ($input: AddCommentInput!) { addComment(input: $input) {
  ... on AddCommentSuccess { held comment { id viewer { canReply } } } ... on Error { code } } }`;

const comment = ({ id }: Article) => ({
  input: { articleId: id, body: 'And eat?', guest: { name: 'Ann', email: 'ann@example.com' } },
});

async function held(article: Article): Promise<unknown> {
  const { data } = await gateway.ask<{ addComment: { held: boolean } }>(ADD, comment(article));
  return data.addComment.held;
}

describe('an article', () => {
  it('follows the policy of the publication unless it has one of its own', async () => {
    const follows = await created();
    expect(follows.commentPolicy).toBe('MODERATED');
    expect(await held(follows)).toBe(true);
    for (const said of [{ commentPolicy: null }, { commentPolicy: undefined }])
      expect(await created(said)).toMatchObject({ commentPolicy: 'MODERATED' });

    const own = await created({ commentPolicy: 'OPEN' });
    expect(own.commentPolicy).toBe('OPEN');
    expect(await held(own)).toBe(false);
  });

  it('keeps its own through a save that says nothing of it, and follows again when that says null', async () => {
    const own = await updated(await created(), { commentPolicy: 'OPEN' });
    expect(own.commentPolicy).toBe('OPEN');
    const saved = await updated(own, { title: 'Swifts again' });
    expect(saved.commentPolicy).toBe('OPEN');
    const follows = await updated(saved, { commentPolicy: null });
    expect(follows.commentPolicy).toBe('MODERATED');
    expect(await held(follows)).toBe(true);
  });

  it('follows a policy that changes, in all that depends on it', async () => {
    const [follows, own] = [await created(), await created({ commentPolicy: 'OPEN' })];
    const config = readConfig({
      PORT: '0',
      DATABASE_URL: gateway.databaseUrl,
      LOG_LEVEL: 'error',
      JWT_SECRET,
      RATE_LIMITS: 'off',
      COMMENT_POLICY: 'closed',
    });
    const later = await start({ config, log: createLogger({ level: 'error' }) });
    try {
      const add = async (article: Article) => {
        const response = await fetch(later.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: ADD, variables: comment(article) }),
        });
        return ((await response.json()) as { data: { addComment: unknown } }).data.addComment;
      };
      expect(await add(follows)).toEqual({ code: 'COMMENTS_CLOSED' });
      expect(await add(own)).toMatchObject({ held: false, comment: { viewer: { canReply: true } } });
      // What was open to comments under the former policy stays readable, and takes no replies.
      await gateway.sql.query('UPDATE article SET comment_policy = NULL WHERE comment_policy IS NOT NULL');
      const query = '{ articles { nodes { commentPolicy comments { nodes { viewer { canReply } } } } } }';
      const response = await fetch(`${later.url}?query=${encodeURIComponent(query)}`);
      const text = await response.text();
      expect(text).toContain('"commentPolicy":"CLOSED"');
      expect(text).toContain('"canReply":false');
      expect(text).not.toMatch(/OPEN|MODERATED|"canReply":true/);
    } finally {
      await later.stop();
    }
  });
});
