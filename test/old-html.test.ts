import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toMarkdown } from '../schema/content/text/markdown.ts';
import { renderText } from '../schema/content/text/render.ts';
import { articleBody } from '../src/import/wordpress/body.ts';
import { exportOf } from './fixtures/wordpress/export.ts';
import { openTrial, type Trial } from './fixtures/wordpress/trial.ts';
import { startGateway, type TestGateway } from './gateway.ts';

// What pages of former years have in their HTML, and what people lose when it is removed.

const htmlOf = (stored: string) => renderText(articleBody(stored).html, 'HTML', 'article').html;
const edited = (html: string) => renderText(toMarkdown(html), 'MARKDOWN', 'article').html;
const bare = (html: string) => html.replace(/\n/g, '');

describe('a link around', () => {
  it.each([
    [
      'a heading and a paragraph',
      '<a href="https://a.example/"><h2>Title</h2>\n<p>Words</p></a>\n\nAfter',
      '<h2 id="user-content-title">Title</h2><p>Words</p>',
    ],
    [
      'an element with a picture',
      '<a href="https://a.example/">\n<div><img src="y.jpg"></div>\n</a>\n\nAfter',
      '<div><p><img src="y.jpg" alt="" /></p></div>',
    ],
    ['two paragraphs', '<a href="https://a.example/">one\n\ntwo</a>\n\nAfter', '<p>one</p><p>two</p>'],
    [
      'a figure',
      '<a href="https://a.example/">[caption]<img src="y.jpg" alt=""> Words[/caption]</a>\n\nAfter',
      '<figure><img src="y.jpg" alt="" /><figcaption>Words</figcaption></figure>',
    ],
  ])('%s leads where it led, also after an edit', (_name, stored, inner) => {
    const html = htmlOf(stored);
    const expected = `<a href="https://a.example/" rel="noopener">${inner}</a><p>After</p>`;
    expect(bare(html)).toBe(expected);
    expect(bare(edited(html))).toBe(expected);
  });

  it('words stays in their paragraph, and one without an end takes nothing', () => {
    expect(htmlOf('a <a href="https://a.example/">b</a>\nc')).toBe(
      '<p>a <a href="https://a.example/" rel="noopener">b</a><br />\nc</p>',
    );
    expect(htmlOf('<a href="https://a.example/">b\n\nc<h2>d</h2>')).toContain('<p>c</p>');
  });
});

describe('a list with more than items', () => {
  it.each([
    [
      'text before, between and behind',
      '<ul>one<li>two</li>three<li>four</li>five</ul>',
      '<ul><li>one</li><li>two three</li><li>four five</li></ul>',
      '- one\n- two three\n- four five',
    ],
    [
      'lists in it',
      '<ol><li>one</li><ul><li>two</li></ul><li>three</li></ol>',
      '<ol><li>one<ul><li>two</li></ul></li><li>three</li></ol>',
      '1. one\n   - two\n2. three',
    ],
    [
      'elements in it',
      '<ul><p>one</p><li>two</li><blockquote>three</blockquote></ul>',
      null,
      '- one\n- two\n  \n  > three',
    ],
    ['nothing but a list', '<ul><ul><li>one</li></ul></ul>', '<ul><li><ul><li>one</li></ul></li></ul>', '- - one'],
    ['nothing', '<ul> <li>one</li>\n<li>two</li> </ul>', '<ul> <li>one</li>\n<li>two</li> </ul>', '- one\n- two'],
  ])('shows %s', (_name, source, html, text) => {
    for (const place of ['article', 'comment'] as const) {
      const rendered = renderText(source.replace(/(?<=<\/li>)(?=three|five)/g, ' '), 'HTML', place);
      if (html) expect(rendered.html.replace(/ (?=<\/li>)/g, '')).toBe(html);
      expect(rendered.text.replace(/[ >]*\n(?: *\n)*/g, '\n')).toBe(text.replace(/[ >]*\n(?: *\n)*/g, '\n'));
      if (html) for (const word of text.match(/[a-z]+/g)!) expect(toMarkdown(rendered.html)).toContain(word);
      expect(renderText(rendered.html, 'HTML', place).html).toBe(rendered.html);
    }
  });

  it('keeps the words beside the cells of a table', () => {
    expect(renderText('<table><tr>one<td>two</td><td>three</td></tr>four</table>', 'HTML', 'article').text).toBe(
      'one | two | three\nfour',
    );
  });
});

describe('a link by', () => {
  it.each(['irc://irc.example/room', 'ircs://irc.example', 'ftp://ftp.example/x', 'xmpp:a@b.example', 'news:a.b'])(
    '%s stays one in articles and in comments',
    (address) => {
      for (const place of ['article', 'comment'] as const) {
        const { html } = renderText(`<a href="${address}">x</a>`, 'HTML', place);
        expect(html).toContain(`href="${address}"`);
      }
      expect(edited(htmlOf(`<a href="${address}">x</a>`))).toContain(`href="${address}"`);
    },
  );

  it.each(['tel:+123', 'sms:+123', 'webcal://a.example/x.ics'])('%s stays one in articles', (address) => {
    expect(htmlOf(`<a href="${address}">x</a>`)).toContain(`href="${address}"`);
  });

  it.each([
    'javascript:x()',
    'JaVaScRiPt:x()',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:x',
    'view-source:x',
  ])('%s stays none', (address) => {
    for (const place of ['article', 'comment'] as const)
      expect(renderText(`<a href="${address}">x</a>`, 'HTML', place).html).not.toContain('href');
  });
});

