import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { REBUILD_SEARCH } from '../schema/content/search/rebuild-search.ts';
import { checkRenderings, rerender } from '../schema/content/text/rerender.ts';
import { readConfig } from '../src/config.ts';
import { verify } from '../src/database/derived/verify.ts';
import { openPool } from '../src/database/index.ts';
import { createLogger } from '../src/logger.ts';
import { openTextConverter } from '../src/rendering/index.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

/** Each derived column, with a statement that makes it wrong. */
const CORRUPTIONS: Record<string, string> = {
  'author.article_count': 'UPDATE author SET article_count = 77 WHERE id = 1',
  'author.comment_count': 'UPDATE author SET comment_count = 77 WHERE id = 1',
  'author.bio_html': `UPDATE author SET bio_html = 'wrong' WHERE id = 1`,
  'author.bio_text': `UPDATE author SET bio_text = 'wrong' WHERE id = 1`,
  'topic.article_count': 'UPDATE topic SET article_count = 77 WHERE id = 1',
  'article.body_html': `UPDATE article SET body_html = 'wrong' WHERE id = 1`,
  'article.body_text': `UPDATE article SET body_text = 'wrong' WHERE id = 1`,
  'article.reading_minutes': 'UPDATE article SET reading_minutes = 77 WHERE id = 1',
  'article.comment_count': 'UPDATE article SET comment_count = 77 WHERE id = 1',
  'article.discussed_at': 'UPDATE article SET discussed_at = now() WHERE id = 1',
  'article.next_ordinal': 'UPDATE article SET next_ordinal = 1 WHERE id = 1',
  'article.event_sequence': `INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
    SELECT id, event_sequence + 1, 'CHANGED', 1, now(), last_event_at FROM article WHERE id = 1`,
  'article.last_event_at': `WITH event AS (
      INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
      SELECT id, event_sequence + 1, 'CHANGED', 1, now(), last_event_at FROM article WHERE id = 1
    ) UPDATE article SET event_sequence = event_sequence + 1, last_event_at = '2000-01-01' WHERE id = 1`,
  'comment_event.previous_at': `INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
    SELECT id, event_sequence + 1, 'CHANGED', 1, now(), '2000-01-01' FROM article WHERE id = 1`,
  'article.detected_language': `SET session_replication_role = replica;
    UPDATE article SET detected_language = 'xx' WHERE id = 1; SET session_replication_role = DEFAULT`,
  'article_topic.published_at': 'UPDATE article_topic SET published_at = NULL WHERE article_id = 1',
  'comment.path': `UPDATE comment SET path = '{9,9,9}' WHERE id = 2`,
  'comment.depth': 'UPDATE comment SET depth = 77 WHERE id = 2',
  'comment.visible': 'UPDATE comment SET visible = NOT visible WHERE id = 2',
  'comment.waiting': 'UPDATE comment SET waiting = NOT waiting WHERE id = 2',
  'comment.reported': 'UPDATE comment SET reported = NOT reported WHERE id = 2',
  'comment.reply_count': 'UPDATE comment SET reply_count = 77 WHERE id = 1',
  'comment.descendant_count': 'UPDATE comment SET descendant_count = 77 WHERE id = 1',
  'comment.score': 'UPDATE comment SET score = 77 WHERE id = 1',
  'comment.next_ordinal': 'UPDATE comment SET next_ordinal = 1 WHERE id = 1',
  'comment.reaction_counts': `UPDATE comment SET reaction_counts = '{7,0,0,0,0}' WHERE id = 1`,
  'comment.body_html': `UPDATE comment SET body_html = 'wrong' WHERE id = 1`,
  'comment.body_text': `UPDATE comment SET body_text = 'wrong' WHERE id = 1`,
  'comment_version.body_html': `UPDATE comment_version SET body_html = 'wrong'`,
  'comment_version.body_text': `UPDATE comment_version SET body_text = 'wrong'`,
  'name_skeleton.skeleton': `UPDATE name_skeleton SET skeleton = 'wrong' WHERE author_id = 1`,
  'comment_held_edit.body_html': `UPDATE comment_held_edit SET body_html = 'wrong'`,
  'comment_held_edit.body_text': `UPDATE comment_held_edit SET body_text = 'wrong'`,
  'search_document.visible': `UPDATE search_document SET visible = false WHERE kind = 'article' AND entity_id = 1`,
  'search_comment.article_id': 'UPDATE search_comment SET article_id = 77 WHERE comment_id = 1',
  'search_comment.visible': 'UPDATE search_comment SET visible = false WHERE comment_id = 1',
  'search_comment.language': `UPDATE search_comment SET language = 'xx' WHERE comment_id = 1`,
  'search_comment.words': `UPDATE search_comment SET words = 'wrong' WHERE comment_id = 1`,
  'search_document.language': `UPDATE search_document SET language = 'xx' WHERE kind = 'article' AND entity_id = 1`,
  'search_document.words': `UPDATE search_document SET words = 'wrong' WHERE kind = 'article' AND entity_id = 1`,
};

