/** How much a seeded database holds. A change here, or in any file beside it, makes a new database. */
export interface Scale {
  authors: number;
  /** The first of the authors: those who write articles. */
  writers: number;
  topics: number;
  articles: number;
  /** From one article to the next: the first is of 2019, the last some seven years younger, however many there are. */
  minutesBetween: number;
  comments: number;
  /** Ids of the two articles whose discussions are extreme; neither is lively nor unpublished. */
  largeArticle: number;
  deepArticle: number;
  /** Comments under `largeArticle`. */
  largeDiscussion: number;
  /** Comments under `deepArticle`, each a reply to the one before. */
  deepChain: number;
  /** Every so many articles one is lively, with so many comments; the others share what is left. */
  livelyEvery: number;
  livelyDiscussion: number;
  /** With the search's documents, which take most of the time to fill it. */
  isSearchable: boolean;
}

/** The benchmark's own. */
export const COMMENTS = 300_000;

const COMMENTS_OF_AN_ARTICLE = 30;
const MINUTES = 3_600_000;

/** A site with so many comments: all that grows with a site grows alike, and a page has as much on it. */
export function scaleOf(comments: number, { isSearchable = true } = {}): Scale {
  const articles = Math.round(comments / COMMENTS_OF_AN_ARTICLE);
  return {
    authors: Math.ceil(articles / 10),
    writers: Math.ceil(articles / 50),
    topics: 50,
    articles,
    minutesBetween: MINUTES / articles,
    comments,
    largeArticle: Math.floor(articles / 2),
    deepArticle: Math.floor(articles / 2) + 1,
    largeDiscussion: Math.round(comments / 15),
    deepChain: 500,
    livelyEvery: 33,
    livelyDiscussion: 300,
    isSearchable,
  };
}

export const LARGE_SLUG = 'the-great-debate';
