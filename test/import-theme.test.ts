// WordPress's own test export, https://github.com/WPTT/theme-test-data. It is under the GPL, so it is not part of this
// repository: WXR_THEME_TEST names a copy, or one lies in shared/data beside the checkout.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countsOf, openTrial, type Trial } from './fixtures/wordpress/trial.ts';

const beside = fileURLToPath(new URL('../../shared/data/themeunittestdata.wordpress.xml', import.meta.url));
const file = process.env.WXR_THEME_TEST ?? beside;
const missing = !existsSync(file);

if (missing) console.warn(`Skipped: there is no theme unit test export at ${file}; WXR_THEME_TEST can name one.`);

describe.skipIf(missing)("WordPress's theme unit test export", () => {
  let trial: Trial;

  beforeAll(async () => {
    trial = await openTrial();
    await trial.importFile(file);
  });

  afterAll(() => trial.close());

  test('comes in whole: 58 posts, 2 authors, 68 categories and 110 tags, 29 comments that are comments', async () => {
    const report = await trial.importFile(file, { dryRun: true, pages: true });
    expect(countsOf(report, 'articles')).toEqual({ read: 79, made: 21, updated: 0, unchanged: 58, skipped: {} });
    expect(countsOf(report, 'authors')).toEqual({ read: 2, made: 0, updated: 0, unchanged: 2, skipped: {} });
    expect(countsOf(report, 'comments')).toEqual({
      read: 33,
      made: 5,
      updated: 0,
      unchanged: 24,
      skipped: { 'of type pingback': 2, 'of type trackback': 2 },
    });
    const { read, unchanged, skipped } = countsOf(report, 'topics');
    const { 'taxonomy nav_menu is not imported': menus = 0, ...shared } = skipped;
    expect(shared).toEqual({ 'shares its slug with another: one topic': 2 });
    // A few more are named by posts alone.
    expect(read - menus).toBeGreaterThanOrEqual(68 + 110);
    expect(unchanged).toBe(read - menus - 2);
  });

  test('has one scheduled article, and drafts for what is a draft or protected', async () => {
    expect(await trial.rows('SELECT status::text, count(*)::int FROM article GROUP BY 1 ORDER BY 1')).toEqual([
      { status: 'DRAFT', count: 2 },
      { status: 'PUBLISHED', count: 55 },
      { status: 'SCHEDULED', count: 1 },
    ]);
  });

  test('has comments ten deep', async () => {
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

  test('is as it was after another import', async () => {
    const before = await trial.everything();
    await trial.importFile(file);
    expect(await trial.everything()).toEqual(before);
  });
});
