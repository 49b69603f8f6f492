import type { Context, Queryable } from '../context.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import type { TopicRow } from '../row-types.ts';
import { lockSlugs } from '../slug-lock.ts';
import { type CheckedTopic, checkTopic, checkTopicId, noSuchTopic, type TopicInput } from './topic-input.ts';
import { reloadTopic, requireTopicEditor } from './topic-rights.ts';
import { claimTopicSlug, keepFormerTopicSlug } from './topic-slug.ts';
import { isBelowOrSame } from './topic-tree.ts';

export interface UpdateTopicInput extends TopicInput {
  id: string;
}

/**
 * Changes the fields of a topic that the input has.
 * @throws ForbiddenError, NotFoundError for the topic or its parent, InvalidInputError, ConflictError when the slug is not free
 */
export async function updateTopic(context: Context, input: UpdateTopicInput): Promise<TopicRow> {
  requireTopicEditor(context);
  const id = checkTopicId(input.id);
  const topic = checkTopic(input);
  await context.change(async (tx) => {
    // Two requests that place two topics below each other at once run one after the other: the second sees the first.
    await lockSlugs(tx);
    const before = await lockSlugOfTopic(tx, id);
    if (topic.slug !== null && topic.slug !== before) {
      await claimTopicSlug(tx, topic.slug, id);
      await keepFormerTopicSlug(tx, { id, from: before, to: topic.slug });
    }
    if (topic.parentId != null) await requireParent(tx, id, topic.parentId);
    await updateColumns(tx, id, topic);
  });
  return reloadTopic(context, id);
}

/** @throws NotFoundError */
async function lockSlugOfTopic(tx: Queryable, id: number): Promise<string> {
  const [row] = await tx.query<[slug: string]>({
    name: 'topic-edit-lock',
    text: 'SELECT slug FROM topic WHERE id = $1 FOR NO KEY UPDATE',
    values: [id],
  });
  if (!row) throw noSuchTopic();
  return row[0];
}

/** @throws NotFoundError, InvalidInputError for a parent that would close a circle */
async function requireParent(tx: Queryable, id: number, parentId: number): Promise<void> {
  const [exists] = await tx.query({
    name: 'topic-exists',
    text: 'SELECT FROM topic WHERE id = $1',
    values: [parentId],
  });
  if (!exists) throw new NotFoundError('There is no such topic as the one that `parentId` names.');
  if (await isBelowOrSame(tx, { topic: parentId, above: id }))
    throw new InvalidInputError(
      '`parentId` must name a topic that is neither the topic itself nor below it; this is one of them.',
      ['input', 'parentId'],
    );
}

async function updateColumns(tx: Queryable, id: number, topic: CheckedTopic): Promise<void> {
  const { name, slug, description, parentId } = topic;
  await tx.query({
    name: 'topic-update',
    text: `UPDATE topic SET name = coalesce($2, name), slug = coalesce($3, slug),
        description = CASE WHEN $4 THEN $5 ELSE description END, parent_id = CASE WHEN $6 THEN $7::int ELSE parent_id END
      WHERE id = $1`,
    values: [id, name, slug, description !== undefined, description ?? null, parentId !== undefined, parentId ?? null],
  });
}
