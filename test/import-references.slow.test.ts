import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toMarkdown } from '../schema/content/text/markdown.ts';
import { renderText } from '../schema/content/text/render.ts';
import type { ImportReport } from '../src/import/report.ts';
import { articleBody } from '../src/import/wordpress/body.ts';
import { exportOf, type PostSpec } from './fixtures/wordpress/export.ts';
import { openTrial, type Trial } from './fixtures/wordpress/trial.ts';

// Articles that show other items of their file, whether these come before or after them.

let trial: Trial;

beforeAll(async () => {
  trial = await openTrial();
});

afterAll(() => trial.close());

let sites = 0;

/** Imports posts as a site of their own. @returns the HTML of the first one, and the report */
async function imported([first, ...others]: PostSpec[]): Promise<{ html: string; report: ImportReport }> {
  sites += 1;
  const slug = `site-${sites}`;
  const report = await trial.import(
    exportOf({ url: `https://${slug}.example`, posts: [{ ...first!, slug }, ...others] }),
  );
  const [row] = await trial.rows<{ body_html: string }>(`SELECT body_html FROM article WHERE slug = '${slug}'`);
  return { html: row!.body_html, report };
}

const picture = (id: number, more: Partial<PostSpec> = {}): PostSpec => ({
  id,
  type: 'attachment',
  status: 'inherit',
  title: `Picture ${id}`,
  attachmentUrl: `https://blog.example/${id}.jpg`,
  meta: [['_wp_attachment_image_alt', `Alt ${id}`]],
  ...more,
});

const lost = ({ notes }: ImportReport) => notes.filter(({ reason }) => /left out/.test(reason));

