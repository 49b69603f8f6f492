import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, tokenOf, until } from './gateway.ts';

/** Debian's; another one is named by CHROMIUM. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const isInstalled = existsSync(CHROMIUM);
if (!isInstalled) process.stderr.write(`GraphiQL is not tested in a browser: there is no ${CHROMIUM}.\n`);

/** Milliseconds for the page, which has 9 MB of program, on a busy machine. */
const PATIENCE = 60_000;

/** What GraphiQL leaves of its editors to scripts. */
interface Monaco {
  editor: { getEditors(): { getDomNode(): Node; getValue(): string }[] };
}

const QUERY = '.graphiql-query-editor';
const HEADERS = '.graphiql-editor-tool[aria-label=Headers]';

describe.skipIf(!isInstalled)('GraphiQL in Chromium', { timeout: 3 * PATIENCE }, () => {
  let gateway: TestGateway;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    gateway = await startGateway((sql) =>
      sql
        .query(`
          INSERT INTO author (id, slug, name, kind) VALUES (1000, 'writer', 'Writer', 'STAFF');
          INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
            VALUES (1, 'open', 'The open article', '', '', '', '', 'PUBLISHED', now(), 1000)`)
        .then(() => {}),
    );
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  }, 2 * PATIENCE);

  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  afterEach(() => context?.close());

  async function open(viewport = { width: 1280, height: 800 }): Promise<Page> {
    context = await browser.newContext({ viewport });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    await visit(page);
    return page;
  }

  async function visit(page: Page): Promise<void> {
    await page.goto(gateway.url);
    await page.waitForSelector(`${QUERY} .view-line`);
  }

  /** Replaces the text of the editor in a section, as by Ctrl+A and Ctrl+V. */
  async function write(page: Page, section: string, text: string): Promise<void> {
    await page.click(`${section} .graphiql-editor:not(.hidden) .view-lines`);
    await page.waitForFunction((name) => document.querySelector(name)!.contains(document.activeElement), section);
    await page.keyboard.press('Control+A');
    // Pasted, because typed characters make the editor add closing brackets.
    await page.evaluate((pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      document.activeElement!.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    }, text);
    // The editor may ask its language for a form of the text first.
    await expect.poll(() => textOf(page, section), { timeout: PATIENCE }).toBe(text);
  }

  /** What the editor in a section contains. */
  function textOf(page: Page, section: string): Promise<string | undefined> {
    return page.evaluate((name) => {
      const { editor } = (globalThis as unknown as { __MONACO: Monaco }).__MONACO;
      const shown = document.querySelector(`${name} .graphiql-editor:not(.hidden)`)!;
      return editor
        .getEditors()
        .find((one) => shown.contains(one.getDomNode()))
        ?.getValue();
    }, section);
  }

  const writeQuery = (page: Page, text: string) => write(page, QUERY, text);
  const run = (page: Page) => page.click('.graphiql-execute-button');

  /** Runs an operation. @returns the request that leaves with it */
  async function sentBy(page: Page, act: () => Promise<void>): Promise<Request> {
    const isOperation = (request: Request): boolean =>
      request.method() === 'POST' && !request.postData()!.includes('IntrospectionQuery');
    const [request] = await Promise.all([page.waitForRequest(isOperation), act()]);
    return request;
  }

  /** The response is drawn by lines, with no-break spaces. */
  async function answers(page: Page, text: RegExp): Promise<string> {
    const handle = await page.waitForFunction(
      ([source, flags]) => {
        const shown = document.querySelector('.result-window')?.textContent?.replaceAll('\u00a0', ' ') ?? '';
        return new RegExp(source!, flags).test(shown) && shown;
      },
      [text.source, text.flags],
    );
    return (await handle.jsonValue()) as string;
  }

  it('keeps headers for the session, over a reload at once, and stores no token beyond it', async () => {
    const page = await open();
    const authorization = `Bearer ${await tokenOf({ name: 'Hanna' })}`;
    await page.click('button[data-name=headers]');
    await write(page, HEADERS, JSON.stringify({ authorization }));
    await writeQuery(page, 'query Me { viewer { author { name } } }');
    const sent = await sentBy(page, () => run(page));
    expect(sent.headers()).toMatchObject({ authorization });
    await answers(page, /"name": "Hanna"/);
    await write(page, HEADERS, JSON.stringify({ authorization, 'x-request-id': 'the-last' }));
    await page.reload();
    await page.waitForSelector(`${QUERY} .view-line`);
    const again = await sentBy(page, () => run(page));
    expect(again.headers()).toMatchObject({ authorization, 'x-request-id': 'the-last' });
    await answers(page, /"name": "Hanna"/);
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(authorization);
    // Another tab of the browser has another session.
    const other = await context.newPage();
    await visit(other);
    await writeQuery(other, 'query Me { viewer { author { name } } }');
    expect(await (await sentBy(other, () => run(other))).allHeaders()).not.toHaveProperty('authorization');
    await answers(other, /"viewer": null/);
  });

  it('runs what was just written, by button or keys, and keeps it in its tab and in the history', async () => {
    const page = await open();
    await writeQuery(page, 'query First { __typename }');
    const byButton = await sentBy(page, () => run(page));
    expect(byButton.postDataJSON()).toMatchObject({ operationName: 'First', query: 'query First { __typename }' });
    await answers(page, /"__typename": "Query"/);
    await writeQuery(page, 'query Second { a: __typename }');
    const byKeys = await sentBy(page, () => page.keyboard.press('Control+Enter'));
    expect(byKeys.postDataJSON()).toMatchObject({ operationName: 'Second', query: 'query Second { a: __typename }' });
    await answers(page, /"a": "Query"/);
    await writeQuery(page, 'query Third { __typename }');
    await page.click('.graphiql-tab-button:has-text("Node")');
    await page.waitForFunction(() => document.querySelector('.graphiql-tab-active')?.textContent?.includes('Node'));
    await page.click('.graphiql-tab-button:has-text("Third")');
    await page.waitForFunction(() => document.querySelector('.graphiql-tab-active')?.textContent?.includes('Third'));
    expect(await textOf(page, QUERY)).toBe('query Third { __typename }');
    await page.click('button[aria-label="Show History"]');
    const history = await page.locator('.graphiql-history-item-label').allTextContents();
    expect(history).toEqual(['Second', 'First']);
  });

  it('lists all events of a subscription with their times, the newest first', async () => {
    const page = await open();
    await page.click('.graphiql-tab-button:has-text("LiveDiscussion")');
    await page.waitForFunction(() => document.querySelector('.graphiql-tab-active')?.textContent?.includes('LiveD'));
    await run(page);
    await answers(page, /CaughtUp/);
    for (const body of ['First of two', 'Second of two']) {
      await gateway.ask(
        `mutation { addComment(input: { articleId: "QXJ0aWNsZTox", body: "${body}", guest: { name: "Ada", email: "ada@example.com" } }) { __typename } }`,
      );
      await page.waitForSelector(`.broadsheet-events summary:has-text("${body}")`);
    }
    const events = await page.locator('.broadsheet-events summary').allTextContents();
    expect(events).toEqual([
      expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3}CommentAdded.*Second of two/),
      expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3}CommentAdded.*First of two/),
      expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3}CaughtUp/),
    ]);
    const [panel, last] = await Promise.all(
      ['.broadsheet-events', '.broadsheet-events details:last-child'].map((part) => page.locator(part).boundingBox()),
    );
    const editors = await page.locator('.graphiql-editors').boundingBox();
    // All are in sight, and leave the editor its place.
    expect(editors!.width).toBeGreaterThan(500);
    expect(panel!.x + panel!.width).toBeLessThanOrEqual(1280);
    expect(last!.y + last!.height).toBeLessThanOrEqual(panel!.y + panel!.height);
  });

  it('sends the headers with a subscription, and ends it when it is stopped', async () => {
    const page = await open();
    await writeQuery(page, 'subscription Held { moderationEvents { __typename comment { body { text } } } }');
    await run(page);
    await answers(page, /"FORBIDDEN"/);
    const authorization = `Bearer ${await tokenOf({ name: 'Hanna', role: 'MODERATOR' })}`;
    await page.click('button[data-name=headers]');
    await write(page, HEADERS, JSON.stringify({ authorization }));
    await sentBy(page, () => run(page));
    await page.waitForFunction(() => document.querySelector('.broadsheet-errors') === null);
    await until('it has subscribed', async () => (await gateway.metrics()).streams === 1);
    const body = '木漏れ日'.repeat(2_000); // held for its length
    await gateway.ask(
      'mutation ($body: String!) { addComment(input: { articleId: "QXJ0aWNsZTox", body: $body, guest: { name: "Ada", email: "ada@example.com" } }) { __typename } }',
      { body },
    );
    await page.waitForSelector('.broadsheet-events summary:has-text("CommentHeld")');
    expect(await page.locator('.broadsheet-events pre').textContent()).toContain(body);
    await run(page);
    await until('the stream is closed', async () => (await gateway.metrics()).streams === 0);
  });

  it('shows where errors are: of a document as it was written, of syntax, and of a field', async () => {
    const page = await open();
    for (const [query, place] of [
      ['query {\n\n  # A comment\n    articles { nodes { nope } }\n}', /Line 4, column 24.*nope/s],
      ['{ articles { nodes { slug }', /Line 1, column 28/],
      ['{\n  a: __typename\n  articles(after: "x") { nodes { slug } }\n}', /Line 3, column 3/],
    ] as const) {
      await writeQuery(page, query);
      await run(page);
      await page.waitForFunction(
        ([source, flags]) =>
          new RegExp(source!, flags).test(document.querySelector('.broadsheet-errors')?.textContent ?? ''),
        [place.source, place.flags],
      );
    }
    await writeQuery(page, '{ __typename }');
    await run(page);
    await page.waitForFunction(() => document.querySelector('.broadsheet-errors') === null);
  });

  it('can be used on a phone', async () => {
    const page = await open({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await run(page);
    await answers(page, /"open"/);
    const boxes = await Promise.all(
      ['.graphiql-query-editor', '.graphiql-execute-button', '.result-window'].map((part) =>
        page.locator(part).boundingBox(),
      ),
    );
    for (const box of boxes) {
      expect(box!.x).toBeGreaterThanOrEqual(0);
      expect(box!.x + box!.width).toBeLessThanOrEqual(390);
    }
    const [editor, , result] = boxes;
    expect(editor!.width).toBeGreaterThan(300);
    expect(result!.width).toBeGreaterThan(300);
    expect(result!.y).toBeGreaterThan(editor!.y + editor!.height);
  });

  it('has a history, which a later session has, too', async () => {
    const page = await open();
    await writeQuery(page, 'query Remembered { __typename }');
    await run(page);
    await answers(page, /"__typename": "Query"/);
    const later = await context.newPage();
    await visit(later);
    await later.click('button[aria-label="Show History"]');
    await later.click('.graphiql-history-item-label:has-text("Remembered")');
    await later.waitForFunction(() =>
      document.querySelector('.graphiql-query-editor')?.textContent?.includes('Remembered'),
    );
  });

  it('lists the costs of the operations, also of one that was refused for it', async () => {
    const page = await open();
    await run(page);
    await answers(page, /"data"/);
    await page.click('button[aria-label="Show Costs"]');
    const many = 'a1b2c3d4e5f6g7h8'
      .match(/../g)!
      .map(
        (alias) =>
          `${alias}: articles(first: 100) { nodes { comments(first: 100) { nodes { replies(first: 100) { nodes { id } } } } } }`,
      );
    await writeQuery(page, `query Huge { ${many.join(' ')} }`);
    await run(page);
    await page.waitForSelector('.broadsheet-costs tbody tr:nth-child(2)');
    const rows = await page.locator('.broadsheet-costs tbody tr').allTextContents();
    expect(rows[0]).toMatch(/^Huge/);
    expect(rows[1]).toMatch(/^FrontPage\d\d:\d\d:\d\d\.\d{3}\d+/);
  });
});
