import type { SignedInViewer } from '../context.ts';
import { isStaff } from '../roles.ts';

/** The topics that a viewer may read: public ones, or all. */
export type TopicScope = 'PUBLIC' | 'ALL';

/** Staff read all topics, everybody else public ones. */
export function topicScopeOf(viewer: SignedInViewer | null): TopicScope {
  return isStaff(viewer) ? 'ALL' : 'PUBLIC';
}

/**
 * Condition of SQL: a published article is about a topic below the topic with this id. It is computed and not stored,
 * because a stored value would make every first publication lock the topics above its own. UNION ends at a circle of parents.
 */
export function hasPublishedBelow(id: string): string {
  return `EXISTS (WITH RECURSIVE below AS (
      SELECT id, article_count FROM topic WHERE parent_id = ${id}
      UNION SELECT narrower.id, narrower.article_count FROM topic narrower JOIN below ON narrower.parent_id = below.id
    ) SELECT FROM below WHERE article_count > 0)`;
}

/**
 * Conditions of SQL, by what the viewer may read: this viewer may read the topic `t`. A topic is public when a published
 * article is about it or about a topic below it, so the topics above a public one are public too.
 */
export const IS_VISIBLE_TOPIC: Record<TopicScope, string> = {
  PUBLIC: `(t.article_count > 0 OR ${hasPublishedBelow('t.id')})`,
  ALL: 'true',
};
