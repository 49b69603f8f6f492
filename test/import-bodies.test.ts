import { describe, expect, test } from 'vitest';
import { renderText } from '../schema/content/text/render.ts';
import { firstInstant } from '../src/import/dates.ts';
import { articleBody, commentBody } from '../src/import/wordpress/body.ts';
import { imageSize } from '../src/import/wordpress/image-size.ts';
import { removedMarkup } from '../src/import/wordpress/removed-markup.ts';
import { SiteClock } from '../src/import/wordpress/site-clock.ts';
import { isSoak } from './chaos/size.ts';

/** A conversion whose time grows with the square takes minutes. */
const REPEATED = isSoak ? 100_000 : 20_000;

const html = (stored: string) => articleBody(stored).html;

describe('the body of a classic post', () => {
  test.each([
    ['one\n\ntwo', '<p>one</p>\n<p>two</p>'],
    ['one\r\ntwo', '<p>one<br />\ntwo</p>'],
    ['<p>kept</p>\n\nnew', '<p>kept</p>\n<p>new</p>'],
    ['before\n<ul>\n<li>a</li>\n</ul>\nafter', '<p>before</p>\n<ul>\n<li>a</li>\n</ul>\n<p>after</p>'],
    ['<blockquote>a\n\nb</blockquote>', '<blockquote><p>a</p>\n<p>b</p></blockquote>'],
    ['<pre>a\n\n  b</pre>', '<pre>a\n\n  b</pre>'],
    ['<li>a\n\nb</li>', '<li><p>a</p>\n<p>b</p></li>'],
    ['<b>bold\n\nstill</b>', '<p><b>bold</p>\n<p>still</b></p>'],
    ['a < b\n\nc', '<p>a < b</p>\n<p>c</p>'],
    ['line<br />\nnext', '<p>line<br />\nnext</p>'],
  ])('%j is converted to paragraphs', (stored, expected) => {
    expect(html(stored)).toBe(expected);
  });

  test('loses the markers of its excerpt and pages', () => {
    expect(html('a<!--more Read on-->\n\nb\n\n<!--nextpage-->\n\nc')).toBe('<p>a</p>\n<p>b</p>\n<p>c</p>');
  });
});

test('a body of blocks keeps its HTML and loses the block markers; a dynamic block is reported', () => {
  const stored = '<!-- wp:paragraph -->\n<p>a\nb</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:latest-posts {"n":1} /-->';
  expect(articleBody(stored)).toEqual({
    html: '<p>a\nb</p>',
    notes: [
      {
        reason: 'dynamic blocks were left out: WordPress generates their content for each page view',
        detail: 'latest-posts',
      },
    ],
  });
});

test('links to profiles are items of their list; one without an address is left out, as in WordPress', () => {
  const link = (json: string) => `<!-- wp:social-link ${json} /-->`;
  const stored = `<!-- wp:social-links --><ul class="wp-block-social-links">${link('{"url":"https://m.example/@jo","service":"mastodon"}')}${link(
    '{"url":"mailto:jo@a.example","service":"mail","label":"Write to \\u003cme\\u003e"}',
  )}${link('{"service":"x"}')}${link('{"url":"javascript:x","service":"x"}')}</ul><!-- /wp:social-links -->`;
  const { html, notes } = articleBody(stored);
  expect(html.replace(/\n+/g, '')).toBe(
    '<ul class="wp-block-social-links"><li><a href="https://m.example/@jo">mastodon</a></li>' +
      '<li><a href="mailto:jo@a.example">Write to &lt;me&gt;</a></li></ul>',
  );
  expect(notes.map(({ detail }) => detail)).toEqual(['social-link']);
});

describe('the inside of', () => {
  test.each([
    ['a tag', '<img\n  src="a.jpg"\n  alt="A" />\n\nb', '<p><img   src="a.jpg"   alt="A" /></p>\n<p>b</p>'],
    [
      'a value',
      '<img src="a" alt="one\n\ntwo > [x]" />',
      '<p><img src="a" alt="one&#10;&#10;two &gt; &#91;x&#93;" /></p>',
    ],
    [
      'a tag of a block',
      '<p\n class="x">a</p>\n<div\n\n id="y">b</div>',
      '<p  class="x">a</p>\n<div   id="y"><p>b</p></div>',
    ],
    ['a closing tag', '<em>a</em\n> b', '<p><em>a</em > b</p>'],
    [
      'a preformatted text',
      '<pre>a\n\n[gallery]\n<!-- b --></pre>c',
      '<pre>a\n\n[gallery]\n&lt;!-- b --></pre><p>c</p>',
    ],
    ['code in a line', 'a <code>[gallery] <!--more--></code>', '<p>a <code>[gallery] &lt;!--more--></code></p>'],
    ['a comment', 'a<!-- x\n\ny <b> -->b', '<p>ab</p>'],
    ['what is no tag', 'a <b and c\n\n<3 and <? x', '<p>a &lt;b and c</p>\n<p><3 and &lt;? x</p>'],
    ['a comment without an end', 'a <!-- b\n\nc', '<p>a &lt;!-- b</p>\n<p>c</p>'],
  ])('%s is not changed by the rules for paragraphs', (_name, stored, expected) => {
    expect(html(stored)).toBe(expected);
  });

  test('a tag of a comment is not changed either', () => {
    expect(commentBody('<a\nhref="https://a.example"\ntitle="x">b\nc</a>').html).toBe(
      '<p><a href="https://a.example" title="x">b<br />\nc</a></p>',
    );
  });
});

