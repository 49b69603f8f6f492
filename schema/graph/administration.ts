import { requireAdmin } from '../content/administration/admin-rights.ts';
import { listForbiddenWords } from '../content/administration/forbidden-word-changes.ts';
import {
  type MaintenanceKind as Kind,
  listMaintenance,
  type MaintenanceFinding,
  type MaintenanceStatus as Status,
  TASKS_KEPT,
  type MaintenanceTask as Task,
} from '../content/administration/maintenance-tasks.ts';
import { type TextTest as Test, testText } from '../content/administration/test-text.ts';
import { authorLoader } from '../content/author/author-lists.ts';
import type { HoldSettings as Limits } from '../content/settings.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';

export const HoldSettings = builder.objectRef<Limits>('HoldSettings').implement({
  description: 'The limits at which a comment is held for a moderator. 0 turns a rule off.',
  fields: (t) => ({
    firstComment: t.exposeBoolean('firstComment', { description: 'Holds the first comment of a guest or member.' }),
    links: t.exposeInt('links', { description: 'Least number of links.' }),
    repeatedWithin: t.exposeInt('repeatedWithin', {
      description: 'Seconds within which a repeated text is held.',
    }),
    frequent: t.exposeInt('frequent', {
      description: 'Comments of one person within ten minutes after which the next is held.',
    }),
    busyArticle: t.exposeInt('busyArticle', {
      description: 'Comments on one article within a minute after which the next is held.',
    }),
    length: t.exposeInt('length', { description: 'Least number of characters.' }),
    shouting: t.exposeInt('shouting', { description: 'Least share of capital letters, in percent.' }),
  }),
});

export const MaintenanceKind = builder.enumType('MaintenanceKind', {
  description: 'Work that takes longer than a request.',
  values: {
    VERIFY: { description: 'Compares all derived data with a fresh computation.' },
    REPAIR: { description: 'The same, and corrects the differences. All changes wait meanwhile.' },
    RERENDER: { description: 'Renders texts again whose HTML was made by older rules.' },
    PRUNE: {
      description:
        'Deletes now what the gateway deletes by and by: events, keys and notices that are too old, and personal data that is kept for a limited time.',
    },
  } satisfies Record<Kind, object>,
});

const MaintenanceStatus = builder.enumType('MaintenanceStatus', {
  description: 'How far work is.',
  values: {
    WAITING: { description: 'A gateway begins it within some seconds.' },
    RUNNING: { description: 'A gateway works on it.' },
    DONE: { description: 'It has ended. `findings` says what was found or done.' },
    FAILED: { description: 'It has ended with `error`.' },
  } satisfies Record<Status, object>,
});

const Finding = builder.objectRef<MaintenanceFinding>('MaintenanceFinding').implement({
  description: 'What was found, or done, and how often.',
  fields: (t) => ({
    description: t.exposeString('description', { description: 'What it is, for people.' }),
    count: t.exposeInt('count', { description: 'How many there are.' }),
  }),
});

export const MaintenanceTask = builder.objectRef<Task>('MaintenanceTask').implement({
  description: 'Work that an admin has asked for. One of the gateways does it.',
  fields: (t) => ({
    number: t.exposeInt('id', { description: 'Names it among the others.' }),
    kind: t.expose('kind', { type: MaintenanceKind, description: 'What is done.' }),
    status: t.expose('status', { type: MaintenanceStatus, description: 'How far it is.' }),
    requestedBy: t.field({
      type: 'Author',
      nullable: true,
      description: 'Who has asked for it.',
      resolve: ({ requestedById }, _, context) =>
        requestedById === null ? null : authorLoader(context).load(requestedById),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When a gateway began it.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    findings: t.expose('findings', {
      type: [Finding],
      description: 'What was found or done; empty when everything was in order.',
      extensions: declare({ entries: 20 }),
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed.' }),
  }),
});

const TextTest = builder.objectRef<Test>('TextTest').implement({
  description: 'What the rules that hold comments say of a text, whoever writes it.',
  fields: (t) => ({
    forbiddenWord: t.exposeString('forbiddenWord', {
      nullable: true,
      description: 'The first forbidden word in it, as readers see it.',
    }),
    reasons: t.exposeStringList('reasons', {
      description: 'Why a comment with this text would be held; empty when none of its words, links or letters would.',
    }),
  }),
});

const Administration = builder.objectRef<object>('Administration').implement({
  description: 'What admins see of the installation.',
  fields: (t) => ({
    forbiddenWords: t.stringList({
      description: 'Words that hold a comment, sorted.',
      extensions: declare({ cost: 20 }),
      resolve: (_, __, { db }) => listForbiddenWords(db),
    }),
    holdSettings: t.field({
      type: HoldSettings,
      description: 'The limits at which a comment is held.',
      resolve: (_, __, { settings }) => settings.hold,
    }),
    testText: t.field({
      type: TextTest,
      // Refused when the text is none that a comment can have, beside the rest.
      nullable: true,
      description: 'Compares a text with these rules, as the Markdown of a comment.',
      args: { text: t.arg.string({ required: true, description: 'The text.' }) },
      extensions: declare({ cost: 50 }),
      resolve: (_, { text }, context) => testText(context, text),
    }),
    maintenance: t.field({
      type: [MaintenanceTask],
      description: `The last ${TASKS_KEPT} tasks that were asked for, newest first.`,
      extensions: declare({ cost: 20, entries: TASKS_KEPT }),
      resolve: (_, __, context) => listMaintenance(context),
    }),
  }),
});

builder.queryFields((t) => ({
  administration: t.field({
    type: Administration,
    // Refused to others, who get the rest of their query all the same.
    nullable: true,
    description: 'What admins see of the installation: null beside its error for everyone else.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    resolve: (_, __, context) => {
      requireAdmin(context);
      return {};
    },
  }),
}));
