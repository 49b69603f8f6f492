// WordPress' own test export, https://github.com/WPTT/theme-test-data. It is under the GPL and therefore not in this
// repository. WXR_THEME_TEST is the path of a copy; the default is shared/data beside the checkout.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countsOf, openTrial, type Trial } from './fixtures/wordpress/trial.ts';

const beside = fileURLToPath(new URL('../../shared/data/themeunittestdata.wordpress.xml', import.meta.url));
const file = process.env.WXR_THEME_TEST ?? beside;
const missing = !existsSync(file);

if (missing)
  console.warn(`Skipped: there is no theme unit test export at ${file}. Set WXR_THEME_TEST to the path of a copy.`);

describe.skipIf(missing)("WordPress' theme unit test export", () => {
  let trial: Trial;

  beforeAll(async () => {
    trial = await openTrial();
    await trial.importFile(file);
  });

  afterAll(() => trial.close());

  test('is imported completely: 58 posts, 21 pages, 2 authors, 68 categories, 110 tags and 29 comments', async () => {
    const report = await trial.importFile(file, { dryRun: true, pages: true });
    expect(countsOf(report, 'articles')).toEqual({ read: 79, created: 21, updated: 0, unchanged: 58, skipped: {} });
    expect(countsOf(report, 'authors')).toEqual({ read: 2, created: 0, updated: 0, unchanged: 2, skipped: {} });
    expect(countsOf(report, 'comments')).toEqual({
      read: 33,
      created: 5,
      updated: 0,
      unchanged: 24,
      skipped: { 'comment type pingback is not imported': 2, 'comment type trackback is not imported': 2 },
    });
    const { read, unchanged, skipped } = countsOf(report, 'topics');
    const { 'taxonomy nav_menu is not imported': menus = 0, ...shared } = skipped;
    expect(shared).toEqual({ 'has the slug of another category or tag; both are one topic': 2 });
    // Only posts name a few more topics.
    expect(read - menus).toBeGreaterThanOrEqual(68 + 110);
    expect(unchanged).toBe(read - menus - 2);
  });

  test('becomes published articles, one scheduled article, and drafts for the draft and the password-protected post', async () => {
    expect(await trial.rows('SELECT status::text, count(*)::int FROM article GROUP BY 1 ORDER BY 1')).toEqual([
      { status: 'DRAFT', count: 2 },
      { status: 'PUBLISHED', count: 55 },
      { status: 'SCHEDULED', count: 1 },
    ]);
  });

  test('keeps comments nested ten levels deep', async () => {
    const rows = await trial.rows<{ text: string; depth: number; levels: number }>(`
      SELECT left(body_text, 16) AS text, depth, cardinality(path) AS levels FROM comment WHERE body_text LIKE 'Comment Depth%'
       ORDER BY path`);
    expect(rows).toEqual(
      Array.from({ length: 10 }, (_, depth) => ({
        text: `Comment Depth ${String(depth + 1).padStart(2, '0')}`,
        depth,
        levels: depth + 1,
      })),
    );
  });

  test('changes no row when it is imported again', async () => {
    const before = await trial.everything();
    await trial.importFile(file);
    expect(await trial.everything()).toEqual(before);
  });
});
