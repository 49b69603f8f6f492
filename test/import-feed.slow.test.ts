import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ImportError } from '../src/import/import-error.ts';
import { type FormatTrial, fixturePath, openFormatTrial } from './fixtures/format-trial.ts';
import { countsOf, notesOf } from './fixtures/wordpress/trial.ts';

let trial: FormatTrial;
let folder: string;

beforeAll(async () => {
  trial = await openFormatTrial();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet feed '));
});

afterAll(async () => {
  await trial.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  await trial.client.query('TRUNCATE author, topic, article, comment, provenance, search_document CASCADE');
});

test.each([
  ['garden.json', 'JSON Feed', '1.1', 1],
  ['version-1.json', 'JSON Feed', '1', 0],
  ['rss-2.xml', 'RSS', '2.0', 0],
  ['rss-1.xml', 'RSS', '1.0', 0],
  ['atom.xml', 'Atom', '1.0', 1],
  ['atom-prefixed.xml', 'Atom', '1.0', 1],
])(
  '%s is recognised, has as many articles as entries, and again it changes nothing',
  async (name, format, version, others) => {
    const file = fixturePath(`feed/${name}`);
    const text = await readFile(file, 'utf8');
    const entries = name.endsWith('.json')
      ? JSON.parse(text).items.length
      : text.match(/<(item|([a-z]+:)?entry)[\s>]/g)!.length;
    const report = await trial.importFiles(file);
    expect(report).toMatchObject({ format, version });
    expect(countsOf(report, 'articles')).toMatchObject({ read: entries - others, created: entries - others });
    const before = await trial.everything();
    await trial.importFiles(file);
    expect(await trial.everything()).toEqual(before);
  },
);

const articles = () =>
  trial.rows(`SELECT a.title, a.slug, a.status::text, a.body_html AS body, p.name AS author, a.cover_url AS cover,
      (SELECT array_agg(t.name ORDER BY t.name) FROM article_topic JOIN topic t ON t.id = topic_id WHERE article_id = a.id) AS topics
    FROM article a JOIN author p ON p.id = author_id ORDER BY a.id`);

test('a JSON Feed has titles, texts, dates, people and topics, and full addresses', async () => {
  const report = await trial.importFiles(fixturePath('feed/garden.json'));
  expect(report.source).toBe('feed:https://garden.example');
  expect(await articles()).toEqual([
    {
      title: 'Soil & <sand>',
      slug: 'soil',
      status: 'PUBLISHED',
      body: expect.stringMatching(
        /src="https:\/\/garden.example\/images\/spade.jpg".*href="https:\/\/garden.example\/2021\/seeds\/"/,
      ),
      author: 'Ada Acre',
      cover: 'https://garden.example/images/soil.jpg',
      topics: ['Ground', 'Tools'],
    },
    {
      title: 'Seeds',
      slug: 'seeds',
      status: 'PUBLISHED',
      body: expect.stringMatching(/^<p>One line<br \/>next &lt; line<\/p>\s*<p>Second paragraph<\/p>$/),
      author: 'Bo Bloom',
      cover: null,
      topics: null,
    },
    expect.objectContaining({ title: 'Untitled, 2021-05-01', slug: 'about-bees', author: 'Cy' }),
  ]);
  expect(await trial.rows(`SELECT published_at, excerpt FROM article WHERE slug = 'soil'`)).toEqual([
    { published_at: new Date('2021-03-01T07:00:00Z'), excerpt: 'How to dig' },
  ]);
  expect(countsOf(report, 'other items').skipped).toEqual({ 'has neither an id nor a link': 1 });
});

test('RSS has the full text where the feed has it, and elements of other modules do not replace its own', async () => {
  const report = await trial.importFiles(fixturePath('feed/rss-2.xml'));
  expect(await articles()).toEqual([
    {
      title: 'Bread & butter',
      slug: 'bread',
      status: 'PUBLISHED',
      body: expect.stringContaining('<p>Long <b>text</b> with <a href="https://kitchen.example/salt/"'),
      author: 'Eve Oven',
      cover: 'https://kitchen.example/bread.jpg',
      topics: ['Baking', 'Basics'],
    },
    expect.objectContaining({ title: 'Next century', status: 'SCHEDULED', author: 'Kitchen notes' }),
    expect.objectContaining({
      title: 'Only a summary',
      slug: 'summary',
      author: 'Flo',
      body: expect.stringMatching(
        /^Just <em>this<\/em>\.\s*<figure><audio src="[^"]*sound\.mp3" controls><\/audio><\/figure>$/,
      ),
    }),
  ]);
  expect(notesOf(report)).toMatchObject({
    'has no full text, and was imported with its summary': 2,
    'has no date that can be read': 1,
  });
  expect(await trial.rows('SELECT path FROM article_address ORDER BY path')).toEqual([
    { path: '/2020/12/summary' },
    { path: '/bread' },
    { path: '/next' },
  ]);
});