const shown = (html: string) => Array.from(html.matchAll(/(?:src|href)="[^"]*\/(\d+\.\w+)"/g), ([, name]) => name);

describe('a gallery', () => {
  it.each<[string, string, string[]]>([
    ['its ids', '[gallery ids="12, 11" link="none"]', ['12.jpg', '11.jpg']],
    ['ids of old versions', '[gallery include="11,13"]', ['11.jpg', '13.jpg']],
    ['the pictures of its article, in their order', '[gallery]', ['13.jpg', '11.jpg', '12.jpg']],
    ['the pictures of its article, with an empty list', '[gallery ids=""]', ['13.jpg', '11.jpg', '12.jpg']],
    ['another order', "[gallery order='DESC' orderby='ID']", ['13.jpg', '12.jpg', '11.jpg']],
    ['all but some', '[gallery exclude="12"]', ['13.jpg', '11.jpg']],
    ['the pictures of another article', '[gallery id="2"]', ['21.jpg']],
    ['links to the files', '[gallery ids="11" link="file"]', ['11.jpg', '11.jpg']],
    ['a block without HTML', '<!-- wp:gallery {"ids":[11,12],"linkTo":"none"} /-->', ['11.jpg', '12.jpg']],
    ['a picture block without HTML', '<!-- wp:image {"id":13} /-->', ['13.jpg']],
    ['a playlist', '[playlist ids="14"]', ['14.mp3']],
  ])('shows %s', async (_name, body, expected) => {
    const { html, report } = await imported([
      { id: 1, body: `<p>Before</p>\n\n${body}\n\n<p>After</p>` },
      picture(11, { parent: 1, menuOrder: 2, excerpt: 'Caption & 11' }),
      picture(12, { parent: 1, menuOrder: 2 }),
      picture(13, { parent: 1, menuOrder: 1 }),
      picture(14, { parent: 1, attachmentUrl: 'https://blog.example/14.mp3' }),
      picture(21, { parent: 2 }),
    ]);
    expect(shown(html)).toEqual(expected);
    expect(html).toMatch(/^<p>Before<\/p>[\s\S]*<p>After<\/p>$/);
    if (expected.includes('11.jpg'))
      expect(html).toMatch(/alt="Alt 11"[\s\S]*<figcaption>Caption &amp; 11<\/figcaption>/);
    expect(lost(report)).toEqual([]);
    const again = renderText(toMarkdown(html), 'MARKDOWN', 'article').html;
    expect(shown(again)).toEqual(expected);
  });

  it('reports the files that the export lacks, and shows the others', async () => {
    const { html, report } = await imported([
      { id: 1, body: '[gallery ids="11,99"]\n\n[gallery ids="98"]' },
      picture(11),
    ]);
    expect(shown(html)).toEqual(['11.jpg']);
    expect(lost(report).map(({ reason, examples }) => [reason, examples[0]?.title])).toEqual([
      ['files of galleries that are not in the export were left out', 'Post 1: [gallery] 99'],
      ['galleries and playlists whose files are not in the export were left out', 'Post 1: [gallery]'],
    ]);
  });

  it('shows a bounded number of files', async () => {
    const { html } = await imported([{ id: 1, body: '[gallery ids="11"]\n'.repeat(5_000) }, picture(11)]);
    expect(shown(html)).toHaveLength(2_000);
  });
});

it('shows the episode that a plug-in for podcasts has attached, once', async () => {
  const episode = 'https://blog.example/1.mp3';
  const meta: PostSpec['meta'] = [['enclosure', `${episode}\n123\naudio/mpeg\na:0:{}`]];
  const { html, report } = await imported([{ id: 1, body: 'Words', meta }]);
  expect(html).toBe(`<p>Words</p>\n<figure><audio src="${episode}" controls></audio></figure>`);
  expect(lost(report)).toEqual([]);
  const own = await imported([{ id: 2, body: `[audio src="${episode}"]`, meta }]);
  expect(own.html.match(/<audio/g)).toHaveLength(1);
});

describe('a reusable block', () => {
  const block = (id: number, body: string): PostSpec => ({ id, type: 'wp_block', body });

  it('is shown where an article names it, with the blocks and galleries in it', async () => {
    const { html, report } = await imported([
      { id: 1, body: '<!-- wp:paragraph -->\n<p>A</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:block {"ref":31} /-->' },
      block(31, '<!-- wp:paragraph --><p>Shared.</p><!-- /wp:paragraph --><!-- wp:block {"ref":32} /-->'),
      block(32, '<!-- wp:shortcode -->[gallery ids="11"]<!-- /wp:shortcode --><!-- wp:block {"ref":31} /-->'),
      picture(11),
    ]);
    expect(html).toMatch(/<p>A<\/p>\s*<p>Shared.<\/p>\s*<figure><img src="https:\/\/blog.example\/11.jpg"/);
    expect(html.match(/Shared/g)).toHaveLength(1);
    // The block that would contain itself.
    expect(lost(report)).toMatchObject([
      { reason: 'reusable blocks that are not in the export were left out', count: 1 },
    ]);
    expect(report.kinds.find(({ kind }) => kind === 'other items')).toMatchObject({ read: 2, skipped: [{ count: 2 }] });
  });

  it('that shows itself many times makes no body of any length', async () => {
    const levels = Array.from({ length: 8 }, (_, i) =>
      block(40 + i, `<!-- wp:block {"ref":${41 + i}} /-->`.repeat(30) + 'words '.repeat(100)),
    );
    const { html } = await imported([{ id: 1, body: '<!-- wp:block {"ref":40} /-->' }, ...levels]);
    expect(html.length).toBeLessThan(8_000_000);
  });
});

describe('footnotes', () => {
  const notes = JSON.stringify([
    { id: '0f-1', content: 'First <em>note</em>.' },
    { id: '0f-2', content: 'Second.' },
  ]);
  const reference = (id: string, number: number) =>
    `<sup data-fn="${id}" class="fn"><a href="#${id}" id="${id}-link">${number}</a></sup>`;
  const text = `<!-- wp:paragraph -->\n<p>One${reference('0f-1', 1)} two${reference('0f-2', 2)}</p>\n<!-- /wp:paragraph -->`;

  it.each([
    ['their block', `${text}\n\n<!-- wp:footnotes /-->`],
    ['a block that was lost', text],
  ])('are shown in %s, with links in both directions, also after an edit', async (_name, body) => {
    const { html } = await imported([{ id: 1, body, meta: [['footnotes', notes]] }]);
    expect(html).toMatch(/One<sup><a href="#[^"]*0f-1" id="[^"]*0f-1-link"/);
    expect(html).toMatch(
      /<li id="[^"]*0f-1">First <em>note<\/em>\. <a class="footnote-backref" href="#[^"]*0f-1-link">/,
    );
    const again = renderText(toMarkdown(html), 'MARKDOWN', 'article').html;
    expect(again).toMatch(
      /One<sup class="footnote-ref"[\s\S]*<section class="footnotes">[\s\S]*First <em>note<\/em>\.[\s\S]*Second\./,
    );
  });

  it.each(['', '{', '[1, null, {"id":"\\"><b>"}]'])('in a damaged field %j are none', async (field) => {
    const { html } = await imported([{ id: 1, body: `${text}<!-- wp:footnotes /-->`, meta: [['footnotes', field]] }]);
    expect(html).not.toContain('<section');
  });
});