describe('a jump leads to', () => {
  it.each([
    ['a name with spaces', '<a name="part one">x</a> <a href="#part%20one">1</a> <a href="#part one">2</a>'],
    ['both the id and the name of an anchor', '<a id="x" name="y">x</a> <a href="#x">1</a> <a href="#y">2</a>'],
    ['an anchor that closes itself', '<a name="x" />Words <a href="#x">1</a> <a href="#x">2</a>'],
    [
      'elements that articles may not have',
      '<font id="f">x</font><center id="c">y</center> <a href="#f">1</a> <a href="#c">2</a>',
    ],
    [
      'an article, also in another case',
      '<article id="Part"><p>x</p></article><a href="#Part">1</a> <a href="#Part">2</a>',
    ],
  ])('%s', (_name, stored) => {
    for (const html of [htmlOf(stored), edited(htmlOf(stored))]) {
      const targets = Array.from(html.matchAll(/ href="#([^"]*)"/g), ([, id]) => id);
      expect(targets).toHaveLength(2);
      for (const id of targets) expect(html).toContain(` id="${id}"`);
    }
  });

  it('nothing that could run', () => {
    expect(
      htmlOf('<script id="x">alert(1)</script><svg id="y"><b>z</b></svg><font id="f" onclick="x()">a</font>'),
    ).toBe('<p><span id="user-content-f">a</span></p>');
  });
});

it('lists, links and rows, repeated 20,000 times, are rendered within the time of a test', () => {
  for (const piece of ['<ul>a', '<ul>a</ul>', '<li>a', '<a href="x"><p>', '<a href="x">\n\n', '<tr>a<td>', '</li>a'])
    expect(renderText(articleBody(piece.repeat(20_000)).html, 'HTML', 'article').html.length).toBeGreaterThan(0);
});

it('a picture with alternatives leaves its image, and audio and video keep their sources', () => {
  const html = htmlOf(
    '<picture><source srcset="/a.webp 2x" media="(min-width: 9em)"><source><img src="/a.png" alt="A"></picture><video><source src="/v.mp4"></video>',
  );
  expect(bare(html)).toContain('<img src="/a.png" alt="A" />');
  expect(html.match(/<\/?source[^>]*>/g)).toEqual(['<source src="/v.mp4">', '</source>']);
});

describe('an import', () => {
  let trial: Trial;
  let gateway: TestGateway;
  const report = join(tmpdir(), `report ${process.pid}.ndjson`);

  beforeAll(async () => {
    gateway = await startGateway();
    trial = await openTrial(gateway.databaseUrl);
  });

  afterAll(async () => {
    await trial.close();
    await gateway.stop();
    await rm(report, { force: true });
  });

  it('finds an article by its former slug as browsers and front ends write it', async () => {
    const cut = '%e3%81%8a%e8%8c%b6-%e3%81';
    const meta = ['%e3%81%8a%e8%8c%b6', cut, 'nul%00'].map((slug): [string, string] => ['_wp_old_slug', slug]);
    await trial.import(exportOf({ posts: [{ id: 1, slug: 'tea', meta }] }));
    for (const slug of ['お茶', '%E3%81%8A%E8%8C%B6', '%e3%81%8a%e8%8c%b6', cut, cut.toUpperCase(), 'nul']) {
      const { data } = await gateway.ask('query ($slug: String!) { article(slug: $slug) { title } }', { slug });
      expect(data).toEqual({ article: { title: 'Post 1' } });
    }
    const { data } = await gateway.ask('{ article(slug: "%00%zz") { title } }');
    expect(data).toEqual({ article: null });
  });

  it('counts what the rules for safe HTML removed, and writes it by record', async () => {
    const posts = Array.from({ length: 5 }, (_, i) => ({
      id: 10 + i,
      body: '<p class="a aligncenter b" onclick="x()">1 <font color="red">2</font> <select><option>3</option></select></p>',
      comments: [{ id: 10 + i, text: '<img src="javascript:x"><u style="color: red">4</u>' }],
    }));
    const { notes } = await trial.import(exportOf({ posts, url: 'https://b.example' }), { reportFile: report });
    const removed = notes.filter(({ reason }) => /removed/.test(reason));
    expect(removed.map(({ reason, count }) => [reason, count])).toEqual([
      ['HTML elements that are not allowed were removed; their text was kept', 10],
      ['attributes that are not allowed, or whose address is not, were removed', 15],
      ['HTML elements that are not allowed were removed with their content', 10],
      ['class names, sizes and other attributes that readers do not miss were removed', 10],
    ]);
    const lines = (await readFile(report, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ reason }) => reason === removed[3]!.reason).map(({ id, count }) => [id, count])).toEqual(
      posts.map(({ id }) => [String(id), 2]),
    );
    await expect(trial.import(exportOf({ posts }), { reportFile: '/proc/none/report' })).rejects.toThrow(
      'The report cannot be written to /proc/none/report.',
    );
  });
});
