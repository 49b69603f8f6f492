import type { SignedInViewer } from '../context.ts';
import type { ArticleScope } from './article-rules.ts';

/** Condition of SQL: anyone may read the article `a`. */
export const IS_PUBLIC = "a.status = 'PUBLISHED'";

/** Conditions of SQL, by what the viewer may read: this viewer may read the article `a`. */
export const IS_VISIBLE: Record<ArticleScope, string> = {
  PUBLIC: IS_PUBLIC,
  OWN: `(${IS_PUBLIC} OR a.author_id = k.viewer)`,
  ALL: 'true',
};

/** The key that IS_VISIBLE needs, with its SQL type: it follows the other keys of a list. */
export function viewerKey(scope: ArticleScope): { viewer?: 'int' } {
  return scope === 'OWN' ? { viewer: 'int' } : {};
}

/** The value of that key. */
export function viewerKeyValue(scope: ArticleScope, viewer: SignedInViewer | null): number[] {
  return scope === 'OWN' ? [viewer!.author.id] : [];
}
