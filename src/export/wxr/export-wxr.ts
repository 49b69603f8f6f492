import type pg from 'pg';
import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import { PICTURES_PATH } from '../../../schema/content/picture/picture-name.ts';
import { cursorBatches } from '../cursor-batches.ts';
import { readSnapshot } from '../read-snapshot.ts';
import { writeWhole } from '../write-whole.ts';
import { articlesWithComments } from './site-rows.ts';
import { commentElement, element, escaped, itemStart, pictureItem, type WxrSite } from './wxr-elements.ts';

interface ExportWxrOptions {
  /** Connection URL of the database. */
  url: string;
  /** The file. */
  path: string;
  /** The address of the site. */
  site: string;
  /** The address of the folder that has the stored pictures. @default "/media/" */
  mediaUrl?: string;
  /** Of articles without a policy of their own. @default OPEN */
  commentPolicy?: CommentPolicy;
  signal?: AbortSignal;
}

/** Writes articles, people, topics and comments as an export of WordPress (WXR 1.2), as of one moment. */
export async function exportWxr({
  url,
  path,
  site,
  mediaUrl = PICTURES_PATH,
  commentPolicy = 'OPEN',
  signal,
}: ExportWxrOptions): Promise<{ articles: number; comments: number }> {
  const counted = { articles: 0, comments: 0 };
  const address = `${site.replace(/\/+$/, '')}/`;
  await readSnapshot(url, (client) =>
    writeWhole(path, wxrParts({ client, address, mediaUrl, commentPolicy, counted }), signal),
  );
  return counted;
}

interface WxrSource {
  client: pg.Client;
  address: string;
  mediaUrl: string;
  commentPolicy: CommentPolicy;
  counted: { articles: number; comments: number };
}

async function* wxrParts({ client, address, mediaUrl, commentPolicy, counted }: WxrSource): AsyncGenerator<string> {
  const { rows } = await client.query<{ last: number }>('SELECT coalesce(max(id), 0) AS last FROM article');
  const site: WxrSite = { address, mediaUrl, commentPolicy, firstPicture: rows[0]!.last };
  yield channelStart(address);
  yield* people(client);
  yield* categories(client);
  let number = 0;
  for await (const { article, comments } of articlesWithComments(client)) {
    counted.articles += 1;
    yield itemStart(article, site);
    const numbers = new Map<number, number>();
    for await (const comment of comments) {
      number += 1;
      counted.comments += 1;
      numbers.set(comment.id, number);
      yield commentElement(comment, { number, parent: numbers.get(comment.parent_id ?? 0) ?? 0 }, site);
    }
    yield `</item>\n${pictureItem(article, site)}`;
  }
  yield '</channel>\n</rss>\n';
}

function channelStart(address: string): string {
  const blog = address.slice(0, -1);
  return `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:wfw="http://wellformedweb.org/CommentAPI/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
${element('title', new URL(address).host)}${element('link', blog)}<description></description>
<wp:wxr_version>1.2</wp:wxr_version>
${element('wp:base_site_url', blog)}${element('wp:base_blog_url', blog)}`;
}

/** Staff, and everybody who has written an article. */
async function* people(client: pg.Client): AsyncGenerator<string> {
  const text = `
    SELECT id, slug, name, coalesce(email, '') AS email FROM author p
     WHERE kind = 'STAFF' OR EXISTS (SELECT FROM article a WHERE a.author_id = p.id) ORDER BY id`;
  type Person = { id: number; slug: string; name: string; email: string };
  for await (const rows of cursorBatches<Person>(client, { name: 'exported_people', text }))
    for (const { id, slug, name, email } of rows)
      yield [
        '<wp:author>',
        element('wp:author_id', id),
        element('wp:author_login', slug),
        element('wp:author_email', email),
        element('wp:author_display_name', escaped(name)),
        element('wp:author_first_name', ''),
        element('wp:author_last_name', ''),
        '</wp:author>\n',
      ].join('');
}

/** WordPress makes a category below its parent only if it has read that before. */
async function* categories(client: pg.Client): AsyncGenerator<string> {
  const text = `
    WITH RECURSIVE leveled AS (
      SELECT id, NULL::text AS above, slug, 0 AS level FROM topic WHERE parent_id IS NULL
      UNION ALL SELECT t.id, p.slug, t.slug, p.level + 1 FROM topic t JOIN leveled p ON p.id = t.parent_id
    ) SELECT t.id, t.slug, t.name, coalesce(t.description, '') AS description, coalesce(above, '') AS above
      -- A circle that somebody has written into the database has no first topic. Its topics are given without a parent.
      FROM topic t LEFT JOIN leveled USING (id) ORDER BY level, t.id`;
  type Category = { id: number; slug: string; name: string; description: string; above: string };
  for await (const rows of cursorBatches<Category>(client, { name: 'exported_topics', text }))
    for (const { id, slug, name, description, above } of rows)
      yield [
        '<wp:category>',
        element('wp:term_id', id),
        element('wp:category_nicename', slug),
        element('wp:category_parent', above),
        element('wp:cat_name', escaped(name)),
        element('wp:category_description', escaped(description)),
        '</wp:category>\n',
      ].join('');
}
