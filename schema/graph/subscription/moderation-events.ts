import { type ModerationEventRow, moderationEventStream } from '../../content/moderation/moderation-stream.ts';
import { builder } from '../builder.ts';
import { declare } from '../field-declarations.ts';
import { ModerationEvent } from '../moderation-event.ts';
import { selectionOf } from '../selection.ts';

builder.subscriptionField('moderationEvents', (t) =>
  t.field({
    type: ModerationEvent,
    description:
      'For moderators: what comes to wait, is reported, or was decided, by whomever. Read the queue anew after a lost connection: it cannot be resumed.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    subscribe: (_, __, context, info) => moderationEventStream(context, selectionOf(info).at('comment')),
    resolve: (event: ModerationEventRow) => event,
  }),
);