test('modules of RSS are known by their namespaces, whatever prefixes a feed has for them', async () => {
  const file = join(folder, 'prefixes.xml');
  await writeFile(
    file,
    `<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:m="http://search.yahoo.com/mrss/"><channel>
    <link>https://a.example</link><item><title>A</title><link>https://a.example/a</link><description>Short</description>
    <c:encoded>&lt;p&gt;Long&lt;/p&gt;</c:encoded><creator xmlns="http://purl.org/dc/elements/1.1/">Ada</creator>
    <link xmlns="http://www.w3.org/2005/Atom" href="https://a.example/feed"/><m:title>No title</m:title>
    <m:group><m:content url="https://a.example/a.jpg" medium="image"/></m:group></item></channel></rss>`,
  );
  await trial.importFiles(file);
  expect(await articles()).toMatchObject([
    { title: 'A', slug: 'a', body: '<p>Long</p>', author: 'Ada', cover: 'https://a.example/a.jpg' },
  ]);
});

test('Atom has XHTML, plain texts, drafts, and people of the feed and of entries', async () => {
  const report = await trial.importFiles(fixturePath('feed/atom.xml'));
  expect(await articles()).toEqual([
    expect.objectContaining({
      title: 'Bright ones',
      slug: 'bright',
      author: 'Gil',
      topics: ['The sky'],
      body: expect.stringMatching(
        /<p>See <em>Sirius<\/em> &amp; <a href="https:\/\/stars.example\/vega"[^>]*>Vega<\/a>,<br \/>tonight\.<\/p>/,
      ),
    }),
    expect.objectContaining({ title: 'Plain 1 < 2', author: 'Hal', body: '<p>Text without markup &lt;here&gt;</p>' }),
    expect.objectContaining({ title: 'A draft', status: 'DRAFT' }),
  ]);
  expect(countsOf(report, 'other items').skipped).toEqual({ 'is a reply to another entry': 1 });
});

test('elements with prefixes are read by their names, and comments of Blogger are no articles', async () => {
  const report = await trial.importFiles(fixturePath('feed/atom-prefixed.xml'));
  expect(await articles()).toEqual([
    expect.objectContaining({
      title: 'Post',
      slug: 'post',
      body: expect.stringContaining('Hello <b>there</b>'),
    }),
  ]);
  expect(countsOf(report, 'other items').skipped).toEqual({ 'is a comment of Blogger': 1 });
});

test('a later feed updates, and one of another site is refused beside it', async () => {
  await trial.importFiles(fixturePath('feed/garden.json'));
  const file = join(folder, 'later.json');
  const text = await readFile(fixturePath('feed/garden.json'), 'utf8');
  await writeFile(file, text.replace('They hum.', 'They sting.'));
  expect(countsOf(await trial.importFiles(file), 'articles')).toMatchObject({ created: 0, updated: 1, unchanged: 2 });
  await expect(trial.importFiles([file, fixturePath('feed/rss-2.xml')])).rejects.toThrow(/different sites/);
});

test('a feed need not be clean XML: output before it, the type of RSS 0.91, names of HTML, a bare &, control characters', async () => {
  const file = join(folder, 'feed.xml');
  await writeFile(
    file,
    `
Warning: Undefined variable in /var/www/feed.php
<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>Old &copy; notes</title><link>https://old.example/</link>
<item><title>Salt & pepper&nbsp;&hellip; &amp; more\u0003</title><link>https://old.example/salt?a=1&b=2</link>
<description>&lt;p&gt;Two &amp;amp; three&nbsp;&unknown;&lt;/p&gt;</description></item></channel></rss>`,
  );
  const report = await trial.importFiles(file);
  expect(report.source).toBe('feed:https://old.example');
  expect(await trial.rows('SELECT title, body_text AS text FROM article')).toEqual([
    {
      title: expect.stringMatching(/^Salt & pepper\s… & more$/),
      text: expect.stringMatching(/^Two & three\s&unknown;$/),
    },
  ]);
});

