import type { Prisma } from '../../prisma/client/client.ts';
import type { ModerationAction as Action } from '../../prisma/client/enums.ts';
import { commentLoader } from '../content/comment/comment-lists.ts';
import { hidingComments } from '../content/moderation/hidden-by.ts';
import { isModerator } from '../content/roles.ts';
import { bodyOf } from '../content/text/rich-text.ts';
import { builder } from './builder.ts';
import { CommentStatus } from './enums.ts';
import { declare } from './field-declarations.ts';
import { RichText } from './rich-text.ts';
import { selectedRows } from './selected-rows.ts';

export const ModerationAction = builder.enumType('ModerationAction', {
  description: 'What a moderator can do with a comment.',
  values: {
    APPROVE: {
      description:
        'Publish it, with an edit that waits, and settle the open reports of it. An edit that was hidden because the comment was rejected or marked as spam waits again. Below a comment that is held or rejected it stays hidden until that one is approved, too.',
    },
    REJECT: {
      description:
        'Do not publish it, or withdraw it together with all replies to it. When an edit of a visible comment waits, discard that edit alone: the approved text stays.',
    },
    SPAM: {
      description:
        'Withdraw it together with all replies to it, also when only an edit of it waits: for advertising and worse.',
    },
    REMOVE: { description: 'Hide its text and author, and keep its place so that the replies to it stay.' },
    RESTORE: {
      description:
        'Undo that a comment was rejected, marked as spam or removed: it is VISIBLE again if it was before, and PENDING if it was never approved. An edit that waited waits again. What its author removed is not brought back.',
    },
    PIN: { description: 'Highlight it.' },
    UNPIN: { description: 'Stop highlighting it.' },
  } satisfies Record<Action, object>,
});

// Reports, entries and versions always come with their author. A relation field would find out from the query's plan
// whether its row came with the author, and compiled operations lose that plan below the first relation: the rows would
// be read a second time.

builder.prismaObject('CommentReport', {
  description: 'A request by a reader that a moderator look at a comment.',
  include: { author: true },
  fields: (t) => ({
    author: t.field({ type: 'Author', description: 'The reader.', resolve: ({ author }) => author }),
    reason: t.exposeString('reason', { description: "The reader's reason, in their own words." }),
    settled: t.exposeBoolean('settled', { description: 'Whether a moderator has decided since.' }),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When it was reported.' }),
  }),
});

builder.prismaObject('ModerationEntry', {
  description: "A decision about a comment, or another change of the comment's status.",
  include: { author: true },
  fields: (t) => ({
    by: t.field({
      type: 'Author',
      nullable: true,
      description: "The moderator, or the comment's author. Null when a rule of the publication decided.",
      resolve: ({ author }) => author,
    }),
    action: t.expose('action', {
      type: ModerationAction,
      nullable: true,
      description: "The moderator's action. Null when no moderator acted.",
    }),
    status: t.expose('status', { type: CommentStatus, description: "The comment's status afterwards." }),
    reason: t.exposeString('reason', { nullable: true, description: 'Why; null when no reason was given.' }),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When it was decided.' }),
  }),
});

builder.prismaObject('CommentVersion', {
  description: 'A former text of a comment.',
  include: { replacedBy: true },
  fields: (t) => ({
    body: t.field({ type: RichText, description: 'The text.', resolve: (version) => bodyOf(version, null) }),
    writtenAt: t.expose('writtenAt', { type: 'DateTime', description: 'When the text was written.' }),
    replacedAt: t.expose('replacedAt', {
      type: 'DateTime',
      description: 'When the next text replaced it, or it was discarded.',
    }),
    discarded: t.exposeBoolean('discarded', {
      description: 'It was an edit that waited for a moderator and was not approved, so readers never saw it.',
    }),
    replacedBy: t.field({
      type: 'Author',
      description: 'The person who replaced or discarded it.',
      resolve: ({ replacedBy }) => replacedBy,
    }),
  }),
});

/** Nothing limits the history of a comment: it counts as what a long one has. Each entry comes with its author. */
const HISTORY = { entries: 50, entryCost: 2 } as const;

// Each field names what it needs of the comment, so that only what is selected is read.
const CommentModeration = builder.prismaObject('Comment', {
  variant: 'CommentModeration',
  description: 'What only moderators see of a comment.',
  select: { id: true },
  fields: (t) => ({
    holdReasons: t.exposeStringList('holdReasons', {
      description: 'Why it, or an edit of it, was held for a moderator; empty when none ever was.',
    }),
    hiddenBy: t.field({
      type: 'Comment',
      nullable: true,
      description:
        'The nearest comment above it that is held, rejected or spam, which hides it from readers whatever its own status. Null when none does.',
      // The comments above it are read.
      extensions: declare({ cost: 2 }),
      resolve: async ({ id }, _, context) => {
        const hiding = await hidingComments(context).load(id);
        return hiding === null ? null : commentLoader(context).load(hiding);
      },
    }),
    guestEmail: t.string({
      nullable: true,
      description: 'The email address that the guest who wrote it gave; null for other authors.',
      extensions: declare({ cost: 1 }),
      select: { author: true },
      resolve: ({ author }) => (author.kind === 'GUEST' ? (author.email ?? null) : null),
    }),
    author: t.relation('author', { description: 'Its author, also when it is removed.' }),
    body: t.field({
      type: RichText,
      description: 'Its text, also when it is removed.',
      select: { bodySource: true, bodyFormat: true, bodyHtml: true, bodyText: true },
      resolve: (comment) => bodyOf(comment, null),
    }),
    openReports: t.int({
      description: 'The number of reports that no moderator has decided about.',
      extensions: declare({ cost: 1 }),
      select: { _count: { select: { reports: { where: { settled: false } } } } },
      resolve: ({ _count }) => _count.reports,
    }),
    reports: t.relation('reports', {
      description: 'Reports of it, oldest first.',
      extensions: declare(HISTORY),
      query: { orderBy: [{ createdAt: 'asc' }, { authorId: 'asc' }] },
    }),
    history: t.relation('moderations', {
      description: 'Decisions about it, oldest first.',
      extensions: declare(HISTORY),
      query: { orderBy: { id: 'asc' } },
    }),
    versions: t.relation('versions', {
      description: 'Its former texts and discarded edits, in the order in which they were written.',
      extensions: declare(HISTORY),
      query: { orderBy: [{ writtenAt: 'asc' }, { id: 'asc' }] },
    }),
  }),
});

const moderatedComments = selectedRows(
  { typeName: 'CommentModeration' },
  (keys: readonly { id: number }[], select: Prisma.CommentSelect, { db }) =>
    db.prisma.comment.findMany({ where: { id: { in: keys.map(({ id }) => id) } }, select }),
);

builder.objectField('Comment', 'moderation', (t) =>
  t.field({
    type: CommentModeration,
    nullable: true,
    description: 'For moderators: reports, decisions and former texts. Null for everyone else.',
    extensions: declare({ dependsOnViewer: 'STAFF', cost: 1 }),
    resolve: ({ id }, _, context, info) =>
      isModerator(context.viewer) ? moderatedComments(context).load({ key: { id }, info }) : null,
  }),
);
