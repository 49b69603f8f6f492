import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../src/database/index.ts';
import { compareAnswers } from './bench/answers.ts';
import { addComment as limit } from './bench/limit/add-comment.ts';
import { addComment, newComment } from './bench/operations/add-comment.ts';
import { byPopularity } from './bench/popularity.ts';
import { ADD_COMMENT_FUNCTION } from './bench/postgraphile/add-comment.ts';
import { POSTGRAPHILE } from './bench/postgraphile/index.ts';
import { scaleOf } from './bench/seed/scale.ts';
import { startGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(async (sql) => {
    await sql.query(`
      INSERT INTO author (id, slug, name, kind) VALUES (1, 'writer', 'Writer', 'STAFF');
      INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, reading_minutes, status, published_at, author_id)
      VALUES (1, 'open', 'Open', '', '', '', '', 1, 'PUBLISHED', now(), 1), (2, 'draft', 'Draft', '', '', '', '', 1, 'DRAFT', NULL, 1);
      SELECT setval('author_id_seq', 100)`);
  });
});

afterAll(() => gateway.stop());

describe("the benchmark's statement that adds a comment", () => {
  const add = async (article: number): Promise<string | undefined> => {
    const { rows } = await gateway.sql.query<[string]>({
      text: limit.text,
      values: limit.values(newComment(article)),
      rowMode: 'array',
    });
    return rows[0]?.[0];
  };

  it('answers as the gateway does', async () => {
    const { document: query, name: operationName } = addComment;
    const { body } = await gateway.post({ query, operationName, variables: newComment(1) });
    const expected = [(await add(1))!];
    compareAnswers({ name: 'gateway', bodies: [''], answers: [body], expected, writes: true });
  });

  it('leaves nothing that verify would find, and an event for each comment', async () => {
    for (let n = 0; n < 3; n++) await add(1);
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
    const { rows } = await gateway.sql.query(`
      SELECT comment_count, event_sequence, (SELECT count(*)::int FROM comment WHERE article_id = 1) AS comments,
             (SELECT array_agg(comment_id ORDER BY sequence) = array_agg(comment_id ORDER BY comment_id)
                FROM comment_event WHERE article_id = 1) AS in_order
        FROM article WHERE id = 1`);
    const [{ comments }] = rows;
    expect(comments).toBeGreaterThanOrEqual(3);
    expect(rows).toEqual([{ comment_count: comments, event_sequence: comments, comments, in_order: true }]);
  });

  it('adds nothing to an article that is not published', async () => {
    expect(await add(2)).toBeUndefined();
    expect((await gateway.sql.query('SELECT FROM comment WHERE article_id = 2')).rowCount).toBe(0);
  });

  it("is the function of PostGraphile's mutation, too", async () => {
    await gateway.sql.query(`CREATE SCHEMA bench; ${ADD_COMMENT_FUNCTION}`);
    const { input } = POSTGRAPHILE.addComment.variables!(newComment(1)) as { input: Record<string, unknown> };
    const { rows } = await gateway.sql.query<{ html: string }>(
      'SELECT body_html AS html FROM bench.add_comment($1, $2, $3, $4)',
      [input.article, input.body, input.guestName, input.guestEmail],
    );
    expect(rows).toEqual([{ html: `<p>${input.body}</p>` }]);
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  });
});

describe('answers are compared before anything is measured', () => {
  const cursorOf = (...place: unknown[]): string => Buffer.from(JSON.stringify(place)).toString('base64url');
  const answer = (name: string, cursor = cursorOf('a', 7)): string =>
    JSON.stringify({ data: { author: { name, endCursor: cursor } } });
  const compare = (actual: string, shape?: (data: never) => unknown) => () =>
    compareAnswers({ name: 'it', bodies: ['{}'], answers: [actual], expected: [answer('Ann')], shape, writes: false });

  it('so that another value, an error and another place of a cursor are found', () => {
    expect(compare(answer('Ben'))).toThrow('answer differently');
    expect(compare(JSON.stringify({ data: null, errors: [{ message: 'No' }] }))).toThrow('answer differently');
    expect(compare(answer('Ann', cursorOf('a', 8)))).toThrow('answer differently');
    expect(compare(answer('Ann', cursorOf('b', 7)))).not.toThrow();
  });

  it('also those of a server with another schema, whose cursors are its own', () => {
    const shape = ({ person }: { person: string }) => ({ author: { name: person, endCursor: 'opaque' } });
    expect(compare(JSON.stringify({ data: { person: 'Ann' } }), shape)).not.toThrow();
    expect(compare(JSON.stringify({ data: { person: 'Ben' } }), shape)).toThrow('answer differently');
    expect(compare(JSON.stringify({ data: null, errors: [{ message: 'No' }] }), shape)).toThrow('No');
  });
});

describe("the benchmark's site", () => {
  it('has nine of ten requests for one of ten pages, all pages in the rest, and one page alone', () => {
    const pages = Array.from({ length: 500 }, (_, n) => n);
    const asked = byPopularity(pages);
    const popular = asked.filter((page) => page < 50).length / asked.length;
    expect(popular).toBeGreaterThan(0.88);
    expect(popular).toBeLessThan(0.92);
    expect(new Set(asked).size).toBeGreaterThan(400);
    expect(byPopularity(['front'])).toEqual(['front']);
  });

  it('has extreme discussions that are published and not lively, whatever its size', () => {
    for (const comments of [10_000, 300_000, 3_000_000]) {
      const { largeArticle, deepArticle, livelyEvery, articles, largeDiscussion, deepChain } = scaleOf(comments);
      for (const id of [largeArticle, deepArticle]) {
        expect(id).toBeLessThanOrEqual(articles);
        expect(id % 50).not.toBe(7);
        expect(id % livelyEvery).not.toBe(0);
      }
      expect(largeDiscussion).toBeGreaterThan(deepChain);
    }
  });
});
