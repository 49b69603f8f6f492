/** Addresses of pages at the site that shows the content. */
export interface PageAddresses {
  /** The front page, with a slash at its end. */
  site: string;
  article(slug: string): string;
  topic(slug: string): string;
  author(slug: string): string;
  comment(articleSlug: string, id: number): string;
}

export type PageKind = 'article' | 'topic' | 'author';

/** @param site the address of the site, with a slash at its end */
export function pageAddresses(site: string): PageAddresses {
  const article = (slug: string) => `${site}articles/${slug}`;
  return {
    site,
    article,
    topic: (slug) => `${site}topics/${slug}`,
    author: (slug) => `${site}authors/${slug}`,
    comment: (articleSlug, id) => `${article(articleSlug)}#comment-${id}`,
  };
}

/**
 * The kind and the slug of the page at a path; null for a path of another form.
 * @param site the path of the front page, with a slash at its end
 * @param path decoded, without a slash at its end
 */
export function pageAt(site: string, path: string): { kind: PageKind; slug: string } | null {
  if (!path.startsWith(site)) return null;
  const [, kind, slug] = /^(article|topic|author)s\/([^/]+)$/.exec(path.slice(site.length)) ?? [];
  return kind && slug ? { kind: kind as PageKind, slug } : null;
}
