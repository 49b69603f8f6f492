import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { completeHtml } from '../schema/content/text/complete-html.ts';
import { toMarkdown } from '../schema/content/text/markdown.ts';
import { renderText } from '../schema/content/text/render.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
/** A gateway on another database, which has no PUBLIC_URL. */
let withoutUrl: TestGateway;

const seed = (sql: TestGateway['sql']) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] });

beforeAll(async () => {
  gateway = await startGateway(seed, { PUBLIC_URL: 'https://site.example/blog' });
  withoutUrl = await startGateway(seed);
});

afterAll(async () => {
  await gateway.stop();
  await withoutUrl.stop();
});

interface Body {
  html: string;
  text: string;
  markdown: string;
}

async function article(
  markdown: string,
  client: Client = gateway,
): Promise<{ id: string; excerpt: string; body: Body }> {
  const writer = (client === withoutUrl ? withoutUrl : gateway).as({ name: 'Wren', role: 'WRITER' });
  const { data } = await writer.ask<{ createArticle: { article: never } }>(
    `mutation ($markdown: String!) { createArticle(input: { title: "A", markdown: $markdown }) {
      ... on ArticleSuccess { article { id excerpt body { html text markdown } } } } }`,
    { markdown },
  );
  return data.createArticle.article;
}

interface CommentResult {
  code?: string;
  path?: string[];
  comment?: { body: Body };
}

