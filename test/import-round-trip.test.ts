import { readdirSync, readFileSync } from 'node:fs';
import { defaultTreeAdapter, parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import { toMarkdown } from '../schema/content/text/markdown.ts';
import { renderText } from '../schema/content/text/render.ts';
import { articleBody } from '../src/import/wordpress/body.ts';
import { WxrReader } from '../src/import/wordpress/wxr-reader.ts';
import type { WxrRecord } from '../src/import/wordpress/wxr-records.ts';

const folder = new URL('./fixtures/wordpress/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /(?<!xml-.*)\.xml$/.test(name),
);

/** The bodies of a fixture's posts, by their titles. */
function bodiesOf(name: string): [string, string][] {
  const bodies: [string, string][] = [];
  const reader = new WxrReader((record: WxrRecord) => {
    if (record.kind === 'item')
      bodies.push([record.fields.get('title') ?? '', record.fields.get('content:encoded') ?? '']);
  });
  reader.write(readFileSync(new URL(name, folder), 'utf8'));
  reader.end();
  return bodies;
}

/** Blocks and media, in their order. A paragraph is none: that of a list item may be left out. */
const BLOCKS =
  /^(?:pre|blockquote|ul|ol|li|table|tr|th|td|h[1-6]|hr|figure|figcaption|iframe|img|audio|video|dl|details)$/;

type Node = (typeof defaultTreeAdapter)['isTextNode'] extends (node: infer N) => unknown ? N : never;

/** The words of HTML, those of pictures too, and its blocks. Code keeps its white space. */
function contentOf(html: string) {
  const words: string[] = [];
  const blocks: string[] = [];
  const code: string[] = [];
  const read = (node: Node): string => {
    if (defaultTreeAdapter.isTextNode(node)) return node.value;
    if (!('childNodes' in node)) return '';
    const name = defaultTreeAdapter.isElementNode(node) ? node.tagName : '';
    const attribute = (wanted: string) =>
      'attrs' in node ? (node.attrs.find((attr) => attr.name === wanted)?.value ?? '') : '';
    if (BLOCKS.test(name)) blocks.push(name);
    if (name === 'a') words.push(attribute('href'));
    if (name === 'img' || name === 'iframe') words.push(attribute('src'), ...attribute('alt').split(/\s+/));
    const text = node.childNodes.map(read).join('');
    if (name === 'pre') code.push(text.trimEnd());
    return /^(?:a|b|strong|i|em|code|span|sup|sub|u|s|del|ins|kbd|mark|small)?$/.test(name) ? text : ` ${text} `;
  };
  words.push(...read(parseFragment(html)).split(/\s+/));
  return { words: words.filter(Boolean), blocks, code };
}

function throughMarkdown(source: string): [string, string] {
  const { html } = renderText(source, 'HTML', 'article');
  return [html, renderText(toMarkdown(source), 'MARKDOWN', 'article').html];
}

describe.each(files)('in %s', (name) => {
  test.each(bodiesOf(name))('%j keeps its words, blocks and code through Markdown and back', (_title, stored) => {
    const [before, after] = throughMarkdown(articleBody(stored).html);
    expect(contentOf(after)).toEqual(contentOf(before));
    expect(contentOf(before).words.length).toBeGreaterThan(0);
  });
});

test.each([
  ['code without an element for it', '<p>a</p><pre>x = 1\n\n  y_z\t*w*\n</pre><p>b</p>'],
  ['code with fences in it', '<pre><code>```js\n````\n```</code></pre>'],
  ['code with a language', '<pre class="language-php">&lt;?php echo "$a"; ?&gt;</pre>'],
  ['code with formatting', '<pre>a <b>bold</b>\n\n  <a href="https://example.com/x">link</a></pre><p>End</p>'],
  ['code in a list', '<ul><li>one<pre>a\n\n  b</pre></li><li>two</li></ul>'],
  ['code in a quote', '<blockquote><p>q</p><pre>a\n\n  b</pre></blockquote>'],
  ['code in a table', '<table><tr><td><pre>a\n\n  b</pre></td></tr></table>'],
  ['code in a figure', '<figure><pre>a\n\n\n  b</pre><figcaption>c</figcaption></figure>'],
  ['an address that is no link', '<p>see http://a.example/x_y_z] and [//b.example/c] or mailto:jo@b.example</p>'],
  ['an address as the text of its link', '<p><a href="https://e.example/a_b_c">https://e.example/a_b_c</a></p>'],
  ['a picture whose text has marks', '<p><img src="https://e.example/a.png" alt="_a_ *b* [c] `d` e_f <g> !"></p>'],
  [
    'a picture whose text has lines',
    '<p><img src="https://e.example/a.png" alt="one\n\ntwo" title="say &quot;x&quot;"></p>',
  ],
  ['a picture whose address has brackets', '<p><img src="https://e.example/a_(b)%20c.png" alt="x"></p>'],
  ['a picture in a link', '<p><a href="https://e.example/(b)"><img src="https://e.example/a.png" alt="_x_"></a></p>'],
])('%s is kept through Markdown and back', (_name, source) => {
  const [before, after] = throughMarkdown(source);
  expect(contentOf(after)).toEqual(contentOf(before));
});
