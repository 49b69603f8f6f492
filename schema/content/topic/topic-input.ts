import { InvalidInputError, NotFoundError } from '../errors.ts';
import { decodeIdOf } from '../ids.ts';
import { checkLine } from '../text/input-text.ts';
import { checkSlug } from '../text/slug-input.ts';

// Lengths are in characters as readers count them (graphemes).

export const MAX_TOPIC_NAME = 60;
export const MAX_DESCRIPTION = 500;

/** Changes to a topic: an absent field stays as it is. */
export interface TopicInput {
  name?: string | null | undefined;
  slug?: string | null | undefined;
  description?: string | null | undefined;
  parentId?: string | null | undefined;
}

/** Fields that have passed their rules. */
export interface CheckedTopic {
  /** Null for an absent one, as is `slug`. */
  name: string | null;
  slug: string | null;
  /** Undefined leaves it as it is, null removes it. */
  description: string | null | undefined;
  /** Undefined leaves it as it is, null is for a topic of the top level. */
  parentId: number | null | undefined;
}

/** @throws InvalidInputError with the path of the first field that breaks its rule, NotFoundError for an unreadable `parentId` */
export function checkTopic({ name, slug, description, parentId }: TopicInput): CheckedTopic {
  return {
    name: name == null ? null : checkTopicName(name, ['input', 'name']),
    slug: slug == null ? null : checkSlug(slug, ['input', 'slug']),
    description: description == null ? description : checkDescription(description),
    parentId: parentId == null ? parentId : checkTopicId(parentId),
  };
}

/** @throws InvalidInputError */
export function checkTopicName(value: string, path: string[]): string {
  const name = checkLine(value, path, { min: 1, max: MAX_TOPIC_NAME });
  // A slug is made of it, and readers look for it in a list by name.
  if (!/[\p{L}\p{N}]/u.test(name))
    throw new InvalidInputError('The name of a topic must have a letter or a digit; this has none.', path);
  return name;
}

function checkDescription(value: string): string | null {
  return checkLine(value, ['input', 'description'], { min: 0, max: MAX_DESCRIPTION }) || null;
}

/** @throws NotFoundError for a text that is no topic's id */
export function checkTopicId(id: string): number {
  const topicId = decodeIdOf('Topic', id);
  if (topicId === null) throw noSuchTopic();
  return topicId;
}

export function noSuchTopic(): NotFoundError {
  return new NotFoundError('There is no such topic.');
}
