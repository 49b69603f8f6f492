/** How much the benchmark's database holds. A change here, or in any file beside it, makes a new database. */
export const SCALE = {
  authors: 1_000,
  /** The first of the authors: those who write articles. */
  writers: 200,
  topics: 50,
  articles: 10_000,
  comments: 300_000,
  /** Of those, comments under LARGE_ARTICLE. */
  largeDiscussion: 20_000,
  /** Comments under DEEP_ARTICLE, each a reply to the one before. */
  deepChain: 500,
  /** Every so many articles one is lively, with so many comments; the others share what is left. */
  livelyEvery: 33,
  livelyDiscussion: 300,
} as const;

/** Ids of the two articles whose discussions are extreme; neither is lively nor unpublished. */
export const LARGE_ARTICLE = 5_000;
export const DEEP_ARTICLE = 5_001;