describe('code', () => {
  const php = '<pre><code class="language-php">&lt;?php echo 1 &lt; 2; ?&gt;</code></pre>';
  test.each([
    ['[php]<?php echo 1 < 2; ?>[/php]', php],
    ['[code lang="php"]&lt;?php echo 1 &lt; 2; ?&gt;[/code]', php],
    ['[cc lang="php"]\n<?php echo 1 < 2; ?>\n[/cc]', php],
    ['[cc_php]<?php echo 1 < 2; ?>[/cc_php]', php],
    ['<pre>[sourcecode language="php"]<?php echo 1 < 2; ?>[/sourcecode]</pre>', php],
    ['<pre class="brush: php; title: x">&lt;?php echo 1 &lt; 2; ?&gt;</pre>', php],
    ['<pre lang="php" line="1"><?php echo 1 < 2; ?></pre>', php],
    ['[csharp]List<int> a;[/csharp]', '<pre><code class="language-csharp">List&lt;int&gt; a;</code></pre>'],
    [
      '[code]\n<!-- a -->\n<p>b &amp; c</p>\n[/code]',
      '<pre><code>&lt;!-- a --&gt;\n&lt;p&gt;b &amp;amp; c&lt;/p&gt;</code></pre>',
    ],
    ['[code]a "[code]b[/code]" c[/code]', '<pre><code>a &quot;[code]b[/code]&quot; c</code></pre>'],
    ['use [cci]<b>[/cci] now', '<p>use <code>&lt;b&gt;</code> now</p>'],
    ['<pre><?php x(); ?>\n<script>y()</script></pre>', '<pre>&lt;?php x(); ?>\n&lt;script>y()&lt;/script></pre>'],
    ['<pre>std::vector<int> <b>v</b></pre>', '<pre>std::vector&lt;int> <b>v</b></pre>'],
    ['<textarea><a>\n\nb</textarea>', '<pre><code>&lt;a&gt;\n\nb</code></pre>'],
  ])('%j keeps every character', (stored, expected) => {
    expect(articleBody(stored)).toEqual({ html: expected, notes: [] });
  });
});