async function comment(body: string): Promise<CommentResult> {
  const { data } = await gateway.ask<{ addComment: CommentResult }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) {
      ... on AddCommentSuccess { comment { body { html text markdown } } } ... on Error { code }
      ... on InvalidInputError { path } } }`,
    { input: { articleId: encodeId('Article', 1), body, guest: { name: 'Ann', email: 'ann@example.com' } } },
  );
  return data.addComment;
}

const attributes = (html: string, name: string) =>
  Array.from(html.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g')), ([, value]) => value!);

/** Fragments of links that lead to no id of the HTML. */
const broken = (html: string) =>
  attributes(html, 'href')
    .filter((href) => href.startsWith('#') && !attributes(html, 'id').includes(href.slice(1)))
    .map((href) => href);

describe('an article', () => {
  it('has tables, strikethrough, task lists and footnotes', async () => {
    const { body, excerpt } = await article(
      'Claim[^a] and more[^b], again[^a].\n\n|a|b|\n|-|-|\n|1|2|\n\n~~gone~~\n\n- [x] done\n- [ ] not\n\n[^b]: Second.\n[^a]: First.\n\n    With *two* paragraphs.\n',
    );
    expect(body.html).toContain('<td>1</td>');
    expect(body.html).toContain('<s>gone</s>');
    expect(body.html.match(/<input type="checkbox" disabled[^>]*>/g)).toHaveLength(2);
    expect(body.html).toMatch(/<section class="footnotes">[\s\S]*First\.[\s\S]*With[\s\S]*Second\./);
    expect(broken(body.html)).toEqual([]);
    expect(body.text).toMatch(/^Claim\[1\] and more\[2\], again\[1\]\./);
    expect(body.text).toContain('- [x] done\n- [ ] not');
    expect(body.text).toMatch(/1\. First\.\n\n {3}With two paragraphs\.\n\n2\. Second\.$/);
    expect(excerpt).toMatch(/^Claim and more, again\. a \| b/);
  });

  it('has an id at each heading, to which links lead, and which no other article has', async () => {
    const markdown =
      '# Twice\n\n# Twice\n\n# 見出し\n\n# !\n\n<h2 id="cookie">x</h2>\n\n[1](#twice) [2](#twice-1) [3](#見出し) [4](#cookie) [5](#elsewhere)\n\nA[^1]\n\n[^1]: b';
    const [first, second] = [await article(markdown), await article(markdown)];
    expect(broken(first.body.html)).toEqual(['#elsewhere']);
    const ids = [...attributes(first.body.html, 'id'), ...attributes(second.body.html, 'id')];
    expect(new Set(ids).size).toBe(14);
    for (const id of ids) expect(id).toMatch(/^article-\d+-./);
    expect(first.body.markdown).toBe(markdown);
  });

  it('that shows HTML as code has it unchanged', async () => {
    const code = '`<a id="user-content-x" href="#user-content-x"><img src="/y">`';
    const { body } = await article(`${code} [z](/z)`);
    expect(body.text).toBe(`${code.slice(1, -1)} z`);
    expect(body.html.replace(/&quot;/g, '"')).toContain(
      'id="user-content-x" href="#user-content-x"&gt;&lt;img src="/y"',
    );
  });
});

describe('relative addresses', () => {
  const MARKDOWN = `[a](/a) [b](b?c=1&d=2#e) [c](//host/x) [d](../d) ![i](i.png) [f](#f) [g](https://x.example/)

<img src="/s.png" srcset="/s.png 1x, big.png 2x,//host/q.png 3x" alt="s">`;

  it('are resolved against PUBLIC_URL, in HTML alone', async () => {
    const { body } = await article(MARKDOWN);
    expect(attributes(body.html, 'href')).toEqual([
      'https://site.example/a',
      'https://site.example/blog/b?c=1&amp;d=2#e',
      'https://host/x',
      'https://site.example/d',
      '#f',
      'https://x.example/',
    ]);
    expect(attributes(body.html, 'src')).toEqual(['https://site.example/blog/i.png', 'https://site.example/s.png']);
    expect(attributes(body.html, 'srcset')).toEqual([
      'https://site.example/s.png 1x, https://site.example/blog/big.png 2x, https://host/q.png 3x',
    ]);
    expect(body.markdown).toBe(MARKDOWN);
    expect((await comment('see [this](/a)')).comment!.body.html).toContain('href="https://site.example/a"');
  });

  it('stay as they are without PUBLIC_URL', async () => {
    const { body } = await article(MARKDOWN, withoutUrl);
    expect(attributes(body.html, 'href').slice(0, 4)).toEqual(['/a', 'b?c=1&amp;d=2#e', '//host/x', '../d']);
    expect(attributes(body.html, 'src')).toEqual(['i.png', '/s.png']);
  });
});

describe('a comment', () => {
  it('shows images as links with their alternative text', async () => {
    const { comment: added } = await comment(
      '![a cat](https://x.example/cat.png) [![in](/i.png)](https://x.example/p) ![`main()` drawn](https://x.example/d.png)',
    );
    expect(added!.body.html.match(/<a [^>]*>[^<]*<\/a>/g)).toEqual([
      '<a href="https://x.example/cat.png" rel="nofollow ugc noopener">a cat</a>',
      '<a href="https://x.example/p" rel="nofollow ugc noopener">in</a>',
      '<a href="https://x.example/d.png" rel="nofollow ugc noopener">main() drawn</a>',
    ]);
    expect(added!.body.html).not.toMatch(/<img|!/);
  });

  it.each(['>', '---', '***', '-\n-', '1.', '![](https://x.example/a.png)', '\u200B\u2060', '<!-- x -->'])(
    'of nothing but %j is refused',
    async (body) => expect(await comment(body)).toEqual({ code: 'INVALID_INPUT', path: ['input', 'body'] }),
  );

  it.each(['<!-- a\n\nb -->', '[](https://x.example)', '```\n```', '> > ---', '<!-->', '&#8203;'])(
    'that shows nothing, as of %j, is refused',
    async (body) => expect(await comment(body)).toEqual({ code: 'INVALID_INPUT', path: ['input', 'body'] }),
  );

  it.each([
    ['（https://x.example）', 'https://x.example'],
    ['https://x.example/a。次', 'https://x.example/a'],
    ['「https://x.example/?q=1」', 'https://x.example/?q=1'],
    ['https://x.example、', 'https://x.example'],
    ['“https://x.example”', 'https://x.example'],
    ['https://x.example/a.！', 'https://x.example/a'],
    ['见https://x.example/a——后面', 'https://x.example/a'],
    ['https://x.example/a﹐b', 'https://x.example/a'],
    ['«https://x.example/a»', 'https://x.example/a'],
    ['https://x.example/a।', 'https://x.example/a'],
    ['https://x.example/a،', 'https://x.example/a'],
    ['(See https://x.example/a.)', 'https://x.example/a'],
    ['(https://x.example/a_(b).)', 'https://x.example/a_(b)'],
    ['"See https://x.example/a." He', 'https://x.example/a'],
    ['**See https://x.example/a.**', 'https://x.example/a'],
    ['_See https://x.example/a_', 'https://x.example/a'],
    ['~~https://x.example~~', 'https://x.example'],
    ['https://x.example/a: words', 'https://x.example/a'],
    ['https://x.example/a!?', 'https://x.example/a'],
    ['https://x.example/a\\\nwords', 'https://x.example/a'],
  ])('ends the bare link in %j', async (body, address) => {
    expect(attributes((await comment(body)).comment!.body.html, 'href')).toEqual([address]);
  });

  it('is emphasised beside the punctuation of Chinese and Japanese', async () => {
    const { comment: added } = await comment('**「重要」**です。これは**強調。**次');
    expect(added!.body.html).toContain('<strong>「重要」</strong>です。これは<strong>強調。</strong>次');
  });

  it('is emphasised around a bare link', async () => {
    const { comment: added } = await comment('_https://x.example/a_ ~~https://x.example/b.~~\\\nc');
    expect(added!.body.html.replace(/<a [^<>]*>/g, '<a>')).toBe(
      '<p><em><a>https://x.example/a</a></em> <s><a>https://x.example/b</a>.</s><br />\nc</p>',
    );
  });
});

describe('imported HTML', () => {
  const HTML =
    '<h2 id="intro">Other words</h2><p id="p">See <a href="#intro">up</a>, <a href="#old">old</a><sup><a href="#fn-x">1</a></sup></p><h3><a name="old"></a>Old</h3><span id="s">s</span><a href="#s">t</a><ul><li id="i">a</li></ul><a href="#i">i</a><section class="footnotes"><ol><li id="fn-x">note</li></ol></section>';

  it('keeps its anchors, also when it becomes Markdown', () => {
    const before = renderText(HTML, 'HTML', 'article').html;
    expect(broken(before)).toEqual([]);
    expect(attributes(before, 'id')).toContain('user-content-intro');
    const markdown = toMarkdown(HTML);
    expect(markdown).toContain('old](#old)[^x]');
    const after = renderText(markdown, 'MARKDOWN', 'article').html;
    expect(broken(after)).toEqual([]);
    expect(after).toContain('<h2 id="user-content-intro">Other words</h2>');
    expect(after).toContain('note <a class="footnote-backref"');
  });

  it('has an id at each heading, also where the source has one twice', () => {
    const html =
      '<h2 id="x">One</h2><h2 id="x">Two</h2><h2>X</h2><a href="#x">1</a><a href="#two">2</a><a href="#x-1">3</a>';
    const before = renderText(html, 'HTML', 'article').html;
    expect(attributes(before, 'id')).toEqual(['user-content-x', 'user-content-two', 'user-content-x-1']);
    expect(broken(before)).toEqual([]);
    const after = renderText(toMarkdown(html), 'MARKDOWN', 'article').html;
    expect(attributes(after, 'id')).toEqual(attributes(before, 'id'));
    expect(broken(after)).toEqual([]);
  });

  it.each([
    ['<p>one<br>two<br></p>', 'one\\\ntwo'],
    ['<p><em>one<br> <br></em></p>\n<p><br></p><p>two</p>', '*one*\n\ntwo'],
    ['<ul><li>one<br></li><li>two<br><ul><li>three</li></ul></li></ul>', '-   one\n-   two\n    -   three'],
    ['<p><code>a<br>b `c`<br></code> d</p>', '`a`\\\n`` b `c` ``\\\nd'],
    ['<h2><code>a<br>b</code><br>c</h2>', '## `a`<br>`b`<br>c'],
    ['<p><br><b>one</b><br><img src="a.png"></p>', '\\\n**one**\\\n![](a.png)'],
    ['<pre>a<br>b</pre>', '<pre>a<br>b</pre>'],
  ])('shows no mark of a line break in %j as Markdown', (html, markdown) => {
    expect(toMarkdown(html)).toBe(markdown);
  });

  it.each([
    ['<p>a<sup class="footnote-ref">1</sup></p>', 'a<sup>1</sup>'],
    ['<p>a<sup class="footnote-ref"><a href="#x">[<b>1</b>]</a></sup></p>', 'a<sup><a href="#x">[<b>1</b>]</a></sup>'],
    ['<p><a href="/x">a<sup class="footnote-ref"><a href="#y">1</a></sup></a></p>', '[a](/x)[1](#y)'],
  ])('becomes Markdown where a mark of a note refers to none, as in %j', (html, markdown) => {
    expect(toMarkdown(html)).toBe(markdown);
  });

  it.each(['id', 'href', 'src', 'srcset'])('keeps a title that ends like the attribute %s', (name) => {
    const words = `a ${name}=`;
    const html = `<p><a title="${words}" href="b">b</a> <a title="${words}" href="c">c</a> <img title="${words}" src="d" alt="e"></p>`;
    const stored = renderText(html, 'HTML', 'article').html;
    const shown = completeHtml(stored, { idPrefix: 'a-', publicUrl: 'https://x.example/', mediaUrl: '/media/' });
    const elements = parseFragment(shown).childNodes[0] as DefaultTreeAdapterTypes.Element;
    expect(elements.childNodes.flatMap((node) => ('attrs' in node ? [node.attrs] : []))).toMatchObject([
      [
        { name: 'title', value: words },
        { name: 'href', value: 'https://x.example/b' },
      ],
      [
        { name: 'title', value: words },
        { name: 'href', value: 'https://x.example/c' },
      ],
      [
        { name: 'src', value: 'https://x.example/d' },
        { name: 'title', value: words },
        { name: 'alt', value: 'e' },
      ],
    ]);
  });

  it('keeps no field of a form but the checkbox of a task', () => {
    const { html } = renderText(
      '<input type="text" name="a"><input><input type="CHECKBOX" name="b" onclick="c">',
      'HTML',
      'article',
    );
    expect(html).toBe('<input type="checkbox" disabled />');
  });
});
