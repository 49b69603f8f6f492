// Files that somebody with bad intent, or a broken program, gives to an import.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fixturePath } from '../fixtures/format-trial.ts';
import { exportOf } from '../fixtures/wordpress/export.ts';
import { zipOf } from '../zip-file.ts';

export interface HostileFile {
  format: string;
  name: string;
  content: string | Buffer;
  /** Programs that are less strict read it, and so does the import, which loses nothing. @default false */
  mayPass?: boolean;
}

const MB = 1_000_000;

/** Places in a text at which a structure begins or ends: `count` of them, spread over all. */
function structures(text: string, marks: RegExp, count: number): number[] {
  const places = Array.from(text.matchAll(marks), ({ index }) => index).filter((index) => index > 0);
  const step = Math.max(1, places.length / count);
  return Array.from({ length: Math.min(count, places.length) }, (_, i) => places[Math.floor(i * step)]!);
}

function truncated(format: string, text: string, marks: RegExp): HostileFile[] {
  const cut = structures(text, marks, 30).map((end) => ({
    format,
    name: `cut at ${end}`,
    content: text.slice(0, end),
  }));
  const zipped = gzipSync(text);
  const parts = Array.from({ length: 8 }, (_, i) => Math.floor(((i + 1) * (zipped.length - 1)) / 9));
  const gzipped = parts.map((end) => ({ format, name: `gzip cut at ${end}`, content: zipped.subarray(0, end) }));
  const archive = zipOf([{ name: 'export', content: text }]);
  const archived = parts
    .slice(0, 5)
    .map((end) => ({ format, name: `zip cut at ${end}`, content: archive.subarray(0, end) }));
  return [...cut, ...gzipped, ...archived];
}