describe('a shortcode', () => {
  test.each([
    [
      '[caption id="a" align="alignleft" width="9"]<a href="x"><img src="y" /></a> Words[/caption]',
      '<figure class="alignleft"><a href="x"><img src="y" /></a><figcaption>Words</figcaption></figure>',
    ],
    ['[caption caption="Old"]<img src="y">[/caption]', '<figure><img src="y"><figcaption>Old</figcaption></figure>'],
    ['[audio mp3="https://a.example/b.mp3"][/audio]', '<audio controls src="https://a.example/b.mp3"></audio>'],
    ['[video src="https://a.example/b.mp4" /]', '<video controls src="https://a.example/b.mp4"></video>'],
    [
      '[embed]https://example.com/a?b=1&amp;c[/embed]',
      '<p><a href="https://example.com/a?b=1&amp;c">https://example.com/a?b=1&amp;c</a></p>',
    ],
    [
      '[youtube https://youtu.be/SQEQr7c0-dw]',
      '<iframe src="https://www.youtube-nocookie.com/embed/SQEQr7c0-dw" width="560" height="315" allowfullscreen></iframe>',
    ],
    [
      '[youtube=SQEQr7c0-dw]',
      '<iframe src="https://www.youtube-nocookie.com/embed/SQEQr7c0-dw" width="560" height="315" allowfullscreen></iframe>',
    ],
    [
      'https://vimeo.com/76979871',
      '<iframe src="https://player.vimeo.com/video/76979871" width="560" height="315" allowfullscreen></iframe>',
    ],
    ['[code language="js"]if (a < b) {\n}[/code]', '<pre><code class="language-js">if (a &lt; b) {\n}</code></pre>'],
    ['[[gallery]] shows', '<p>[gallery] shows</p>'],
    ['as he said [sic] and [1]', '<p>as he said [sic] and [1]</p>'],
    ['[caption]never closed', '<p>[caption]never closed</p>'],
    ['<pre>\nhttps://vimeo.com/76979871\n</pre>', '<pre>\nhttps://vimeo.com/76979871\n</pre>'],
  ])('%j is converted, with nothing to report', (stored, expected) => {
    const body = articleBody(stored);
    expect(body.html).toBe(expected);
    expect(body.notes).toEqual([]);
  });

  test('that cannot be converted is left out, one that is unknown is kept as text, and both are reported', () => {
    expect(articleBody('a [gallery ids="1,2"] b [audio] c [form id="3"] d [box]e[/box]')).toEqual({
      html: '<p>a  b  c [form id="3"] d [box]e[/box]</p>',
      notes: [
        { reason: 'galleries and playlists whose files are not in the export were left out', detail: '[gallery]' },
        { reason: 'audio or video without a URL was left out', detail: '[audio]' },
        { reason: 'unknown shortcodes were kept as text', detail: '[form]' },
        { reason: 'unknown shortcodes were kept as text', detail: '[box]' },
      ],
    });
  });

  test(`or markup, repeated ${REPEATED} times, is converted within the time of a test`, () => {
    for (const piece of [
      '[caption]',
      '[a',
      '<div>',
      '</p>',
      '<pre>',
      '<!--',
      '\n ',
      '[[x]',
      '<',
      '[embed][/x]',
      '[a b="',
      "<a 'x='",
      '<a x="<a',
      '[code]',
      '[code][code][/code]',
      '<code>',
      '<object>',
      '<pre> \n',
      '<img alt="\n">',
      '[gallery ids="1"]',
      '<!-- wp:block {"ref":1} /-->',
      '<!-- wp:image {',
      '<div class="wp-caption"><p>',
    ]) {
      expect(html(piece.repeat(REPEATED)).length).toBeGreaterThanOrEqual(0);
    }
    const unclosed = `<div class="wp-caption">${'<p>'.repeat(REPEATED)}${'</dl>'.repeat(REPEATED)}`;
    expect(html(unclosed)).toContain('<figure>');
  });
});

describe('what a body embeds', () => {
  const youtube = (more = '', size = 'width="560" height="315"') =>
    `<iframe src="https://www.youtube-nocookie.com/embed/SQEQr7c0-dw${more}" ${size} allowfullscreen></iframe>`;
  const link = (url: string) => `<p><a href="${url}">${url}</a></p>`;
  test.each([
    [
      '<iframe width="640" height="385" src="http://www.youtube.com/embed/SQEQr7c0-dw?rel=0"></iframe>',
      youtube('', 'width="640" height="385"'),
    ],
    ['<iframe src="//www.youtube.com/embed/SQEQr7c0-dw?start=90"/>', youtube('?start=90')],
    [
      '<object data="x.swf"><param name="movie" value="http://www.youtube.com/v/SQEQr7c0-dw&hl=en"><embed src="y.swf"></object>',
      youtube(),
    ],
    ['<embed src="http://www.youtube.com/v/SQEQr7c0-dw" width="4">', youtube('', 'width="4" height="315"')],
    [
      '<object><embed src="http://www.dailymotion.com/swf/x8oma9"></embed></object>',
      '<iframe src="https://www.dailymotion.com/embed/video/x8oma9" width="560" height="315" allowfullscreen></iframe>',
    ],
    [
      '<embed src="http://vimeo.com/moogaloop.swf?clip_id=958&amp;server=vimeo.com" />',
      '<iframe src="https://player.vimeo.com/video/958" width="560" height="315" allowfullscreen></iframe>',
    ],
    [
      '<iframe src="http://w.soundcloud.com/player/?url=x"></iframe>',
      '<iframe src="https://w.soundcloud.com/player/?url=x" width="560" height="315" allowfullscreen></iframe>',
    ],
    [
      '<iframe src="//www.slideshare.net/slideshow/embed_code/123"></iframe>',
      link('https://www.slideshare.net/slideshow/embed_code/123'),
    ],
    ['<script src="https://gist.github.com/bo/1234.js"></script>', link('https://gist.github.com/bo/1234')],
    ['[youtube=http://www.youtube.com/watch?v=SQEQr7c0-dw&#038;w=640]', youtube()],
    ['[youtube]http://youtu.be/SQEQr7c0-dw?t=1m30s[/youtube]', youtube('?start=90')],
    ['[youtube id="SQEQr7c0-dw" width="600"]', youtube()],
    ['[gist]1234[/gist]', link('https://gist.github.com/1234')],
    ['[gist https://gist.github.com/bo/1234]', link('https://gist.github.com/bo/1234')],
    ['[slideshare id=1&doc=x]', link('https://www.slideshare.net/slideshow/embed_code/1')],
    [
      '[dailymotion id=x8oma9]',
      '<iframe src="https://www.dailymotion.com/embed/video/x8oma9" width="560" height="315" allowfullscreen></iframe>',
    ],
    ['[wpvideo abcd1234]', link('https://videopress.com/v/abcd1234')],
    ['[audio http://e.example/a.mp3|titles=A]', '<audio controls src="http://e.example/a.mp3"></audio>'],
    [
      '[caption]<p><a href="x"><img src="y"></a></p> A [gist 12] b[/caption]',
      '<figure><p><a href="x"><img src="y"></a></p><figcaption>A <p><a href="https://gist.github.com/12">https://gist.github.com/12</a></p> b</figcaption></figure>',
    ],
    [
      '[caption]<iframe src="https://youtu.be/SQEQr7c0-dw"></iframe>Words[/caption]',
      `<figure>${youtube()}<figcaption>Words</figcaption></figure>`,
    ],
  ])('as %j is shown or linked', (stored, expected) => {
    const body = articleBody(stored);
    expect(body.html.replace(/\n/g, '')).toBe(expected);
    expect(body.notes).toEqual([]);
  });

  test('is a link in a comment', () => {
    expect(commentBody('<iframe src="http://www.youtube.com/embed/SQEQr7c0-dw"></iframe>').html).toBe(
      link('http://www.youtube.com/embed/SQEQr7c0-dw'),
    );
  });

  test('hides nothing that follows it', () => {
    const { html: after, notes } = articleBody('a <script src="x.js"/> b <style>p {}</style> c <script>x()');
    expect(after).toBe('<p>a  b  c x()</p>');
    expect(notes.map(({ detail }) => detail)).toEqual(['<script>', '<style>', '<script>']);
  });
});

