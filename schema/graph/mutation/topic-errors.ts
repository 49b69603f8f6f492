import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '../../content/errors.ts';

/** The option `errors` of every mutation of a topic: they share one result type. */
export const TOPIC_ERRORS = {
  types: [InvalidInputError, NotFoundError, ForbiddenError, ConflictError],
  result: { name: 'TopicSuccess', description: 'The topic was changed as requested.' },
  dataField: { name: 'topic', description: 'The topic after the change.' },
  union: { name: 'TopicResult', description: 'The topic, or the error that prevented the change.' },
};