/** XML of a format, into whose first text others are put. */
function xml(format: string, text: string, place: RegExp): HostileFile[] {
  const file = (name: string, content: string | Buffer, mayPass = false): HostileFile => ({
    format,
    name,
    content,
    mayPass,
  });
  const inside = (name: string, inserted: string, mayPass = false) =>
    file(name, gzipSync(text.replace(place, (start) => start + inserted)), mayPass);
  const doctype = (declaration: string, reference: string) =>
    text.replace(/(<\?xml[^>]*\?>)?/, `$1<!DOCTYPE x [${declaration}]>`).replace(place, (start) => start + reference);
  const laughs = Array.from({ length: 10 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
  return [
    file('a billion laughs', doctype(`<!ENTITY l0 "ha">${laughs}`, '&l10;')),
    file('an entity of a file', doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', '&x;')),
    file('an entity of another host', doctype('<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;', 'x')),
    inside('deep elements', '<a>'.repeat(200_000)),
    inside('an attribute without an end', `<a b="${'c'.repeat(20 * MB)}`),
    inside('a tag without an end', `<a ${'b '.repeat(10 * MB)}`),
    inside('a comment without an end', `<!--${'c'.repeat(20 * MB)}`),
    inside('a section without an end', `<![CDATA[${'c'.repeat(20 * MB)}`),
    inside('a long name', `<${'a'.repeat(20 * MB)}>`),
    inside('an instruction without an end', `<?${'a'.repeat(20 * MB)}`),
    inside('elements that overlap', '<a><b></a></b>'),
    inside('a second root', '</rss></disqus></channel>'),
    inside('a tag that is none', '<<>>'),
    inside('references to nothing', '&none;&#xFFFFFFF;&#0;&#xD800;&', true),
    inside('control characters', '\u0001\u0000\u001f\ufffe', true),
    file('UTF-16 without its first bytes, cut in a character', Buffer.from(text, 'utf16le').subarray(1)),
    file('an unknown encoding', text.replace(/^(<\?xml[^>]*\?>)?/, '<?xml version="1.0" encoding="x-none"?>')),
    file('bytes of no encoding', Buffer.concat([Buffer.from(text.slice(0, 20)), Buffer.alloc(70_000, 0xff)])),
    file('nothing', ''),
    file('nothing but spaces', ' '.repeat(100_000)),
    file('a page of the web', '<!DOCTYPE html><html><body>Not found</body></html>'),
    file('nothing but zeros', Buffer.alloc(100_000)),
    file('a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')),
  ];
}

function json(format: string, text: string): HostileFile[] {
  const file = (name: string, content: string | Buffer, mayPass = false): HostileFile => ({
    format,
    name,
    content,
    mayPass,
  });
  const posts = (rows: string) => `{"db":[{"meta":{"version":"5"},"data":{"posts":${rows}}}]}`;
  return [
    file('deep arrays', posts('['.repeat(1_000_000))),
    file('deep objects', posts('{"a":'.repeat(500_000))),
    file('a long text', gzipSync(`{"db":[{"data":{"posts":[{"html":"${'x'.repeat(70 * MB)}"}]}}]}`)),
    file('a long key', gzipSync(posts(`[{"${'x'.repeat(70 * MB)}":1}]`))),
    file('many values of one row', gzipSync(posts(`[{"a":[${'1,'.repeat(20 * MB)}1]}]`))),
    file('a long number', posts(`[${'9'.repeat(1_000_000)}`)),
    file('numbers that are none', posts('[NaN]')),
    file('no quotes', posts("[{'a': 1}]")),
    file('a comma too many', posts('[{"a": 1,}]')),
    file('text behind it', `${text}x`),
    file('a bad escape', posts('[{"title": "\\q"}]')),
    file('a control character', posts('[{"title": "a\nb"}]')),
    file('an array', '[]'),
    file('a text', '"posts"'),
    file('null', 'null'),
    file('no posts', '{"db":[{"data":{}}]}'),
    file('posts that are none', posts('[null, 1, "a", [], {}]'), true),
    file('names of prototypes', posts('[{"id":"1","__proto__":{"title":"x"},"constructor":{"prototype":1}}]'), true),
    file(
      'half of a pair of surrogates',
      posts('[{"id":"1","title":"\\ud800","slug":"\\u0000","html":"\\u0000"}]'),
      true,
    ),
    file('UTF-16 cut in a character', Buffer.from(text, 'utf16le').subarray(1)),
    file('bytes of no encoding', Buffer.alloc(100_000, 0xfe)),
    file('nothing', ''),
  ];
}

function archives(format: string, text: string): HostileFile[] {
  const entry = { name: 'export', content: text };
  const file = (name: string, content: Buffer, mayPass = false): HostileFile => ({
    format,
    name: `zip: ${name}`,
    content,
    mayPass,
  });
  return [
    file('climbs out', zipOf([{ ...entry, name: '../../../../tmp/x' }])),
    file('absolute', zipOf([{ ...entry, name: '/tmp/x' }])),
    file('a drive', zipOf([{ ...entry, name: 'C:\\x' }])),
    file('climbs out with backslashes', zipOf([{ ...entry, name: '..\\..\\x' }])),
    file(
      'overlaps',
      zipOf([entry, ...Array.from({ length: 200 }, (_, i) => ({ ...entry, name: `${i}`, overlaps: true }))]),
    ),
    file('encrypted', zipOf([{ ...entry, encrypted: true }])),
    file('another checksum', zipOf([{ ...entry, checksum: 1 }])),
    file('too long', zipOf([{ ...entry, size: 3 }])),
    file('too short', zipOf([{ ...entry, size: text.length * 2 }])),
    file('another compression', zipOf([{ ...entry, method: 12 }])),
    file('an archive', zipOf([{ name: 'inner.zip', content: zipOf([entry]) }])),
    file('empty', zipOf([])),
    file('a directory of noise', Buffer.concat([zipOf([entry]).subarray(0, 60), Buffer.alloc(1_000, 7)])),
  ];
}

function markdown(): HostileFile[] {
  const page = (name: string, front: string, body = 'Words'): HostileFile => ({
    format: 'markdown',
    name,
    content: zipOf([{ name: 'site/post.md', content: `---\ntitle: T\ndate: 2020-01-01\n${front}\n---\n${body}` }]),
  });
  const laughs = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}*l${i}]`).join('\n');
  return [
    page('a billion laughs', `l0: &l0 [ha]\n${laughs}\ntags: *l9`),
    page('an alias of itself', 'a: &a [*a]\ntags: *b'),
    page('a key twice', 'title: U'),
    page('no end of a text', 'a: "b'),
    page('brackets', `a: ${'['.repeat(5_000)}`),
    page('a tab', 'a:\n\t- b\n\t c: [d'),
    { format: 'markdown', name: 'TOML', content: zipOf([{ name: 'a.md', content: '+++\ntitle = \n+++\nx' }]) },
    {
      format: 'markdown',
      name: 'TOML, twice',
      content: zipOf([{ name: 'a.md', content: '+++\na = 1\na = 2\n+++\nx' }]),
    },
    { format: 'markdown', name: 'JSON', content: zipOf([{ name: 'a.md', content: '{"title": \n\nx' }]), mayPass: true },
  ];
}

function ndjson(text: string): HostileFile[] {
  const [head = '', ...lines] = text.split('\n');
  const file = (name: string, content: string | Buffer): HostileFile => ({ format: 'broadsheet', name, content });
  return [
    file('no head', lines.join('\n')),
    file('another version', head.replace(/"version":\d+/, '"version":99')),
    file('a row of another table', `${head}\n{"type":"pg_authid"}`),
    file('a row of too many columns', `${head}\n{"type":"author","x":1}`),
    file('a row of no columns', `${head}\n{"type":"author"}`),
    file('a line of no JSON', `${head}\n{`),
    file('a line of null', `${head}\nnull`),
    file('a long line', gzipSync(`${head}\n{"type":"${'x'.repeat(80 * MB)}"}`)),
    file('deep arrays', `${head}\n${'['.repeat(100_000)}`),
    file('an end of another count', `${head}\n{"type":"end","rows":7}`),
    file('two ends', `${text}\n{"type":"end","rows":0}`),
    file('nothing', ''),
  ];
}

/** @param archive an export of this program */
export function hostileImportFiles(archive: string): HostileFile[] {
  const wordpress = exportOf({
    authors: [{ id: 1, login: 'jo' }],
    categories: [{ slug: 'a', name: 'A' }],
    posts: [
      { id: 1, body: 'Words', comments: [{ id: 1 }, { id: 2, parent: 1 }] },
      { id: 2, meta: [['a', 'b']] },
    ],
  });
  const disqus = readFileSync(fixturePath('disqus/links.xml'), 'utf8');
  const ghost = readFileSync(fixturePath('ghost/version-3.json'), 'utf8').trimEnd();
  return [
    ...truncated('wordpress', wordpress, /<(?!\?)|>/g),
    ...xml('wordpress', wordpress, /<content:encoded>/),
    ...archives('wordpress', wordpress),
    ...truncated('disqus', disqus, /<(?!\?)|>/g),
    ...xml('disqus', disqus, /<title>/),
    ...archives('disqus', disqus),
    ...truncated('ghost', ghost, /[{}[\],:]/g),
    ...json('ghost', ghost),
    ...archives('ghost', ghost),
    ...truncated('broadsheet', archive, /[\n{}]/g),
    ...ndjson(archive),
    ...archives('broadsheet', archive),
    ...markdown(),
  ];
}