test('what the rules for safe HTML remove is counted', () => {
  const source =
    '<p style="color: red">a <font>b</font> <a href="javascript:x">c</a></p><form><button>d</button></form><font>e</font>';
  const details = removedMarkup(source, renderText(source, 'HTML', 'article').html).map(({ detail }) => detail);
  expect(details).toEqual(['<font>', '<font>', '<form>', '<button>', 'style of <p>', 'href of <a>']);
});

test('a comment keeps its paragraphs and line breaks', () => {
  expect(commentBody('one\ntwo\n\n<em>three</em>').html).toBe('<p>one<br />\ntwo</p>\n<p><em>three</em></p>');
});

test.each([
  ['see https://a.example/x_(y). Or', 'see <a href="https://a.example/x_(y)">https://a.example/x_(y)</a>. Or'],
  ['(www.a.example/b?c=1&amp;d)', '(<a href="http://www.a.example/b?c=1&amp;d">www.a.example/b?c=1&amp;d</a>)'],
  ['<a href="https://a.example">https://a.example</a>', '<a href="https://a.example">https://a.example</a>'],
  ['<code>https://a.example</code> and jo@www.a.example', '<code>https://a.example</code> and jo@www.a.example'],
  ['https:// and http://', 'https:// and http://'],
])('an address in a comment is a link, unless it is in one or in code: %j', (stored, expected) => {
  expect(commentBody(stored).html).toBe(`<p>${expected}</p>`);
});

test('a date without its time in UTC has the offset of the site', () => {
  const clock = new SiteClock();
  clock.observe('2020-05-04 10:00:00', '2020-05-04 08:00:00');
  clock.observe('2020-05-04 10:00:00', '0000-00-00 00:00:00');
  expect(clock.instant('0000-00-00 00:00:00', '2020-05-05 00:30:00')).toBe('2020-05-04T22:30:00.000Z');
  expect(clock.instant('2020-05-05 00:00:00', '2020-05-05 09:00:00')).toBe('2020-05-05T00:00:00.000Z');
  expect(clock.instant('', '')).toBeNull();
});

test('a date is the first valid one of its candidates, in UTC', () => {
  expect(firstInstant('0000-00-00 00:00:00', 'Wed, 30 Nov -0001 00:00:00 +0000', '2020-01-02 03:04:05')).toBe(
    '2020-01-02T03:04:05.000Z',
  );
  expect(firstInstant('', 'Sat, 01 Feb 2020 10:00:00 +0200')).toBe('2020-02-01T08:00:00.000Z');
  expect(firstInstant('soon', undefined)).toBeNull();
});

test('the size of an image is its own and not that of a smaller version', () => {
  const sizes = 's:5:"sizes";a:1:{s:5:"thumb";a:2:{s:5:"width";i:1;s:6:"height";i:2;}}';
  expect(imageSize(`a:3:{s:5:"width";i:640;s:6:"height";s:3:"480";${sizes}}`)).toEqual({ width: 640, height: 480 });
  expect(imageSize('O:8:"Exploit":0:{}')).toEqual({ width: null, height: null });
  expect(imageSize(undefined)).toEqual({ width: null, height: null });
});
