import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import { policyOf } from '../../../schema/content/comment/comment-policy.ts';
import { addressPictures } from '../../../schema/content/picture/complete-pictures.ts';
import { shownAddress } from '../../../schema/content/picture/picture-address.ts';
import { resolveAddresses } from '../../../schema/content/text/complete-html.ts';
import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import type { ArticleRow, CommentRow } from './site-rows.ts';

/** What the elements of an export depend on. */
export interface WxrSite {
  /** Its address, with a slash at its end. */
  address: string;
  /** The address of the folder that has the stored pictures. */
  mediaUrl: string;
  /** Of articles without a policy of their own. */
  commentPolicy: CommentPolicy;
  /** Added to the number of an article, it is that of its picture. */
  firstPicture: number;
}

const INVALID_CHARACTERS = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

export function element(name: string, text: string | number): string {
  return `<${name}>${typeof text === 'number' ? text : cdata(text)}</${name}>\n`;
}

function cdata(text: string): string {
  return `<![CDATA[${text.replace(INVALID_CHARACTERS, '').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Attributes, and plain texts such as titles and names, which WordPress has in HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}

/** HTML with whole addresses: nobody knows of which site the file is who reads the text in WordPress. */
function shownHtml(html: string, { address, mediaUrl }: WxrSite): string {
  return resolveAddresses(addressPictures(html, mediaUrl), address);
}

/** A body as a block of HTML: WordPress adds no paragraphs to it, and what looks like a shortcode or an embed is none. */
function block(html: string): string {
  const literal = html.replaceAll('[', '&#91;').replace(/^([ \t]*https?):/gim, '$1&#58;');
  return `<!-- wp:html -->\n${literal}\n<!-- /wp:html -->`;
}

/** `2026-01-31 12:00:00`, in UTC. */
function date(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace('T', ' ');
}

/** As of a post without a date. */
const NO_DATE = '0000-00-00 00:00:00';

/** WordPress has no archive: an archived article is private there. */
const ARTICLE_STATUS = { DRAFT: 'draft', SCHEDULED: 'future', PUBLISHED: 'publish', ARCHIVED: 'private' } as const;

const COMMENT_STATUS = { PENDING: '0', VISIBLE: '1', REJECTED: 'trash', SPAM: 'spam', REMOVED: 'trash' } as const;

/** The beginning of an item, without its comments and its end. */
export function itemStart(article: ArticleRow, site: WxrSite): string {
  const { address, firstPicture } = site;
  const published = article.status === 'DRAFT' ? null : article.published_at;
  const shown = published ?? article.created_at;
  return [
    '<item>\n',
    element('title', escaped(article.title)),
    element('link', `${address}articles/${article.slug}`),
    `<pubDate>${shown.toUTCString()}</pubDate>\n`,
    element('dc:creator', article.login),
    `<guid isPermaLink="false">${escaped(`${address}?p=${article.id}`)}</guid>\n<description></description>\n`,
    element('content:encoded', block(shownHtml(article.body_html, site))),
    element('excerpt:encoded', escaped(article.excerpt)),
    element('wp:post_id', article.id),
    element('wp:post_date', date(shown)),
    element('wp:post_date_gmt', published ? date(published) : NO_DATE),
    element('wp:post_modified', date(article.updated_at)),
    element('wp:post_modified_gmt', date(article.updated_at)),
    element('wp:comment_status', policyOf(article.comment_policy, site) === 'CLOSED' ? 'closed' : 'open'),
    element('wp:ping_status', 'closed'),
    element('wp:post_name', article.slug),
    element('wp:status', ARTICLE_STATUS[article.status]),
    element('wp:post_parent', 0),
    element('wp:menu_order', 0),
    element('wp:post_type', 'post'),
    element('wp:post_password', ''),
    element('wp:is_sticky', 0),
    ...article.topics.map(
      ([slug, name]) => `<category domain="category" nicename="${escaped(slug)}">${cdata(escaped(name))}</category>\n`,
    ),
    ...article.former_slugs.map((slug) => meta('_wp_old_slug', slug)),
    article.cover_url === null ? '' : meta('_thumbnail_id', String(firstPicture + article.id)),
  ].join('');
}

/** The picture of an article, which WordPress downloads. */
export function pictureItem(article: ArticleRow, { address, mediaUrl, firstPicture }: WxrSite): string {
  if (article.cover_url === null) return '';
  const id = firstPicture + article.id;
  const shown = shownAddress(article.cover_url, mediaUrl);
  const picture = parseUrl(shown, address)?.href ?? shown;
  return [
    '<item>\n',
    element('title', escaped(article.cover_alt || article.title)),
    element('link', picture),
    `<pubDate>${article.created_at.toUTCString()}</pubDate>\n`,
    element('dc:creator', article.login),
    `<guid isPermaLink="false">${escaped(`${address}?attachment_id=${id}`)}</guid>\n<description></description>\n`,
    element('content:encoded', ''),
    element('excerpt:encoded', escaped(article.cover_caption ?? '')),
    element('wp:post_id', id),
    element('wp:post_date', date(article.created_at)),
    element('wp:post_date_gmt', date(article.created_at)),
    element('wp:comment_status', 'closed'),
    element('wp:ping_status', 'closed'),
    element('wp:post_name', `${article.slug}-cover`),
    element('wp:status', 'inherit'),
    element('wp:post_parent', article.id),
    element('wp:menu_order', 0),
    element('wp:post_type', 'attachment'),
    element('wp:post_password', ''),
    element('wp:is_sticky', 0),
    element('wp:attachment_url', picture),
    meta('_wp_attachment_image_alt', escaped(article.cover_alt ?? '')),
    '</item>\n',
  ].join('');
}

function meta(key: string, value: string): string {
  return `<wp:postmeta>\n${element('wp:meta_key', key)}${element('wp:meta_value', value)}</wp:postmeta>\n`;
}

interface CommentPlace {
  /** Of the comment in the file. */
  number: number;
  /** That of its parent, which WordPress needs to be lower. */
  parent: number;
}

export function commentElement(comment: CommentRow, place: CommentPlace, site: WxrSite): string {
  return [
    '<wp:comment>\n',
    element('wp:comment_id', place.number),
    element('wp:comment_author', escaped(comment.name ?? '')),
    element('wp:comment_author_email', comment.email ?? ''),
    element('wp:comment_author_url', comment.url ?? ''),
    element('wp:comment_author_IP', ''),
    element('wp:comment_date', date(comment.created_at)),
    element('wp:comment_date_gmt', date(comment.created_at)),
    element('wp:comment_content', shownHtml(comment.body_html, site)),
    element('wp:comment_approved', COMMENT_STATUS[comment.status]),
    element('wp:comment_type', 'comment'),
    element('wp:comment_parent', place.parent),
    element('wp:comment_user_id', comment.is_staff ? (comment.author_id ?? 0) : 0),
    '</wp:comment>\n',
  ].join('');
}
