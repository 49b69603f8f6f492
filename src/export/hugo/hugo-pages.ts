import { stringify } from 'yaml';
import type { CommentPolicy, TextFormat } from '../../../prisma/client/enums.ts';
import { policyOf } from '../../../schema/content/comment/comment-policy.ts';
import { withoutBlankLinesAround } from '../../../schema/content/text/blank-lines.ts';
import { toMarkdown } from '../../../schema/content/text/markdown.ts';
import type { FormerAddresses, HugoArticle, HugoAuthor, HugoComment, HugoTopic } from './hugo-rows.ts';
import { withoutShortcodes } from './shown-shortcodes.ts';

/** Texts are quoted: `No`, `1_000` and `12:30:45` are none in the YAML that Hugo reads. */
const YAML = { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' } as const;

/** A page: its front matter, then its text. */
function page(fields: Record<string, unknown>, text: string): string {
  const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && !isEmpty(value));
  return `---\n${stringify(Object.fromEntries(given), YAML)}---\n\n${withoutBlankLinesAround(text)}\n`;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** @param commentPolicy of articles without one of their own */
export function articlePage(article: HugoArticle, commentPolicy: CommentPolicy): string {
  const { cover_url: url, status, published_at: published } = article;
  const fields = {
    title: article.title,
    slug: article.slug,
    date: status === 'DRAFT' ? null : (published?.toISOString() ?? null),
    lastmod: article.updated_at.toISOString(),
    draft: status === 'DRAFT' || status === 'ARCHIVED',
    description: article.excerpt || null,
    authors: [article.author],
    topics: article.topics,
    aliases: aliasesOf('articles', article),
    cover: url === null ? null : { image: url, alt: article.cover_alt ?? '', caption: article.cover_caption ?? '' },
    languageCode: article.language,
    comments: policyOf(article.comment_policy, { commentPolicy }) === 'CLOSED' ? false : null,
  };
  return page(fields, markdownText(article.body_source, article.body_format));
}

/** Paths that Hugo answers with a redirect. It has none for what a query names, such as `/?p=123`. */
function aliasesOf(
  kind: 'articles' | 'topics' | 'authors',
  { addresses, former_slugs: slugs }: FormerAddresses,
): string[] {
  const paths = addresses.filter((path) => !path.includes('?')).map((path) => `${path.replace(/\/*$/, '')}/`);
  return [...new Set([...paths, ...slugs.map((slug) => `/${kind}/${slug}/`)])].filter((path) => path !== '/');
}

// Hugo's own address of a term is made of its name.
export function topicPage(topic: HugoTopic): string {
  const { name, slug, description, parent } = topic;
  return page({ title: name, url: `/topics/${slug}/`, aliases: aliasesOf('topics', topic), description, parent }, '');
}

export function authorPage(author: HugoAuthor): string {
  const { name, slug, url: website, avatar_url: avatar, bio_source: bio, bio_format: format } = author;
  const fields = { title: name, url: `/authors/${slug}/`, aliases: aliasesOf('authors', author), website, avatar };
  return page(fields, bio === null ? '' : markdownText(bio, format));
}

function markdownText(source: string, format: TextFormat): string {
  return withoutShortcodes(format === 'HTML' ? toMarkdown(source) : source);
}

/** A comment as programs read it. One that was removed has its place alone, unless all are exported. */
export function commentRecord(comment: HugoComment, which: 'public' | 'all'): object {
  const { id, parent_id: parent, depth, status, created_at: created, edited_at: edited } = comment;
  const place = { id, parent, depth, date: created.toISOString() };
  if (status === 'REMOVED' && which === 'public') return { ...place, removed: true };
  return {
    ...place,
    ...(edited && { edited: edited.toISOString() }),
    ...(which === 'all' && { status }),
    ...(comment.pinned && { pinned: true }),
    author: { name: comment.name, ...(comment.url && { url: comment.url }) },
    html: comment.body_html,
    markdown: comment.body_format === 'HTML' ? toMarkdown(comment.body_source) : comment.body_source,
  };
}

/** The configuration: what the exported pages need, and nothing about how they look. */
export function hugoConfig(site: string): string {
  return `baseURL = ${JSON.stringify(site)}
title = ${JSON.stringify(site.replace(/^https?:\/\/|\/+$/g, '') || 'Articles')}

[taxonomies]
  topic = 'topics'
  author = 'authors'

[permalinks.page]
  articles = '/articles/:slug/'

# Texts may have HTML, which was made safe when it was shown; what is exported is what was written.
[markup.goldmark.renderer]
  unsafe = true
`;
}
