import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FormatTrial, openFormatTrial } from './fixtures/format-trial.ts';
import { countsOf, notesOf } from './fixtures/wordpress/trial.ts';
import { zipOf } from './zip-file.ts';

let trial: FormatTrial;
let folder: string;

beforeEach(async () => {
  trial = await openFormatTrial();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-generators-'));
});

afterEach(async () => {
  await trial.close();
  await rm(folder, { recursive: true });
});

type Files = Record<string, string>;

async function writeSite(files: Files): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'site', path)), { recursive: true });
    await writeFile(join(folder, 'site', path), text);
  }
  return join(folder, 'site');
}

const page = (fields: string, body = 'Text.') => `---\ntitle: A Page\n${fields}\n---\n\n${body}\n`;
const OCTOPRESS: Files = {
  '_config.yml': 'title: Windmills\nauthor: Dulcinea\npermalink: /blog/:year/:month/:day/:title/\n',
  'source/_posts/2014-06-20-first.markdown': page('date: 2014-06-19 23:30 -0700'),
  'source/_drafts/later.md': page('author: Sancho'),
  'source/about/index.md': page('date: 2014-01-01'),
};

/** The addresses of each article by its slug. */
async function addresses(): Promise<Record<string, string[]>> {
  const rows = await trial.rows<{ slug: string; paths: string[] }>(`
    SELECT slug, array_agg(path ORDER BY path) AS paths FROM article JOIN article_address a ON a.article_id = article.id
     GROUP BY 1`);
  return Object.fromEntries(rows.map(({ slug, paths }) => [slug, paths]));
}

describe('addresses are those of the configuration', () => {
  test('of Octopress, by the date as it is written; pages without an author are by its author', async () => {
    await trial.importFiles(await writeSite(OCTOPRESS));
    expect(await addresses()).toEqual({
      first: ['/blog/2014/06/19/first'],
      later: ['/later'],
      about: ['/about'],
    });
    expect(
      await trial.rows('SELECT name FROM article JOIN author ON author.id = author_id ORDER BY article.slug'),
    ).toMatchObject([{ name: 'Dulcinea' }, { name: 'Dulcinea' }, { name: 'Sancho' }]);
  });

  test('in a zip archive, too', async () => {
    const file = join(folder, 'site.zip');
    await writeFile(
      file,
      zipOf(Object.entries(OCTOPRESS).map(([name, content]) => ({ name: `blog-main/${name}`, content }))),
    );
    await trial.importFiles(file);
    expect((await addresses()).first).toContain('/blog/2014/06/19/first');
  });

  test.each([
    ['pretty', '/news/2020/05/06/a'],
    ['ordinal', '/news/2020/127/a'],
    ['/:short_year/:i_month/:i_day/:title:output_ext', '/20/5/6/a'],
    ['/articles/:slug.html', '/articles/a'],
    [':year/:unknown/:title', null],
  ])('of Jekyll with permalink %s', async (permalink, address) => {
    await trial.importFiles(
      await writeSite({
        '_config.yml': `permalink: "${permalink}"\n`,
        '_posts/2020-05-06-a.md': page('categories: News'),
        '_posts/2020-05-07-b.md': page('permalink: /own/'),
      }),
    );
    const found = await addresses();
    expect(found.a).toEqual(address === null ? ['/2020/05/06/a', '/a', '/news/2020/05/06/a'] : [address]);
    expect(found.own).toEqual(['/own']);
  });

  test.each([
    ['hugo.toml', '[permalinks]\nposts = "/:year/:slug/"\n[params]\nauthor = "Ada"\n'],
    ['config.yaml', 'permalinks:\n  page:\n    posts: /:year/:slug/\nparams:\n  author: { name: Ada }\n'],
    ['config/_default/permalinks.toml', 'posts = "/:year/:slug/"\n'],
  ])('of Hugo in %s', async (path, config) => {
    await trial.importFiles(
      await writeSite({
        [path]: config,
        'content/posts/a/index.md': page('date: 2021-02-03'),
        'content/b.md': page('date: 2021-02-03'),
      }),
    );
    expect(await addresses()).toEqual({ a: ['/2021/a-page'], b: ['/b'] });
  });

  test('and a configuration that is damaged is reported', async () => {
    const report = await trial.importFiles(
      await writeSite({ '_config.yml': 'permalink: a: b\n', '_posts/2020-05-06-a.md': page('') }),
    );
    expect(Object.keys(notesOf(report))).toEqual([
      'configuration was not read, so addresses are those that generators have by default',
    ]);
    expect((await addresses()).a).toContain('/2020/05/06/a');
  });
});

