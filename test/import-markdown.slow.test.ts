import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImportError } from '../src/import/import-error.ts';
import { type FormatTrial, fixturePath, openFormatTrial } from './fixtures/format-trial.ts';
import { countsOf, notesOf } from './fixtures/wordpress/trial.ts';

let trial: FormatTrial;
let folder: string;

beforeEach(async () => {
  trial = await openFormatTrial();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-markdown-'));
});

afterEach(async () => {
  await trial.close();
  await rm(folder, { recursive: true });
});

/** Pages that begin with front matter, counted without the import. */
async function pagesIn(path: string): Promise<number> {
  const names = (await readdir(path, { recursive: true })).filter((name) => /\.(md|mdx|markdown)$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')));
  return texts.filter((text, index) => /^(---|\+\+\+|\{)/.test(text) && !names[index]!.endsWith('_index.md')).length;
}

const articles = () =>
  trial.rows<Record<string, unknown>>(`
    SELECT slug, title, status::text, published_at, body_format::text FROM article ORDER BY slug`);

test.each(['hugo', 'jekyll', 'astro', 'eleventy'])(
  'a folder of %s is recognised, all its pages are imported, and again it changes nothing',
  async (name) => {
    const path = fixturePath(`markdown/${name}`);
    const report = await trial.importFiles(path, { pages: true });
    expect(report).toMatchObject({ format: 'Markdown', source: `markdown:${name}` });
    expect(countsOf(report, 'articles')).toMatchObject({ created: await pagesIn(path) });
    const before = await trial.everything();
    await trial.importFiles(path, { pages: true });
    expect(await trial.everything()).toEqual(before);
  },
);

test('Hugo: TOML, YAML and JSON, dates with zones, drafts, addresses, aliases, bundles and shortcodes', async () => {
  const report = await trial.importFiles(fixturePath('markdown/hugo'), { site: 'https://kites.example/' });
  expect(await articles()).toEqual([
    { slug: 'else', title: 'In JSON', status: 'DRAFT', published_at: null, body_format: 'MARKDOWN' },
    {
      slug: 'first',
      title: 'First & foremost',
      status: 'PUBLISHED',
      published_at: new Date('2024-02-02T12:14:54Z'),
      body_format: 'MARKDOWN',
    },
    {
      slug: 'picture-bundle',
      title: 'A bundle',
      status: 'PUBLISHED',
      published_at: new Date('2023-12-24T00:00:00Z'),
      body_format: 'MARKDOWN',
    },
  ]);
  expect(
    await trial.rows('SELECT path, slug FROM article_address JOIN article ON article.id = article_id ORDER BY 1'),
  ).toEqual([
    { path: '/2019/first', slug: 'first' },
    { path: '/old/first-steps', slug: 'first' },
    { path: '/posts/first', slug: 'first' },
    { path: '/posts/picture-bundle', slug: 'picture-bundle' },
    { path: '/somewhere/else', slug: 'else' },
  ]);
  expect(await trial.rows('SELECT slug FROM former_slug')).toEqual([{ slug: 'first-steps' }]);
  const [first] = await trial.rows<{ body_source: string; cover_alt: string; names: string[] }>(`
    SELECT body_source, cover_alt, ARRAY(SELECT t.name FROM article_topic JOIN topic t ON t.id = topic_id
      WHERE article_id = article.id ORDER BY position) AS names FROM article WHERE slug = 'first'`);
  expect(first?.names).toEqual(['Field Notes', 'Red Kites', 'go']);
  expect(first?.cover_alt).toBe('A kite');
  expect(first?.body_source).toContain('`{{< code >}}`');
  expect(first?.body_source).toContain('```go\n{{< not a shortcode >}}\n```');
  expect(first?.body_source).toContain('<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>');
  expect(first?.body_source).toContain('![An A](<https://kites.example/img/a.png>)\n\n*Figure A*');
  expect(first?.body_source).toContain('\nKeep this.\n');
  expect(await trial.rows(`SELECT body_source FROM article WHERE slug = 'picture-bundle'`)).toEqual([
    {
      body_source:
        '![A bird](https://kites.example/posts/picture-bundle/bird.jpg "Bird") and <img src="https://kites.example/posts/picture-bundle/sub/b.png">',
    },
  ]);
  expect(notesOf(report)).toEqual({
    'shortcode notice was left out': 1,
    'has further authors, who were not imported': 1,
  });
  expect(countsOf(report, 'other items').skipped).toEqual({
    'has no front matter': 1,
    'is the page of a section': 1,
    'has no date; such pages are imported only with --pages': 1,
  });
});

test('Jekyll: dates in names, drafts, highlighted code, categories in addresses, former addresses', async () => {
  const report = await trial.importFiles(fixturePath('markdown/jekyll'));
  expect((await articles()).map(({ slug, status }) => [slug, status])).toEqual([
    ['hello-world', 'PUBLISHED'],
    ['idea', 'DRAFT'],
    ['no-date', 'DRAFT'],
  ]);
  expect(
    await trial.rows(
      `SELECT path FROM article_address JOIN article ON article.id = article_id WHERE slug = 'hello-world' ORDER BY 1`,
    ),
  ).toEqual([
    { path: '/2012/05/01/hello-world' },
    { path: '/hello' },
    { path: '/hello-world' },
    { path: '/news/site-updates/2012/05/01/hello-world' },
  ]);
  expect(await trial.rows('SELECT name FROM topic ORDER BY name')).toEqual(
    ['a', 'long tag', 'news', 'site-updates'].map((name) => ({ name })),
  );
  const [row] = await trial.rows<{ body_html: string }>(`SELECT body_html FROM article WHERE slug = 'hello-world'`);
  expect(row?.body_html).toContain('<pre><code class="language-ruby">puts "hi"\n</code></pre>');
  expect(row?.body_html).toContain('href="/about"');
  expect(notesOf(report)).toMatchObject({ 'shortcode include was left out': 1 });
});

/** Writes pages, imports them, and reads the source of the page `a`. */
async function sourceOfA(pages: Record<string, string>): Promise<{ source: string; notes: object }> {
  for (const [path, text] of Object.entries(pages)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const notes = notesOf(await trial.importFiles(folder, { site: 'https://old.example' }));
  const [row] = await trial.rows<{ body_source: string }>(`SELECT body_source FROM article WHERE slug = 'a'`);
  return { source: row!.body_source, notes };
}

test('Hugo: references and links to files become the addresses of pages; players, posts and captions keep their words', async () => {
  const page = (fields: string, body = 'Text') => `---\ndate: 2023-01-02\n${fields}\n---\n${body}\n`;
  const { source, notes } = await sourceOfA({
    'hugo.toml': '',
    'content/posts/b.md': page('title: B\nslug: other'),
    'content/docs/c/index.md': page('title: C\nurl: /far/away/'),
    'content/docs/_index.md': page('title: Docs'),
    'content/posts/a.md': page(
      'title: A',
      `[1]({{< ref "b.md" >}}) [2]({{< relref "/docs/c" >}}) [3]({{< ref "/posts/b#part" >}}) [4](./b.md#x) [5](<../docs/c/index.md>)
[6]({{% ref path="c" lang="de" %}}) [7](missing.md) [8](https://x.example/b.md) \`[9](b.md)\` [10]({{< ref "nowhere" >}}) [11][b]

[b]: b.md

## Part {#part .wide}

## Not {1, 2}

{{< figure src="/p.png" title="T" caption="C" attr="by Eve" attrlink="https://eve.example" link="/p" >}}
{{< x user="Ada" id="123" >}} {{< tweet 456 >}} {{< instagram Cx_1 >}}
{{< details summary="Read <me>" >}}
Inside
{{< /details >}}`,
    ),
  });
  expect(
    source,
  ).toBe(`[1](https://old.example/posts/other/) [2](https://old.example/far/away/) [3](https://old.example/posts/other/#part) [4](https://old.example/posts/other/#x) [5](<https://old.example/far/away/>)
[6](https://old.example/far/away/) [7](missing.md) [8](https://x.example/b.md) \`[9](b.md)\` [10]() [11][b]

[b]: https://old.example/posts/other/

## Part <a id="part"></a>

## Not {1, 2}

[![C](<https://old.example/p.png>)](</p>)

***T** C [by Eve](<https://eve.example>)*
<https://x.com/Ada/status/123> <https://x.com/i/status/456> <https://www.instagram.com/p/Cx_1/>


<details><summary>Read &#60;me&#62;</summary>


Inside


</details>`);
  expect(notes).toEqual({ 'shortcode ref was left out': 1 });
});

test('Jekyll: references become the addresses of pages, raw text stays, attributes of kramdown do not', async () => {
  const { source, notes } = await sourceOfA({
    '_posts/2021-12-31-b.md': '---\ntitle: B\ncategories: [tech]\n---\nB\n',
    '_posts/2022-01-02-a.md': `---\ntitle: A\n---
* TOC
{:toc}

[1]({% post_url 2021-12-31-b %}) [2]({{ site.baseurl }}{% link _posts/2021-12-31-b.md %}) ![p](/p.png){:width="9"} \`{:x}\`
{: .note #there }

{% raw %}{{ shown }} {% tag %}{% endraw %}

\`\`\`liquid
{% raw %}{{ too }}{% endraw %}
\`\`\`
`,
  });
  expect(
    source,
  ).toBe(`[1](https://old.example/tech/2021/12/31/b/) [2](https://old.example/tech/2021/12/31/b/) ![p](https://old.example/p.png) \`{:x}\`

{{ shown }} {% tag %}

\`\`\`liquid
{{ too }}
\`\`\``);
  expect(notes).toEqual({});
});

test('Astro and Eleventy: dates in words, the future, authors with addresses, MDX, tags of collections', async () => {
  const report = await trial.importFiles(fixturePath('markdown/astro'));
  await trial.importFiles(fixturePath('markdown/eleventy'));
  expect((await articles()).map(({ slug, status, published_at }) => [slug, status, published_at])).toEqual([
    ['first-post', 'SCHEDULED', new Date('2099-01-02T03:04:05Z')],
    ['firstpost', 'PUBLISHED', new Date('2018-05-01T00:00:00Z')],
    ['second', 'PUBLISHED', new Date('2018-07-04T00:00:00Z')],
    ['using-mdx', 'PUBLISHED', new Date('2022-07-02T00:00:00Z')],
  ]);
  expect(await trial.rows(`SELECT email FROM author WHERE name = 'Kim'`)).toEqual([{ email: 'kim@example.com' }]);
  expect(await trial.rows('SELECT name FROM topic ORDER BY name')).toEqual([
    { name: 'another tag' },
    { name: 'astro' },
  ]);
  expect(notesOf(report)).toMatchObject({
    'is MDX, whose components were not imported': 1,
    'cover was not imported: it has no http or https address': 1,
  });
});

test('comments from Disqus find pages by their former addresses, not by equal last parts', async () => {
  await trial.importFiles(fixturePath('markdown/hugo'), { pages: true });
  const file = join(folder, 'comments.xml');
  const thread = (id: number, link: string) => `<thread dsq:id="${id}"><link>${link}</link><title>T</title></thread>`;
  const post = (id: number) =>
    `<post dsq:id="${id}0"><message>On ${id}</message><createdAt>2020-01-01T00:00:00Z</createdAt><author><name>A</name></author><thread dsq:id="${id}"/></post>`;
  await writeFile(
    file,
    `<disqus xmlns:dsq="http://disqus.com/disqus-internals">${thread(1, 'http://x.example/docs/first/')}${thread(2, 'http://x.example/2019/first.html')}${post(1)}${post(2)}</disqus>`,
  );
  await trial.importFiles(file);
  const found = await trial.rows(
    `SELECT c.body_text AS text, a.title FROM comment c JOIN article a ON a.id = c.article_id ORDER BY 1`,
  );
  expect(found).toEqual([
    { text: 'On 1', title: 'First steps in the docs' },
    { text: 'On 2', title: 'First & foremost' },
  ]);
});

describe('a page that closes its comments or names its language', () => {
  const page = (fields: string) =>
    writeFile(join(folder, 'a.md'), `---\ntitle: Tea\ndate: 2020-01-01\n${fields}---\nWords.`);
  const state = async () => (await trial.rows('SELECT comment_policy::text AS policy, language FROM article'))[0];

  test('is imported, also when it was added or taken away later', async () => {
    await page('');
    await trial.importFiles(folder);
    expect(await state()).toEqual({ policy: null, language: null });
    await page('comments: false\nlanguageCode: de-ch\n');
    expect(notesOf(await trial.importFiles(folder))).toEqual({});
    expect(await state()).toEqual({ policy: 'CLOSED', language: 'de-CH' });
    const before = await trial.everything();
    await trial.importFiles(folder);
    expect(await trial.everything()).toEqual(before);
    await page('comments: true\nlanguageCode: "no language"\n');
    await trial.importFiles(folder);
    expect(await state()).toEqual({ policy: null, language: null });
    await page('comments: "false"\nlang: pt\n');
    await trial.importFiles(folder);
    expect(await state()).toEqual({ policy: 'CLOSED', language: 'pt' });
  });

  test('is imported over what an import of an earlier version has left, but not over what was chosen here', async () => {
    await page('');
    await trial.importFiles(folder);
    await trial.rows(`UPDATE provenance SET written = written - 'language' WHERE kind = 'article'`);
    await page('lang: de\n');
    expect(notesOf(await trial.importFiles(folder))).toEqual({});
    expect(await state()).toMatchObject({ language: 'de' });

    await page('');
    await trial.importFiles(folder);
    await trial.rows(`UPDATE provenance SET written = written - 'language' WHERE kind = 'article'`);
    await trial.rows(`UPDATE article SET language = 'fr'`);
    await trial.importFiles(folder);
    await page('lang: de\n');
    expect(notesOf(await trial.importFiles(folder))).toEqual({ 'article: language was changed here and kept': 1 });
    expect(await state()).toMatchObject({ language: 'fr' });
  });
});

describe('a folder is refused with the file and the reason, and leaves nothing:', () => {
  const aliases = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]`;
  test.each([
    ['YAML that is none', '---\ntitle: a: b\n---\n', /bad\.md: the front matter cannot be read/],
    ['TOML that is none', '+++\ntitle =\n+++\n', /bad\.md: the front matter cannot be read/],
    ['JSON that is none', '{\n"title": x\n}\n', /bad\.md: the front matter cannot be read/],
    ['front matter without an end', '---\ntitle: a\n', /does not end/],
    ['a list', '---\n- a\n---\n', /not a list of fields/],
    ['aliases that expand exponentially', `---\ndate: 2020-01-01\n${aliases}\n---\n`, /resource exhaustion/],
  ])('%s', async (_name, text, message) => {
    await writeFile(join(folder, 'a-good.md'), '---\ntitle: Good\ndate: 2020-01-01\n---\nText.');
    await writeFile(join(folder, 'bad.md'), text);
    const failure = await trial.importFiles(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImportError);
    expect((failure as ImportError).message).toMatch(message);
    expect(await articles()).toEqual([]);
  });

  test('no folder at all', async () => {
    await expect(trial.importFiles(join(folder, 'none'), { format: 'markdown' })).rejects.toThrow(/is not a folder/);
  });
});

test('links that lead out of the folder are not followed, and fields of unusual types do no harm', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'broadsheet-outside-'));
  await writeFile(join(outside, 'secret.md'), '---\ntitle: Secret\ndate: 2020-01-01\n---\n');
  await mkdir(join(folder, 'posts'));
  await symlink(join(outside, 'secret.md'), join(folder, 'posts', 'link.md'));
  await symlink(outside, join(folder, 'outside'));
  const odd =
    '---\ntitle: [1]\ndate: 2020-02-30\npubDate: 2020-01-01\ntags: {a: 1}\nauthor: [[x]]\ncover: [null]\n__proto__: {draft: true}\nurl: ../../../etc/passwd\n---\n';
  await writeFile(join(folder, 'posts', 'odd.md'), odd);
  const report = await trial.importFiles(folder);
  await rm(outside, { recursive: true });
  expect((await articles()).map(({ slug, title, status }) => [slug, title, status])).toEqual([
    ['passwd', expect.stringMatching(/^Untitled/), 'PUBLISHED'],
  ]);
  expect(countsOf(report, 'other items').skipped).toEqual({ 'is a symbolic link, which is not followed': 1 });
});
