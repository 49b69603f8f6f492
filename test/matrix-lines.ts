import type { Role } from '../schema/content/context.ts';

// What each role may do: the lines of the matrix.

/** Who asks. `guest` has the receipt of a comment; `reader` has written one; `writer` has written the articles. */
export const ASKERS = ['nobody', 'guest', 'reader', 'writer', 'otherWriter', 'moderator', 'admin'] as const;
export type AskerName = (typeof ASKERS)[number];

export const ROLES: Partial<Record<AskerName, Role>> = {
  reader: 'READER',
  writer: 'WRITER',
  otherWriter: 'WRITER',
  moderator: 'MODERATOR',
  admin: 'ADMIN',
};

const SIGNED_IN: readonly AskerName[] = ['reader', 'writer', 'otherWriter', 'moderator', 'admin'];
const MODERATORS: readonly AskerName[] = ['moderator', 'admin'];
const WRITERS: readonly AskerName[] = ['writer', 'otherWriter', ...MODERATORS];
const EDITORS: readonly AskerName[] = ['writer', ...MODERATORS];

/** The objects that mutations act on, made for every cell that names them. */
export interface World {
  asker: AskerName;
  article: string;
  draft: string;
  draftSlug: string;
  /** A member of staff who is none of those who ask, and a guest. */
  staffAuthor: string;
  guestAuthor: string;
  /** A public topic, and one of drafts alone. */
  topic: string;
  draftTopic: string;
  /** By a guest, and by `reader`; both public. */
  guestComment: string;
  readerComment: string;
  /** By the same guest, waiting for a moderator. */
  heldComment: string;
  /** By `reader`, waiting for a moderator. */
  readerHeld: string;
  /** By `reader`, public, with an edit that waits for a moderator. */
  readerEdited: string;
  /** Of the guest's comments, shown by `guest` alone; those of others are forged. */
  receipt: string | null;
  heldReceipt: string | null;
}

export interface Line {
  name: string;
  document: string;
  variables?(world: World): Record<string, unknown>;
  /** What those who may get: the type of the result, or whether there is one. */
  allowed: { to: readonly AskerName[]; answer: string };
  /** What the others get: a code, or `nothing`. */
  refused: string;
  /** Those who get something else again. */
  besides?: Partial<Record<AskerName, string>>;
}

export const GUEST = { name: 'Gil', email: 'gil@example.com' };

