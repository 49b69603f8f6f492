import { authorLoader } from '../content/author/author-lists.ts';
import type { ModerationEventRow } from '../content/moderation/moderation-stream.ts';
import { builder } from './builder.ts';
import { ModerationAction } from './moderation.ts';

type Of<Type extends ModerationEventRow['type']> = Extract<ModerationEventRow, { type: Type }>;

export const ModerationEvent = builder.interfaceRef<ModerationEventRow>('ModerationEvent').implement({
  description: 'An event for moderators.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    comment: t.field({
      type: 'Comment',
      description: 'The comment as it is now, whatever its status.',
      resolve: ({ comment }) => comment,
    }),
  }),
  resolveType: ({ type }) => type,
});

builder.objectRef<Of<'CommentHeld'>>('CommentHeld').implement({
  description:
    'A comment, or an edit of one, came to wait for a moderator: because of a rule or of reports, or because its author changed what waits.',
  interfaces: [ModerationEvent],
  fields: (t) => ({
    reasons: t.stringList({
      description: 'Why.',
      resolve: ({ reasons }) => [...reasons],
    }),
  }),
});

builder.objectRef<Of<'CommentReported'>>('CommentReported').implement({
  description: 'A reader reported a comment, or the words of a comment with open reports were changed.',
  interfaces: [ModerationEvent],
  fields: (t) => ({
    openReports: t.exposeInt('openReports', {
      description: 'The number of its reports that no moderator had decided about, with a new one.',
    }),
  }),
});

builder.objectRef<Of<'CommentDecided'>>('CommentDecided').implement({
  description: 'Somebody decided about a comment, or removed it, or an edit made a decision unnecessary.',
  interfaces: [ModerationEvent],
  fields: (t) => ({
    action: t.expose('action', {
      type: ModerationAction,
      nullable: true,
      description:
        'What was done: REMOVE also when its author removed it. Null when its author withdrew an edit that waited, or a moderator replaced it by an edit.',
    }),
    by: t.field({
      type: 'Author',
      nullable: true,
      description: 'The moderator, or the author of the comment.',
      resolve: ({ by }, _, context) => authorLoader(context).load(by),
    }),
  }),
});