/** The other columns of the tables with derived ones. A new column belongs here or above. */
const PRIMARY: Record<string, string> = {
  author: `id slug name kind bio_source bio_format bio_rendering avatar_url avatar_chosen url email subject guest_key
    token_issued_at created_at updated_at`,
  author_notice: 'author_id before_article due',
  topic: 'id slug name description parent_id',
  article: `id slug title excerpt body_source body_format rendering cover_url cover_alt cover_caption cover_width cover_height
    status published_at created_at updated_at version author_id comment_policy language event_epoch`,
  article_revision: 'article_id version editor_id at title slug excerpt body_source body_format',
  article_publication: 'sequence article_id at',
  article_address: 'path article_id created_at',
  author_address: 'path author_id created_at',
  topic_address: 'path topic_id created_at',
  former_slug: 'slug article_id created_at',
  former_topic_slug: 'slug topic_id created_at',
  article_topic: 'article_id topic_id position',
  comment: `id article_id parent_id author_id status body_source body_format rendering created_at edited_at version pinned
    brought_reactions reactions_told_at hold_reasons restore_status withdrawn shown_version`,
  comment_event: 'article_id sequence kind comment_id author_id at',
  reaction: 'comment_id author_id kind created_at',
  comment_reaction_notice: 'comment_id due',
  comment_report: 'comment_id author_id reason settled created_at',
  comment_version: 'id comment_id body_source body_format rendering written_at replaced_by_id replaced_at discarded',
  comment_held_edit: 'comment_id body_source body_format rendering written_at',
  content_change: 'transaction subject',
  content_change_horizon: 'id deleted_before next_before at',
  moderation_event: 'sequence kind comment_id author_id action reasons open_reports at',
  language_word: 'language word weight',
  search_rebuild: 'article_id after_id',
  search_word: 'id word trigrams',
  search_comment: 'comment_id',
  stale_name: 'author_id',
  name_skeleton: 'author_id',
  moderation_entry: 'id comment_id author_id action status reason created_at',
  forbidden_word: 'word',
  hold_setting: 'name value',
  maintenance_task: 'id kind requested_by_id created_at started_at seen_at attempts ended_at findings error',
  idempotency_key: 'actor key request comment_id created_at',
  provenance: 'source kind external_id guid entity_id digest written imported_at',
  search_document: 'kind entity_id',
  picture: 'name bytes stored_at unused_since checked_at',
  picture_source: 'address state name copied_at',
  secret: 'name value created_at',
  rate_limit: 'key points expire',
  _prisma_migrations: 'id checksum finished_at migration_name logs rolled_back_at started_at applied_steps_count',
};

let gateway: TestGateway;
let pool: ReturnType<typeof openPool>;
let texts: ReturnType<typeof openTextConverter>;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1, bio: 'Writes *much*.' }],
      topics: [{ id: 1 }],
      articles: [{ id: 1, topics: [1], text: '# A\n\n|a|b|\n|-|-|\n|1|2|' }],
      comments: [
        { id: 1, article: 1 },
        { id: 2, article: 1, parent: 1 },
      ],
    }),
  );
  await gateway.sql.query(`
    INSERT INTO comment_version (comment_id, body_source, body_format, body_html, body_text, written_at, replaced_by_id)
    VALUES (1, 'a', 'MARKDOWN', '', '', now(), 1);
    INSERT INTO comment_held_edit (comment_id, body_source, body_html, body_text, written_at) VALUES (1, 'b', '', '', now());
    INSERT INTO comment_event (article_id, sequence, kind, comment_id) VALUES (1, 1, 'CHANGED', 1);
    UPDATE article SET event_sequence = 1, last_event_at = (SELECT at FROM comment_event WHERE article_id = 1) WHERE id = 1`);
  pool = openPool({ url: gateway.databaseUrl, config: readConfig({}), log: createLogger({ level: 'silent' }) });
  texts = openTextConverter();
  await rerender({ db: pool, convertText: texts.convert, signal: new AbortController().signal });
  // Its jobs write articles again, and the triggers of these writes would repair what a test has made wrong.
  await gateway.stopGateway();
});

afterAll(async () => {
  await texts.close();
  await pool.close();
  await gateway.stop();
});

async function findings(repair: boolean): Promise<unknown[]> {
  const derived = await verify({ url: gateway.databaseUrl, repair });
  return [...derived, ...(await checkRenderings({ db: pool, convertText: texts.convert }, { repair }))];
}

it('every column of the database is known as derived or as primary', async () => {
  const { rows } = await gateway.sql.query<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns WHERE table_schema = 'public'`,
  );
  const primary = Object.entries(PRIMARY).flatMap(([table, columns]) =>
    columns.split(/\s+/).map((column) => `${table}.${column}`),
  );
  expect([...primary, ...Object.keys(CORRUPTIONS)].sort()).toEqual(rows.map(({ name }) => name).sort());
});

/** Does what a gateway's job would do: what is listed to be computed is not compared. */
async function rebuildSearchDocuments(): Promise<void> {
  let computed = 1;
  while (computed > 0) {
    const { rows } = await gateway.sql.query<{ computed: number }>(`${REBUILD_SEARCH} AS computed`, [1_000]);
    computed = rows[0]!.computed;
  }
}

describe('verify finds and repairs a wrong', () => {
  beforeEach(rebuildSearchDocuments);

  it.each(Object.entries(CORRUPTIONS))('%s', async (_column, corrupt) => {
    expect(await findings(false)).toEqual([]);
    await gateway.sql.query(corrupt);
    expect(await findings(false)).not.toEqual([]);
    expect(await findings(true)).not.toEqual([]);
    expect(await findings(false)).toEqual([]);
  });
});