/** A mutation that takes `input`. What it answers is the type of its result, or the code of its refusal. */
function mutation(
  field: string,
  line: Omit<Line, 'document' | 'variables'> & { input(world: World): Record<string, unknown> },
): Line {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on Error { code message } } }`;
  return { ...line, document, variables: (world) => ({ input: line.input(world) }) };
}

/** A field that is null for those who may not have it. */
function field(document: string, line: Omit<Line, 'document' | 'refused'> & { refused?: string }): Line {
  return { refused: 'nothing', ...line, document };
}

const done = (to: readonly AskerName[], answer: string) => ({ to, answer });

// One line each: what is done, who may, and what becomes of the others.
export const LINES: readonly Line[] = [
  mutation('addComment', {
    name: 'addComment, signed in or with a name',
    input: ({ article, asker }) => ({ articleId: article, body: 'Hello', ...(asker === 'guest' && { guest: GUEST }) }),
    allowed: done(['guest', ...SIGNED_IN], 'AddCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('addComment', {
    name: 'addComment on a draft',
    input: ({ draft }) => ({ articleId: draft, body: 'Hello', guest: GUEST }),
    allowed: done([], ''),
    refused: 'NOT_FOUND',
  }),
  mutation('addComment', {
    name: 'addComment in reply to a held comment',
    input: ({ article, heldComment }) => ({ articleId: article, parentId: heldComment, body: 'Hello', guest: GUEST }),
    allowed: done([], ''),
    refused: 'NOT_FOUND',
  }),
  mutation('editComment', {
    name: "editComment of the guest's",
    input: ({ guestComment, receipt }) => ({ id: guestComment, body: 'Other words', receipt }),
    allowed: done(['guest', ...MODERATORS], 'EditCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('editComment', {
    name: "editComment of the reader's",
    input: ({ readerComment, receipt }) => ({ id: readerComment, body: 'Other words', receipt }),
    allowed: done(['reader', ...MODERATORS], 'EditCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('editComment', {
    name: 'editComment of a held one',
    input: ({ heldComment, heldReceipt }) => ({ id: heldComment, body: 'Other words', receipt: heldReceipt }),
    allowed: done(['guest', ...MODERATORS], 'EditCommentSuccess'),
    refused: 'NOT_FOUND',
  }),
  mutation('removeComment', {
    name: "removeComment of the guest's",
    input: ({ guestComment, receipt }) => ({ id: guestComment, receipt }),
    allowed: done(['guest', ...MODERATORS], 'RemoveCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('removeComment', {
    name: "removeComment of the reader's",
    input: ({ readerComment, receipt }) => ({ id: readerComment, receipt }),
    allowed: done(['reader', ...MODERATORS], 'RemoveCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('removeComment', {
    name: 'removeComment of a held one',
    input: ({ heldComment, heldReceipt }) => ({ id: heldComment, receipt: heldReceipt }),
    allowed: done(['guest', ...MODERATORS], 'RemoveCommentSuccess'),
    refused: 'NOT_FOUND',
  }),
  mutation('react', {
    name: 'react',
    input: ({ guestComment }) => ({ commentId: guestComment, kind: 'LIKE' }),
    allowed: done(SIGNED_IN, 'ReactSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('react', {
    name: 'react to a held one',
    input: ({ heldComment }) => ({ commentId: heldComment, kind: 'LIKE' }),
    allowed: done([], ''),
    refused: 'NOT_FOUND',
    besides: { nobody: 'FORBIDDEN', guest: 'FORBIDDEN' },
  }),
  mutation('reportComment', {
    name: 'reportComment',
    input: ({ guestComment }) => ({ commentId: guestComment, reason: 'Advertising' }),
    allowed: done(SIGNED_IN, 'ReportCommentSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('reportComment', {
    name: 'reportComment of a held one',
    input: ({ heldComment }) => ({ commentId: heldComment, reason: 'Advertising' }),
    allowed: done([], ''),
    refused: 'NOT_FOUND',
    besides: { nobody: 'FORBIDDEN', guest: 'FORBIDDEN' },
  }),
  ...['APPROVE', 'REJECT', 'SPAM', 'REMOVE', 'RESTORE', 'PIN', 'UNPIN'].map((action) =>
    mutation('moderateComments', {
      name: `moderateComments: ${action}`,
      input: ({ readerComment }) => ({ comments: [{ id: readerComment, version: 1 }], action }),
      allowed: done(MODERATORS, 'ModerateCommentsSuccess'),
      refused: 'FORBIDDEN',
    }),
  ),
  field('{ viewer { role author { id } } }', { name: 'viewer', allowed: done(SIGNED_IN, 'something') }),
  field('{ moderationQueue { nodes { id body { text } } } }', {
    name: 'moderationQueue',
    allowed: done(MODERATORS, 'something'),
    refused: 'FORBIDDEN',
  }),
  field('{ moderationQueue(reported: true) { nodes { id } } }', {
    name: 'moderationQueue, reported',
    allowed: done(MODERATORS, 'something'),
    refused: 'FORBIDDEN',
  }),
  field('query ($id: ID!) { comment(id: $id) { moderation { guestEmail history { at } reports { reason } } } }', {
    name: 'Comment.moderation',
    variables: ({ guestComment }) => ({ id: guestComment }),
    allowed: done(MODERATORS, 'something'),
  }),
  field('query ($id: ID!) { comment(id: $id) { body { text } } }', {
    name: 'comment, held',
    variables: ({ heldComment }) => ({ id: heldComment }),
    allowed: done([], ''),
  }),
  ...['comment', 'node'].map((name) =>
    field(`query ($id: ID!) { ${name}(id: $id) { ... on Comment { status body { text } viewer { reasons } } } }`, {
      name: `${name}, a held one of the reader's`,
      variables: ({ readerHeld }) => ({ id: readerHeld }),
      allowed: done(['reader'], 'something'),
    }),
  ),
  field('{ viewer { comments { nodes { id status } } } }', {
    name: 'Viewer.comments',
    allowed: done(SIGNED_IN, 'something'),
  }),
  field('query ($id: ID!) { comment(id: $id) { root { id } sortKey version } }', {
    name: 'Comment.root, sortKey and version',
    variables: ({ readerComment }) => ({ id: readerComment }),
    allowed: done(ASKERS, 'something'),
  }),
  field('query ($receipt: String!) { commentByReceipt(receipt: $receipt) { id body { text } } }', {
    name: 'commentByReceipt, held',
    variables: ({ heldReceipt }) => ({ receipt: heldReceipt ?? 'AAAAAQAAAAAAAAAAAAAAAAAAAAA' }),
    allowed: done(['guest'], 'something'),
  }),
  field('query ($receipt: String!) { guestAccess(receipt: $receipt) { canEdit canRemove } }', {
    name: 'guestAccess, held',
    variables: ({ heldReceipt }) => ({ receipt: heldReceipt ?? 'AAAAAQAAAAAAAAAAAAAAAAAAAAA' }),
    allowed: done(['guest'], 'something'),
  }),
  field('query ($id: ID!) { comment(id: $id) { pendingBody { text } } }', {
    name: 'Comment.pendingBody',
    variables: ({ readerEdited }) => ({ id: readerEdited }),
    allowed: done(['reader', ...MODERATORS], 'something'),
  }),
  mutation('createArticle', {
    name: 'createArticle',
    input: () => ({ title: 'New', markdown: 'Words' }),
    allowed: done(WRITERS, 'ArticleSuccess'),
    refused: 'FORBIDDEN',
  }),
  ...(['updateArticle', 'publishArticle', 'unpublishArticle'] as const).flatMap((name) => {
    const input = (id: string) => (name === 'updateArticle' ? { id, expectedVersion: 1, title: 'Other' } : { id });
    return [
      mutation(name, {
        name: `${name} of a public one`,
        input: ({ article }) => input(article),
        allowed: done(EDITORS, 'ArticleSuccess'),
        refused: 'FORBIDDEN',
      }),
      mutation(name, {
        name: `${name} of a draft`,
        input: ({ draft }) => input(draft),
        allowed: done(EDITORS, 'ArticleSuccess'),
        refused: 'FORBIDDEN',
        besides: { otherWriter: 'NOT_FOUND' },
      }),
    ];
  }),
  mutation('deleteArticle', {
    name: 'deleteArticle of a draft',
    input: ({ draft }) => ({ id: draft, expectedVersion: 1 }),
    allowed: done(['admin'], 'DeleteArticleSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('deleteArticle', {
    name: 'deleteArticle of a public one',
    input: ({ article }) => ({ id: article, expectedVersion: 1 }),
    allowed: done([], ''),
    refused: 'FORBIDDEN',
    besides: { admin: 'CONFLICT' },
  }),
  mutation('updateProfile', {
    name: 'updateProfile of oneself',
    input: () => ({ bio: 'Some words' }),
    allowed: done(SIGNED_IN, 'ProfileSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('updateProfile', {
    name: 'updateProfile of another member of staff',
    input: ({ staffAuthor }) => ({ authorId: staffAuthor, bio: 'Some words' }),
    allowed: done(['admin'], 'ProfileSuccess'),
    refused: 'FORBIDDEN',
  }),
  mutation('updateProfile', {
    name: 'updateProfile of a guest',
    input: ({ guestAuthor }) => ({ authorId: guestAuthor, bio: 'Some words' }),
    allowed: done([], ''),
    refused: 'FORBIDDEN',
  }),
  ...(['updateTopic', 'mergeTopics'] as const).flatMap((name) =>
    (['a public topic', 'a topic of drafts'] as const).map((what) =>
      mutation(name, {
        name: `${name} of ${what}`,
        input({ topic, draftTopic }) {
          const [acted, other] = what === 'a public topic' ? [topic, draftTopic] : [draftTopic, topic];
          return name === 'updateTopic' ? { id: acted, name: 'Other' } : { from: acted, into: other };
        },
        allowed: done(MODERATORS, 'TopicSuccess'),
        refused: 'FORBIDDEN',
      }),
    ),
  ),
  ...(
    [
      ['addForbiddenWords', { words: ['casino'] }],
      ['removeForbiddenWords', { words: ['casino'] }],
      ['updateHoldSettings', { length: 4_000 }],
      ['startMaintenance', { kind: 'PRUNE' }],
    ] as const
  ).map(([name, input]) =>
    mutation(name, {
      name,
      input: () => input,
      allowed: done(['admin'], `${name[0]!.toUpperCase()}${name.slice(1)}Success`),
      refused: 'FORBIDDEN',
    }),
  ),
  ...['forbiddenWords', 'holdSettings { links }', 'testText(text: "Words") { reasons }', 'maintenance { number }'].map(
    (selected) =>
      field(`{ administration { ${selected} } }`, {
        name: `administration, ${selected}`,
        allowed: done(['admin'], 'something'),
        refused: 'FORBIDDEN',
      }),
  ),
  field('query ($id: ID!) { node(id: $id) { id } }', {
    name: 'node, a topic of drafts',
    variables: ({ draftTopic }) => ({ id: draftTopic }),
    allowed: done(WRITERS, 'something'),
  }),
  field('query ($slug: String!) { article(slug: $slug) { title body { text } } }', {
    name: 'article, a draft',
    variables: ({ draftSlug }) => ({ slug: draftSlug }),
    allowed: done(EDITORS, 'something'),
  }),
  field('query ($id: ID!) { node(id: $id) { id } }', {
    name: 'node, a draft',
    variables: ({ draft }) => ({ id: draft }),
    allowed: done(EDITORS, 'something'),
  }),
  field('query ($id: ID!) { node(id: $id) { ... on Article { revisions { totalCount nodes { version } } } } }', {
    name: 'Article.revisions',
    variables: ({ article }) => ({ id: article }),
    allowed: done(EDITORS, 'something'),
  }),
];