test('a site of Hugo before 2022 shows braces as they are, and has pages in languages', async () => {
  await trial.importFiles(
    await writeSite({
      'config.toml':
        'baseurl = "https://a.example/"\ndefaultContentLanguage = "nn"\n[languages.nn]\nweight = 1\n[languages.en]\nweight = 2\n',
      'content/_index.en.md': page('date: 2020-01-01'),
      'content/post/a.md': page('date: 2020-01-01', 'Print {{ .Name }} in {{< ref "b" >}}.'),
      'content/post/a.en.md': page('date: 2020-01-01', 'See {{< ref "b.md" >}} and {{< ref "c" >}}.'),
      'content/post/b.nn.md': page('date: 2020-01-01'),
      'content/post/b.en.md': page('date: 2020-01-01\nslug: bee'),
      'content/post/c.md': page('date: 2020-01-01'),
      'content/post/v1.0.md': page('date: 2020-01-01'),
    }),
  );
  expect(await addresses()).toEqual({
    a: ['/post/a'],
    'a-en': ['/en/post/a'],
    b: ['/post/b'],
    bee: ['/en/post/bee'],
    c: ['/post/c'],
    'v1-0': ['/post/v1.0'],
  });
  const texts = await trial.rows<{ text: string }>("SELECT body_text AS text FROM article WHERE slug LIKE 'a%'");
  expect(texts.map(({ text }) => text).sort()).toEqual([
    'Print {{ .Name }} in /post/b/.',
    'See /en/post/bee/ and /post/c/.',
  ]);
});

test('a page whose front matter is a program is left out and reported, and the others are imported', async () => {
  const report = await trial.importFiles(
    await writeSite({
      'content/about.md': '---js\nconst eleventyNavigation = { key: "About" };\n---\n# About\n',
      'content/blog/first.md': page('date: 2020-01-01'),
    }),
  );
  expect(countsOf(report, 'other items').skipped).toEqual({
    'has front matter in "js", which is not read; use YAML, TOML or JSON': 1,
  });
  expect(await trial.rows('SELECT slug FROM article')).toEqual([{ slug: 'first' }]);
});

test.each([
  ['eleventy.config.js', ['polar bear']],
  ['_config.yml', ['bear', 'polar']],
])('a tag with a blank in a site with %s', async (config, tags) => {
  await trial.importFiles(await writeSite({ [config]: '', 'posts/a.md': page('date: 2020-01-01\ntags: polar bear') }));
  expect(await trial.rows('SELECT name FROM topic ORDER BY name')).toEqual(tags.map((name) => ({ name })));
});

test('pictures, code, gists and players of Octopress, Hexo and Jekyll become Markdown', async () => {
  const body = `{% img right /images/a.png 200 100 "A title" "An alt" %}
{% img https://x.example/b.jpg A bird %}
{% asset_img c.png The sea %}
{% gist ada/1234 file.rb %}
{% youtube dQw4w9WgXcQ %}
{% codeblock Hello lang:ruby %}
puts "*hi*"
{% endcodeblock %}
{% codeblock %}
plain
{% endcodeblock %}
{% img nothing %}`;
  const report = await trial.importFiles(await writeSite({ '_posts/2020-05-06-a.md': page('', body) }));
  const [row] = await trial.rows<{ source: string }>('SELECT body_source AS source FROM article');
  expect(row!.source).toBe(`![An alt](</images/a.png>)
![A bird](<https://x.example/b.jpg>)
![The sea](<c.png>)
<https://gist.github.com/ada/1234>


<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>


\`\`\`ruby
puts "*hi*"
\`\`\`
\`\`\`
plain
\`\`\``);
  expect(notesOf(report)).toMatchObject({ 'shortcode img was left out': 1 });
});

test('pages of Hexo have dates with slashes, categories below each other, and need no line before their fields', async () => {
  const report = await trial.importFiles(
    await writeSite({
      'source/_posts/a.md': page('date: 2013/7/13 20:46:25\ncategories:\n- [Sports, Ball games]\n- Play'),
      'source/_posts/b.md': 'title: A B\ndate: 2013-07-14 20:46:25 -07\ntags:\n---\nText of b.\n',
      'source/_posts/c.md': '---\ntitle: C\ndate: 2013-07-15 12:00:00 CEST\n...\nText of c.\n',
      'source/_posts/note.md': 'Note: this is a heading\n---\n\nAnd no field.\n',
    }),
  );
  expect(
    await trial.rows(`SELECT slug, published_at, body_source, ARRAY(SELECT t.name FROM article_topic JOIN topic t ON t.id = topic_id
      WHERE article_id = article.id ORDER BY position) AS topics FROM article ORDER BY slug`),
  ).toEqual([
    {
      slug: 'a',
      published_at: new Date('2013-07-13T20:46:25Z'),
      body_source: 'Text.',
      topics: ['Sports', 'Ball games', 'Play'],
    },
    { slug: 'b', published_at: new Date('2013-07-15T03:46:25Z'), body_source: 'Text of b.', topics: [] },
    { slug: 'c', published_at: new Date('2013-07-15T10:00:00Z'), body_source: 'Text of c.', topics: [] },
  ]);
  expect(countsOf(report, 'other items').skipped).toEqual({ 'has no front matter': 1 });
});

test('code in lists and quotations keeps its braces, and code in a line hides no text behind it', async () => {
  const code = `1. Step

    \`\`\`html
    <p>{{ user.name }} {{< x >}}</p>
    \`\`\`

- ~~~vue
  {{ item }}
  ~~~

> \`\`\`
> {{ quoted }}

\`\`\`{{ one }}\`\`\` `;
  await trial.importFiles(await writeSite({ 'a.md': page('date: 2020-01-01', `${code}{% youtube abc %}`) }));
  expect(await trial.rows('SELECT body_source AS source FROM article')).toEqual([
    { source: `${code}\n\n<iframe src="https://www.youtube.com/embed/abc"></iframe>` },
  ]);
});
