import type { ModerationAction as Action } from '../../prisma/client/enums.ts';
import { authorLoader } from '../content/author/author-lists.ts';
import { commentLoader } from '../content/comment/comment-lists.ts';
import {
  type DecisionRow,
  decisionsOf,
  type ModerationRow,
  moderationOf,
  type ReportRow,
  reportsOf,
  type VersionRow,
  versionsOf,
} from '../content/moderation/moderation-loaders.ts';
import { isModerator } from '../content/roles.ts';
import { builder } from './builder.ts';
import { CommentStatus } from './enums.ts';
import { declare } from './field-declarations.ts';
import { RichText, type RichTextRow } from './rich-text.ts';

export const ModerationAction = builder.enumType('ModerationAction', {
  description: 'What moderators do with comments.',
  values: {
    APPROVE: { description: 'Let it through: it appears, and open reports are settled.' },
    REJECT: { description: 'Do not let it through, or withdraw it, with all replies to it.' },
    SPAM: { description: 'As REJECT, for advertising and worse.' },
    REMOVE: { description: 'Take its words away; replies to it stay.' },
    RESTORE: { description: 'Bring back what was rejected, spam or removed.' },
    PIN: { description: 'Put it forward.' },
    UNPIN: { description: 'No longer put it forward.' },
  } satisfies Record<Action, object>,
});

const CommentReport = builder.objectRef<ReportRow>('CommentReport').implement({
  description: 'Somebody who thinks that a moderator should see a comment.',
  fields: (t) => ({
    author: t.field({
      type: 'Author',
      description: 'Who.',
      resolve: ({ authorId }, _, context) => authorLoader(context).load(authorId),
    }),
    reason: t.exposeString('reason', { description: 'Why, in their words.' }),
    settled: t.exposeBoolean('settled', { description: 'A moderator has decided since.' }),
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ at }) => at }),
  }),
});

const ModerationEntry = builder.objectRef<DecisionRow>('ModerationEntry').implement({
  description: 'Something that was decided about a comment.',
  fields: (t) => ({
    by: t.field({
      type: 'Author',
      nullable: true,
      description: 'Who decided: a moderator, or its author. Null when it happened by itself.',
      resolve: ({ authorId }, _, context) => (authorId === null ? null : authorLoader(context).load(authorId)),
    }),
    action: t.field({
      type: ModerationAction,
      nullable: true,
      description: "What was done. Null when it was no moderator's doing.",
      resolve: ({ action }) => action,
    }),
    status: t.field({ type: CommentStatus, description: 'Where it stood then.', resolve: ({ status }) => status }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why; null when nobody said.' }),
    at: t.field({ type: 'DateTime', description: 'When.', resolve: ({ at }) => at }),
  }),
});

const CommentVersion = builder.objectRef<VersionRow>('CommentVersion').implement({
  description: 'Words a comment had before.',
  fields: (t) => ({
    body: t.field({
      type: RichText,
      description: 'The words.',
      resolve: (version) => ({ ...version, everything: neverNeeded }),
    }),
    writtenAt: t.field({ type: 'DateTime', description: 'When they were written.', resolve: (v) => v.writtenAt }),
    replacedAt: t.field({
      type: 'DateTime',
      description: 'When others took their place.',
      resolve: (v) => v.replacedAt,
    }),
    replacedBy: t.field({
      type: 'Author',
      description: 'Who changed them.',
      resolve: ({ replacedById }, _, context) => authorLoader(context).load(replacedById),
    }),
  }),
});

/** All renderings are there already. */
function neverNeeded(): Promise<RichTextRow> {
  return Promise.reject(new Error('A former version has all its renderings.'));
}

const CommentModeration = builder.objectRef<ModerationRow>('CommentModeration').implement({
  description: 'What moderators know of a comment besides what everyone does.',
  fields: (t) => ({
    holdReasons: t.exposeStringList('holdReasons', {
      description: 'Why it had to wait for a moderator; empty when it never had to.',
    }),
    guestEmail: t.exposeString('guestEmail', {
      nullable: true,
      description: 'What the guest who wrote it gave; null for others.',
    }),
    author: t.field({
      type: 'Author',
      description: 'Who wrote it, also when it is removed.',
      resolve: ({ authorId }, _, context) => authorLoader(context).load(authorId),
    }),
    body: t.field({
      type: RichText,
      description: 'Its words, also when it is removed.',
      async resolve({ commentId }, _, context) {
        const { bodySource, bodyFormat, bodyHtml, bodyText } = await commentLoader(context).load(commentId);
        const body = { source: bodySource, format: bodyFormat, html: bodyHtml, text: bodyText };
        return { ...body, everything: neverNeeded };
      },
    }),
    reports: t.field({
      type: [CommentReport],
      description: 'Who reported it, oldest first.',
      resolve: ({ commentId }, _, context) => reportsOf(context).load(commentId),
    }),
    history: t.field({
      type: [ModerationEntry],
      description: 'What was decided about it, oldest first.',
      resolve: ({ commentId }, _, context) => decisionsOf(context).load(commentId),
    }),
    versions: t.field({
      type: [CommentVersion],
      description: 'Words it had before, oldest first.',
      resolve: ({ commentId }, _, context) => versionsOf(context).load(commentId),
    }),
  }),
});

builder.prismaObjectField('Comment', 'moderation', (t) =>
  t.field({
    type: CommentModeration,
    nullable: true,
    description: 'For moderators: why it waited, who reported it, what was decided. Null for everyone else.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    resolve: ({ id }, _, context) => (isModerator(context.viewer) ? moderationOf(context).load(id) : null),
  }),
);
