import { builder } from './graph/builder.ts';
import { paceResolvers } from './graph/paced-resolvers.ts';

import './graph/scalars.ts';
import './graph/error-types.ts';
import './graph/relay/node.ts';
import './graph/article.ts';
import './graph/author.ts';
import './graph/topic.ts';
import './graph/comment.ts';
import './graph/search.ts';
import './graph/address.ts';
import './graph/viewer.ts';
import './graph/guest-access.ts';
import './graph/mutation/add-comment.ts';
import './graph/mutation/edit-comment.ts';
import './graph/mutation/remove-comment.ts';
import './graph/mutation/react.ts';
import './graph/mutation/report-comment.ts';
import './graph/mutation/moderate-comments.ts';
import './graph/moderation.ts';
import './graph/moderation-queue.ts';
import './graph/administration.ts';
import './graph/mutation/forbidden-words.ts';
import './graph/mutation/update-hold-settings.ts';
import './graph/mutation/start-maintenance.ts';
import './graph/mutation/create-article.ts';
import './graph/mutation/update-article.ts';
import './graph/mutation/publish-article.ts';
import './graph/mutation/unpublish-article.ts';
import './graph/mutation/delete-article.ts';
import './graph/mutation/update-profile.ts';
import './graph/mutation/update-topic.ts';
import './graph/mutation/merge-topics.ts';
import './graph/article-revision.ts';
import './graph/subscription/comment-added.ts';
import './graph/subscription/comment-events.ts';
import './graph/subscription/article-published.ts';
import './graph/subscription/moderation-events.ts';

builder.queryType({ description: 'Articles, their discussions, authors, topics and search.' });
builder.mutationType({ description: 'Each mutation returns its result, or an error that a client can act on.' });
builder.subscriptionType({ description: 'Live events.' });

/** The executable schema. */
export const schema = paceResolvers(builder.toSchema());
