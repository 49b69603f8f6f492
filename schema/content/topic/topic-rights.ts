import type { Context } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { ForbiddenError } from '../errors.ts';
import { isModerator } from '../roles.ts';
import type { TopicRow } from '../row-types.ts';
import { noSuchTopic } from './topic-input.ts';
import { topicLoader } from './topic-lists.ts';

/** Checked before anything is looked up, so that other viewers get one answer for every topic. @throws ForbiddenError */
export function requireTopicEditor({ viewer }: Pick<Context, 'viewer'>): void {
  if (!isModerator(viewer)) throw new ForbiddenError('Only moderators and admins change topics.');
}

/** The topic after a change. @throws NotFoundError when it was merged into another since */
export async function reloadTopic(context: Context, id: number): Promise<TopicRow> {
  clearLoaders(context);
  const topic = await topicLoader(context).load(id);
  if (!topic) throw noSuchTopic();
  return topic;
}
