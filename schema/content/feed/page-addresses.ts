/** Addresses of pages at the site that shows the content. */
export interface PageAddresses {
  /** The front page, with a slash at its end. */
  site: string;
  article(slug: string): string;
  topic(slug: string): string;
  author(slug: string): string;
  comment(articleSlug: string, id: number): string;
}

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
