import { once } from 'node:events';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { RateLimitedError, TextTooComplexError } from '../schema/content/errors.ts';
import { type Conversion, conversions } from '../schema/content/text/conversions.ts';
import { markdownOfSource } from '../schema/content/text/rich-text.ts';
import { ownProgram } from '../src/own-program.ts';
import { openConversionWorker } from '../src/rendering/conversion-thread.ts';
import { openTextConverter, type TextConverter } from '../src/rendering/text-converter.ts';
import { isSoak } from './chaos/size.ts';
import { until } from './gateway.ts';

/** Bytes of the largest article. */
const LARGEST = 500_000;

/** Bytes of a text whose time is limited, less than those of the largest: with the square of its length, it took a minute. */
const LONG = isSoak ? LARGEST : 300_000;

let converter: TextConverter | undefined;

function open(options?: Parameters<typeof openTextConverter>[0]): TextConverter {
  converter = openTextConverter(options);
  return converter;
}

afterEach(() => converter?.close());

const repeated = (text: string, size: number) => text.repeat(Math.floor(size / text.length));

describe('a text', () => {
  it('that is short is converted at once, without a thread', () => {
    const { convert, threadCount } = open();
    expect(convert('comment', '*a*')).toEqual({ html: '<p><em>a</em></p>', text: 'a' });
    expect(threadCount).toBe(0);
  });

  it('that is long is converted in a thread, like a short one', async () => {
    const source = repeated('# A\n\n*b* and https://c.example\n\n', 20_000);
    const { convert } = open();
    await expect(convert('article', source)).resolves.toEqual(conversions.article(source));
    await expect(convert('markdown', repeated('<p>a <b>b</b></p>', 20_000))).resolves.toMatch(/^a \*\*b\*\*\n\na/);
    expect(converter!.threadCount).toBe(1);
  });

  it('waits for another turn of the event loop when many short ones are converted', async () => {
    const { convert } = open();
    const source = 'a '.repeat(1_000);
    let turns = 0;
    let isRunning = true;
    const count = (): void => {
      turns += 1;
      if (isRunning) setImmediate(count);
    };
    setImmediate(count);
    await Promise.all(Array.from({ length: 100 }, () => convert('article', source)));
    isRunning = false;
    expect(turns).toBeGreaterThan(40);
    expect(converter!.threadCount).toBe(0);
  });
});

describe('a thread', () => {
  it('runs the sources, too', async () => {
    const worker = openConversionWorker(ownProgram('rendering/conversion-worker.ts'));
    expect(await once(worker, 'message')).toEqual([
      { ready: true, taskId: process.platform === 'linux' ? expect.any(Number) : null },
    ]);
    await worker.terminate();
  });

  it('ends when it has no work, and another one starts for the next text', async () => {
    const { convert } = open({ idleAfter: 1 });
    await convert('comment', 'a\n'.repeat(5_000));
    await until('the thread ends', () => converter!.threadCount === 0);
    await expect(convert('comment', 'a\n'.repeat(5_000))).resolves.toHaveProperty('text');
  });

  it('is ended when a text takes too long, and the next text is converted by another one', async () => {
    const { convert } = open({ deadline: 1_000 });
    const [slow, next] = await Promise.allSettled([
      convert('article', repeated('[*a*](b)![', 20 * LARGEST)),
      convert('comment', 'a'.repeat(5_000)),
    ]);
    expect(slow).toMatchObject({ status: 'rejected', reason: expect.any(TextTooComplexError) });
    expect(next).toMatchObject({ status: 'fulfilled' });
  });

  it.runIf(process.platform === 'linux')('refuses no text since the machine was busy with others', async () => {
    const { convert } = open({ deadline: 1_000 });
    const text = 'a'.repeat(5_000);
    await convert('comment', text);
    // So that timers are next.
    await new Promise(setImmediate);
    const converted = convert('comment', text);
    // The main thread stands still for longer than that.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    await expect(converted).resolves.toHaveProperty('text');
  });

  it('refuses a text whose result is many times as large', async () => {
    const { convert } = open();
    // Each is escaped as `&amp;`.
    await expect(convert('htmlBlock', '&'.repeat(1_100_000))).rejects.toBeInstanceOf(TextTooComplexError);
    // It takes seconds.
    const quotes = repeated(`${'>'.repeat(15)}a\n\n`, LARGEST / 2);
    if (isSoak) await expect(convert('article', quotes)).rejects.toBeInstanceOf(TextTooComplexError);
  });

  it('refuses further texts when too many wait', async () => {
    const { convert } = open();
    const texts = Array.from({ length: 50 }, () => convert('article', 'a'.repeat(LARGEST)));
    const results = Promise.allSettled(texts);
    await expect(texts.at(-1)).rejects.toBeInstanceOf(RateLimitedError);
    await converter!.close();
    await results;
    expect(converter!.threadCount).toBe(0);
  });
});

describe('the time to convert grows with the length of a text, and with nothing else', () => {
  // Of these texts, several took minutes when it grew with the square.
  const shared = openTextConverter();
  afterAll(() => shared.close());

  it.each<[Conversion, string]>([
    ['article', 'http://a.b/(((('],
    ['article', '-http://a.b/'],
    ['article', '<img>'],
    ['article', 'a<iframe></iframe>'],
    ['comment', '\u202a\u2069'],
    ['article', '|'],
    ['article', '[^'],
    ['article', '[^a]: '],
    ['article', '[^1]: a\n\n[^1]'],
    ['article', '[x](#a)'],
    ['article', '**「'],
    ['comment', '<!--\n\n'],
    ['comment', '![a](b)'],
    ['markdown', '<table><tr><td>'],
    ['markdown', '<p><b>a'],
  ])('%s: %j', async (name, pattern) => {
    const half = Math.min(name === 'comment' ? 80_000 : LONG, LONG / 2);
    await expect(shared.convert(name, 'a'.repeat(half) + repeated(pattern, half))).resolves.toBeTruthy();
  });
});

it('HTML that is too complex to convert is read as HTML, which Markdown accepts', async () => {
  const source = '<pre>a\n\n  \nb</pre><p>c</p>';
  const convertText = ((name: Conversion) =>
    name === 'markdown' ? Promise.reject(new TextTooComplexError()) : conversions.htmlBlock(source)) as never;
  const markdown = await markdownOfSource(source, 'HTML', { convertText });
  expect(conversions.article(markdown).html).toBe(`<div>${source}</div>`);
});