it.each([
  [
    'a div',
    '<div id="attachment_5" class="wp-caption alignleft" style="width: 310px"><a href="x.jpg"><img src="y.jpg" alt="" /></a><p class="wp-caption-text">Words &amp; <em>more</em></p></div>',
    '<figure class="alignleft"><a href="x.jpg"><img src="y.jpg" alt="" /></a><figcaption>Words &amp; <em>more</em></figcaption></figure>',
  ],
  [
    'a list',
    '<dl class="wp-caption"><dt class="wp-caption-dt"><img src="y.jpg" alt="" /></dt><dd class="wp-caption-dd">Words</dd></dl>',
    '<figure><img src="y.jpg" alt="" /><figcaption>Words</figcaption></figure>',
  ],
  [
    'a div around further elements',
    '<div class="wp-caption"><div class="x"><img src="y.jpg" alt="" /></div><p class="wp-caption-text">Words</div> after',
    '<figure><div class="x"><p><img src="y.jpg" alt="" /></p></div><figcaption>Words</figcaption></figure><p>after</p>',
  ],
  [
    'a shortcode without words',
    '[caption id="attachment_5"]<img src="y.jpg" alt="" />[/caption]',
    '<figure><img src="y.jpg" alt="" /></figure>',
  ],
  [
    'a shortcode with the words in an attribute',
    '[wp_caption caption="Old \'words\'"]<img src="y.jpg" alt="">[/wp_caption]',
    '<figure><img src="y.jpg" alt=""><figcaption>Old \'words\'</figcaption></figure>',
  ],
  [
    'a shortcode around a gallery of other markup',
    '[caption]<p><a href="x"><img src="y.jpg" alt=""></a></p>Words [sic][/caption]',
    '<figure><p><a href="x"><img src="y.jpg" alt=""></a></p><figcaption>Words [sic]</figcaption></figure>',
  ],
])('a caption in %s becomes that of a figure', (_name, stored, expected) => {
  const { html, notes } = articleBody(stored);
  expect(html.replace(/\n/g, '')).toBe(expected);
  expect(notes).toEqual([]);
});

it.each([
  ['[youtube id="SQEQr7c0-dw"]', 'youtube-nocookie.com/embed/SQEQr7c0-dw'],
  ['[youtube=http://www.youtube.com/watch?v=SQEQr7c0-dw&w=640&h=385]', 'youtube-nocookie.com/embed/SQEQr7c0-dw'],
  ['[embedyt]https://www.youtube.com/watch?v=SQEQr7c0-dw[/embedyt]', 'youtube-nocookie.com/embed/SQEQr7c0-dw'],
  ['[vimeo 44633289 w=500&h=280]', 'player.vimeo.com/video/44633289'],
  ['[vimeo video_id="44633289"]', 'player.vimeo.com/video/44633289'],
  ['[vimeo clip_id="44633289"]', 'player.vimeo.com/video/44633289'],
  ['[dailymotion id=x8oma9&title=2]', 'dailymotion.com/embed/video/x8oma9'],
  ['[dailymotion x8oma9]', 'dailymotion.com/embed/video/x8oma9'],
  ['[gist id=57cc50246aab776e110060926a2face2]', 'gist.github.com/57cc50246aab776e110060926a2face2"'],
  ['[gist]https://gist.github.com/jo/57cc50[/gist]', 'gist.github.com/jo/57cc50"'],
  ['[slideshare id=5342235&doc=camprock-100930044453-phpapp01]', 'slideshare.net/slideshow/embed_code/5342235"'],
  ['[wpvideo kUJmAcSf w=640]', 'videopress.com/v/kUJmAcSf"'],
  ['<!-- wp:embed {"url":"https://vimeo.com/44633289"} /-->', 'player.vimeo.com/video/44633289'],
])('%j shows what it embeds', (stored, expected) => {
  const { html, notes } = articleBody(`Before ${stored} after`);
  expect(renderText(html, 'HTML', 'article').html).toContain(expected);
  expect(notes).toEqual([]);
});
