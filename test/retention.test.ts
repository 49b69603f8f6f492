import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { verify } from '../src/database/derived/verify.ts';
import { listJobs } from '../src/jobs/index.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

const KEPT = { GUEST_EMAILS_KEPT: '20d', REMOVED_TEXTS_KEPT: '90s', VERSIONS_KEPT: '90s', REPORTS_KEPT: '90s' };

beforeAll(async () => {
  gateway = await startGateway(async (sql) => {
    await write(sql, {
      authors: [{ id: 1 }, { id: 2, kind: 'GUEST' }, { id: 3, kind: 'GUEST' }, { id: 4, kind: 'MEMBER' }],
      articles: [{ id: 1 }],
      comments: [
        { id: 1, article: 1, author: 2, status: 'REMOVED' },
        { id: 2, article: 1, author: 3, parent: 1 },
        { id: 3, article: 1, author: 4, status: 'SPAM' },
        { id: 4, article: 1, author: 4, status: 'REJECTED' },
        { id: 5, article: 1, author: 4, status: 'PENDING' },
        { id: 6, article: 1, author: 4, status: 'REMOVED' },
        { id: 7, article: 1, author: 4, status: 'REMOVED' },
      ],
    });
    await sql.query(`
      UPDATE author SET email = 'a' || id || '@person.example', created_at = '2020-01-01';
      UPDATE comment SET created_at = CASE WHEN id IN (2, 6, 7) THEN now() ELSE '2020-01-01' END;
      UPDATE article SET discussed_at = (SELECT created_at FROM comment WHERE id = 2);
      INSERT INTO moderation_entry (comment_id, author_id, action, status) VALUES (4, 1, 'REJECT', 'REJECTED');
      INSERT INTO comment_version (comment_id, body_source, body_format, body_html, body_text, written_at, replaced_by_id, replaced_at)
      VALUES (2, 'old', 'MARKDOWN', '<p>old</p>', 'old', '2020-01-01', 3, '2020-01-01'), (2, 'new', 'MARKDOWN', '<p>new</p>', 'new', now(), 3, now());
      INSERT INTO comment_report (comment_id, author_id, reason, settled, created_at)
      VALUES (2, 1, 'old', true, '2020-01-01'), (2, 4, 'open', false, '2020-01-01'), (5, 1, 'new', true, now())`);
  }, KEPT);
});

afterAll(() => gateway.stop());

const column = async (sql: string): Promise<unknown[]> =>
  (await gateway.sql.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.map(([value]) => value);

it('deletes each kind when it is old, and nothing that is newer, open or of somebody who still writes', async () => {
  await until('all is old that is', async () => {
    const old = await Promise.all([
      column(`SELECT id FROM author WHERE email IS NULL`),
      column(`SELECT id FROM comment WHERE body_source = ''`),
      column(`SELECT id FROM comment_version WHERE body_source = 'old'`),
      column(`SELECT comment_id FROM comment_report WHERE reason = 'old'`),
    ]);
    return old.map(({ length }) => length).join() === '1,2,0,0';
  });
  expect(await column('SELECT id FROM author WHERE email IS NULL')).toEqual([2]);
  expect(
    await column(
      `SELECT id FROM comment WHERE body_source = '' AND body_html = '' AND body_text = '' AND withdrawn ORDER BY id`,
    ),
  ).toEqual([1, 3]);
  expect(await column('SELECT body_source FROM comment_version')).toEqual(['new']);
  expect((await column('SELECT reason FROM comment_report')).sort()).toEqual(['new', 'open']);
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
});

it('settles the open reports of a comment whose text is gone, and has moderators read their queue again', async () => {
  const moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  // A former release emptied the second.
  await gateway.sql.query(`
    UPDATE comment SET body_source = '', body_html = '', body_text = '', withdrawn = true WHERE id = 7;
    INSERT INTO comment_report (comment_id, author_id, reason) VALUES (6, 1, 'rude'), (7, 1, 'rude'), (7, 2, 'rude')`);
  const subscription = moderator.subscribe<object>('subscription { moderationEvents { at } }');
  await until('it is live', async () => (await gateway.metrics()).live_subscriptions === 1);
  await gateway.sql.query(`UPDATE comment SET created_at = '2020-01-01' WHERE id IN (6, 7)`);
  await expect(subscription.arrived(1)).rejects.toThrow('The stream ended after 0');
  await subscription.stop();
  const { data } = await moderator.ask('{ moderationQueue(reported: true) { nodes { id } } }');
  expect(data).toEqual({ moderationQueue: { nodes: [{ id: encodeId('Comment', 2) }] } });
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
});

it('keeps everything unless it is configured', () => {
  const names = (environment: Record<string, string>) => listJobs(readConfig(environment)).map(({ name }) => name);
  expect(names({}).filter((name) => name.startsWith('retention'))).toEqual([]);
  expect(names(KEPT).filter((name) => name.startsWith('retention'))).toHaveLength(4);
});
