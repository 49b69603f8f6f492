import { builder } from './builder.ts';

import './scalars.ts';
import './node.ts';
import './article.ts';
import './author.ts';
import './topic.ts';
import './comment.ts';
import './search.ts';
import './viewer.ts';
import './add-comment.ts';
import './edit-comment.ts';
import './remove-comment.ts';
import './react.ts';
import './report-comment.ts';
import './moderate-comments.ts';
import './moderation.ts';
import './moderation-queue.ts';
import './edit-article.ts';
import './publish-article.ts';
import './article-revision.ts';
import './subscription.ts';

builder.queryType({ description: 'Everything there is to read.' });
builder.mutationType({
  description: 'Everything there is to do. Each answers with its result, or with an error to act on.',
});

/** The graph: what Broadsheet says. */
export const schema = builder.toSchema();
