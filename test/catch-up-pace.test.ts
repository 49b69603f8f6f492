import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { encodeEventCursor } from '../schema/content/event-cursor.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { post } from './http/requests.ts';
import { ARTICLE, openAcknowledged } from './protocol/socket.ts';
import { write } from './seed.ts';

/** Events of the log; a page of it has 100. */
const EVENTS = 600;

interface Payload {
  data: { commentEvents: { __typename: string; comment?: { id: string } } };
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    async (sql) => {
      await write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] });
      await sql.query(`
        WITH written AS (
          INSERT INTO comment (article_id, author_id, path, depth, status, visible, body_source, body_html, body_text)
          SELECT 1, 1, ARRAY[-n], 0, 'VISIBLE', true, '', '', '' FROM generate_series(1, ${EVENTS}) n
          RETURNING id, path
        ), logged AS (
          INSERT INTO comment_event (article_id, sequence, kind, comment_id) SELECT 1, -path[1], 'ADDED', id FROM written
        )
        UPDATE article SET event_sequence = ${EVENTS}, next_ordinal = 1 WHERE id = 1`);
    },
    // 1,000 points in ten seconds.
    { RATE_LIMITS: 'memory', COST_BUDGET: '6000', TRUST_PROXY: '1' },
  );
});

afterEach(() => {
  vi.restoreAllMocks();
});

afterAll(() => gateway.stop());

it('a sender that has caused much by resuming receives the rest later, and its operations are served', async () => {
  const { rows } = await gateway.sql.query('SELECT event_epoch FROM article WHERE id = 1');
  const after = encodeEventCursor({ articleId: 1, epoch: rows[0].event_epoch, sequence: 0 });
  const start = performance.now();
  const now = vi.spyOn(performance, 'now').mockReturnValue(start);
  const from = (address: string) => openAcknowledged(gateway, { headers: { 'x-forwarded-for': address } });
  const [heavy, other] = [await from('192.0.2.1'), await from('192.0.2.2')];
  const follow = (fields: string) =>
    `subscription { commentEvents(articleId: "${ARTICLE}", after: "${after}") { __typename cursor ... on CommentAdded { ${fields} } } }`;
  // Some five points for each event.
  const expensive = follow('comment { id body { html } author { id } }');
  // The second has the same results, which are rendered and counted once.
  for (const id of ['first', 'second']) heavy.subscribe(id, expensive);
  await until(
    'the third page has arrived',
    () => heavy.of('first').length === 300 && heavy.of('second').length === 300,
  );

  other.subscribe('cheap', follow('__typename'));
  await until('another has caught up', () => other.of('cheap').length === EVENTS + 1);
  expect(heavy.of('first')).toHaveLength(300);
  const { json } = await post(gateway, { query: '{ __typename }' }, { 'x-forwarded-for': '192.0.2.1' });
  expect(json).toEqual({ data: { __typename: 'Query' } });

  now.mockReturnValue(start + 60_000);
  for (const id of ['first', 'second']) {
    await until('it has caught up', () => heavy.of(id).length === EVENTS + 1);
    const events = heavy.of(id).map(({ payload }) => (payload as Payload).data.commentEvents);
    expect(events.at(-1)!.__typename).toBe('CaughtUp');
    expect(new Set(events.map(({ comment }) => comment?.id)).size).toBe(EVENTS + 1);
  }
  await Promise.all([heavy.close(), other.close()]);
});
