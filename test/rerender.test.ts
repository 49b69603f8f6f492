import { afterAll, beforeAll, expect, it } from 'vitest';
import { RENDERING_VERSION } from '../schema/content/text/render.ts';
import { rerender } from '../schema/content/text/rerender.ts';
import { readConfig } from '../src/config.ts';
import { openPool } from '../src/database/index.ts';
import { createLogger } from '../src/logger.ts';
import { openTextConverter } from '../src/rendering/index.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1, bio: '*bio*' }],
      articles: Array.from({ length: 50 }, (_, index) => ({ id: index + 1, text: '# Old\n\n- [ ] task' })),
      comments: Array.from({ length: 50 }, (_, index) => ({ id: index + 1, article: 1 })),
    }),
  );
  // Texts of an import, a former wording, and an excerpt that was made of the text.
  await gateway.sql.query(`
    UPDATE article SET body_source = '<h2>Imported</h2>', body_format = 'HTML' WHERE id = 2;
    UPDATE comment SET body_source = '<img src="/x" alt="pic">', body_format = 'HTML' WHERE id = 2;
    UPDATE article SET body_text = 'Old text', excerpt = 'Old text' WHERE id = 3;
    INSERT INTO comment_version (comment_id, body_source, body_format, body_html, body_text, written_at, replaced_by_id)
    VALUES (1, '**a**', 'MARKDOWN', 'old', 'old', now(), 1)`);
});

afterAll(() => gateway.stop());

/** @param onRow called before each text is rendered */
async function run(onRow: (source: string) => Promise<void> | void = () => {}, signal = new AbortController().signal) {
  const log = createLogger({ level: 'silent' });
  const pool = openPool({ url: gateway.databaseUrl, config: readConfig({}), log });
  const texts = openTextConverter();
  try {
    return await rerender({
      db: pool,
      convertText: (async (name: 'comment', source: string) => {
        await onRow(source);
        return texts.convert(name, source);
      }) as never,
      signal,
    });
  } finally {
    await texts.close();
    await pool.close();
  }
}

const left = async () =>
  (
    await gateway.sql.query<{ count: number }>(
      `SELECT (SELECT count(*) FROM article WHERE rendering <> $1)::int + (SELECT count(*) FROM comment WHERE rendering <> $1)::int AS count`,
      [RENDERING_VERSION],
    )
  ).rows[0]!.count;

const unchangedColumns = async () =>
  (
    await gateway.sql.query(`SELECT (SELECT json_agg(json_build_array(id, version, updated_at, event_sequence) ORDER BY id)
      FROM article WHERE id <> 9) articles, (SELECT json_agg(json_build_array(id, version, edited_at) ORDER BY id) FROM comment) comments,
      (SELECT count(*) FROM comment_event) events`)
  ).rows;

it('texts of older rules are rendered again, from where an earlier run was stopped, and edits are kept', async () => {
  const before = await unchangedColumns();
  const stopped = new AbortController();
  const first = await run(() => stopped.abort(), stopped.signal);
  expect(first.rendered).toBeGreaterThan(0);
  expect(await left()).toBe(100 - first.rendered);

  let edited = false;
  const second = await run(async () => {
    if (edited) return;
    edited = true;
    // An edit of a row that has been read already.
    await gateway.sql.query(
      `UPDATE article SET body_source = 'Edited', body_html = '<p>Edited</p>', body_text = 'Edited', rendering = $1
       WHERE id = (SELECT max(id) FROM (SELECT id FROM article WHERE rendering <> $1 ORDER BY id LIMIT 20) batch)`,
      [RENDERING_VERSION],
    );
  });
  expect(second.failed).toEqual([]);
  expect(await left()).toBe(0);
  expect((await gateway.sql.query(`SELECT body_html FROM article WHERE body_source = 'Edited'`)).rows).toEqual([
    { body_html: '<p>Edited</p>' },
  ]);

  const html = async (table: string, id: number) =>
    (await gateway.sql.query<{ html: string }>(`SELECT body_html AS html FROM ${table} WHERE id = $1`, [id])).rows[0]!
      .html;
  expect(await html('article', 1)).toMatch(/<h1 id="user-content-old">[\s\S]*type="checkbox"/);
  expect(await html('article', 2)).toBe('<h2 id="user-content-imported">Imported</h2>');
  expect(await html('comment', 2)).toBe('<a href="/x" rel="nofollow ugc noopener">pic</a>');
  expect(await html('comment_version', 1)).toBe('<p><strong>a</strong></p>');
  const { rows } = await gateway.sql.query(`SELECT id, excerpt FROM article WHERE id IN (3, 4) ORDER BY id`);
  expect(rows).toEqual([
    { id: 3, excerpt: 'Old - [ ] task' },
    { id: 4, excerpt: 'Excerpt 4' },
  ]);
  expect(await unchangedColumns()).toEqual(before);
  expect(await run()).toEqual({ rendered: 0, failed: [] });
});