describe('on a machine in New York', () => {
  const { TZ } = process.env;

  beforeEach(() => {
    process.env.TZ = 'America/New_York';
  });

  afterEach(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });

  test.each([
    ['Mon, 03 Mar 2014 12:00:00', '2014-03-03T12:00:00Z'],
    ['2014-03-03T12:00', '2014-03-03T12:00:00Z'],
    ['2014-03-03T12:00:00.500', '2014-03-03T12:00:00.500Z'],
    ['03 Mar 2014', '2014-03-03T00:00:00Z'],
    ['Mon, 03 Mar 2014 12:00:00 CET', '2014-03-03T11:00:00Z'],
    ['Mon, 03 Mar 2014 12:00:00 EST', '2014-03-03T17:00:00Z'],
    ['2014-03-03T12:00:00+05:30', '2014-03-03T06:30:00Z'],
  ])('the date "%s" is %s', async (date, instant) => {
    expect(new Date(2014, 0).getTimezoneOffset()).toBe(300);
    const file = join(folder, 'dates.xml');
    const item = `<item><guid>urn:a</guid><title>A</title><description>B</description><pubDate>${date}</pubDate></item>`;
    await writeFile(file, `<rss version="2.0"><channel><link>https://a.example</link>${item}</channel></rss>`);
    await trial.importFiles(file);
    expect(await trial.rows('SELECT published_at AS at FROM article')).toEqual([{ at: new Date(instant) }]);
  });
});

test('the episode of a podcast has its player, in RSS, Atom and JSON', async () => {
  const url = 'https://pod.example/1.mp3?a=1&b=2';
  const attached = url.replace('&', '&amp;');
  const about = { title: 'Pod', home_page_url: 'https://pod.example' };
  const feeds = [
    `<rss version="2.0"><channel><link>https://pod.example</link><item><title>One</title><guid>r1</guid><description>Words</description><enclosure url="${attached}" length="9" type="audio/mpeg"/></item>
     <item><title>Two</title><guid>r2</guid><description>&lt;a href="https://pod.example/1.mp3?a=1&amp;amp;b=2"&gt;Listen&lt;/a&gt;</description><enclosure url="${attached}" type="audio/mpeg"/></item></channel></rss>`,
    `<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://pod.example"/><entry><id>a1</id><title>Three</title><content>Words</content><link rel="enclosure" href="${attached}" type="video/mp4"/></entry></feed>`,
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      ...about,
      items: [{ id: 'j1', title: 'Four', content_text: 'Words', attachments: [{ url, mime_type: 'audio/mpeg' }] }],
    }),
  ];
  for (const [index, text] of feeds.entries()) {
    await writeFile(join(folder, `feed-${index}`), text);
    await trial.importFiles(join(folder, `feed-${index}`));
  }
  const player = (kind: string) =>
    expect.stringContaining(`<figure><${kind} src="${attached}" controls></${kind}></figure>`);
  expect(await trial.rows('SELECT title, body_html AS html FROM article ORDER BY id')).toEqual([
    { title: 'One', html: player('audio') },
    { title: 'Two', html: expect.not.stringContaining('<audio') },
    { title: 'Three', html: player('video') },
    { title: 'Four', html: player('audio') },
  ]);
});

test.each(['---\nlayout: null\n---\n', '{{ printf "x" }}\n', '<!DOCTYPE html>\n<html>'])(
  'what begins with %j is no feed, whatever it shows',
  async (start) => {
    const file = join(folder, 'page.txt');
    await writeFile(file, `${start}<rss version="2.0"><channel></channel></rss>`);
    await expect(trial.importFiles(file)).rejects.toThrow(/begins like no format/);
  },
);

describe('a file is refused, and leaves nothing:', () => {
  test.each([
    ['cut RSS', 'rss-2.xml', (text: string) => text.slice(0, -120), /ends before|unclosed/],
    ['cut JSON', 'garden.json', (text: string) => text.slice(0, -10), /ends before|not valid JSON/],
    [
      'a document type',
      'atom.xml',
      (text: string) => text.replace('<feed', '<!DOCTYPE f [<!ENTITY a "b">]>\n<feed'),
      /DOCTYPE/,
    ],
    ['another root', 'atom.xml', () => '<html><body></body></html>', /root element is <html>/],
    [
      'another JSON',
      'garden.json',
      (text: string) => text.replace('jsonfeed.org', 'other.example'),
      /does not name the version/,
    ],
    ['no site', 'version-1.json', (text: string) => text.replace('feed_url', 'x_url'), /--site/],
  ])('%s', async (_name, fixture, change, message) => {
    const file = join(folder, 'feed');
    await writeFile(file, change(await readFile(fixturePath(`feed/${fixture}`), 'utf8')));
    const failure = await trial.importFiles(file, { format: 'feed' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImportError);
    expect((failure as ImportError).message).toMatch(message);
    expect(await trial.rows('SELECT FROM article UNION ALL SELECT FROM author')).toEqual([]);
  });
});
