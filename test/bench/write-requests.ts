import type pg from 'pg';
import { guestKey, guestSlug } from '../../schema/content/comment/guest.ts';
import { encodeId } from '../../schema/content/ids.ts';
import { answerOf } from './answers.ts';
import type { LoadRequest } from './load/load.ts';
import { addComment } from './operations/add-comment.ts';
import { bodyOf, type Variables } from './operations/operation.ts';

/** Requests above which the load gives each connection a part of its own, so that none undoes what another did. */
const LEAST_REQUESTS = 500;

const SHOWN = 'id status body { html } author { name slug }';

const DOCUMENTS = {
  receipt: `mutation receipt($input: AddCommentInput!) { addComment(input: $input) {
    ... on AddCommentSuccess { receipt comment { id } } ... on Error { code message } } }`,
  edit: `mutation edit($input: EditCommentInput!) { editComment(input: $input) {
    ... on EditCommentSuccess { held comment { ${SHOWN} } } ... on Error { code } } }`,
  react: `mutation react($input: ReactInput!) { react(input: $input) {
    ... on ReactSuccess { comment { ${SHOWN} reactions { kind count } } } ... on Error { code } } }`,
  moderate: `mutation moderate($input: ModerateCommentsInput!) { moderateComments(input: $input) {
    ... on ModerateCommentsSuccess { comments { ${SHOWN} } } ... on Error { code } } }`,
};

const requestOf = (name: keyof typeof DOCUMENTS, input: Variables): LoadRequest => ({
  body: bodyOf({ name, document: DOCUMENTS[name], variables: { input } }),
});

export interface Writer {
  name: string;
  email: string;
}

/** A comment of a guest. In a text, `%n` becomes the number of the request. */
export function commentOf(articleId: number, { guest, body }: { guest: Writer; body: string }): LoadRequest {
  const variables = { input: { articleId: encodeId('Article', articleId), body, guest } };
  return { body: bodyOf({ name: addComment.name, document: addComment.document, variables }) };
}

export const guestOf = (name: string): Writer => ({
  name: `Guest ${name}`,
  email: `${name.replaceAll(' ', '-')}@example.com`,
});

/** Makes a guest who has written so many comments in the last two years. Triggers would take minutes, and nobody reads them. */
export async function writeHistory(
  client: pg.Client,
  { writer, comments, articles }: { writer: Writer; comments: number; articles: readonly number[] },
): Promise<void> {
  const key = guestKey({ ...writer, url: null });
  await client.query('BEGIN');
  await client.query('SET LOCAL session_replication_role = replica');
  await client.query(
    `WITH writer AS (
       INSERT INTO author (slug, name, kind, email, guest_key, comment_count) VALUES ($1, $2, 'GUEST', $3, $4, $5) RETURNING id
     )
     INSERT INTO comment (article_id, author_id, path, depth, status, visible, body_source, body_html, body_text, created_at)
     SELECT ($6::int[])[1 + n % $7], writer.id, ARRAY[1000000 + writer.id * $5::int + n], 0, 'VISIBLE', true, 'Words ' || n, '<p>Words</p>', 'Words',
       now() - interval '2 years' * n / $5 - interval '1 hour'
     FROM writer, generate_series(1, $5::int) n`,
    [guestSlug(key), writer.name, writer.email, key, comments, articles, articles.length],
  );
  await client.query('COMMIT');
}

/** Articles with few comments, which take more. */
export async function quietArticles(client: pg.Client, count: number): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(
    `SELECT id FROM article WHERE status = 'PUBLISHED' AND coalesce(comment_policy, 'OPEN') = 'OPEN'
     ORDER BY comment_count, id LIMIT $1`,
    [count],
  );
  return rows.map(({ id }) => id);
}

/** A number of comments of which each connection has as many, and which are enough requests. */
const commentsFor = (connections: number): number => connections * Math.ceil(LEAST_REQUESTS / 2 / connections);

/** Guests change their comments to and fro, each by its receipt. */
export async function edits(
  url: string,
  { articles, connections }: { articles: readonly number[]; connections: number },
): Promise<LoadRequest[]> {
  const written: { id: string; receipt: string }[] = [];
  for (let n = 0; n < commentsFor(connections); n++) {
    const input = {
      articleId: encodeId('Article', articles[n % articles.length]!),
      body: 'As it was written',
      guest: guestOf(`edit ${n}`),
    };
    const answer = JSON.parse(await answerOf(url, requestOf('receipt', input).body!)) as {
      data: { addComment: { receipt: string; comment: { id: string } } };
    };
    const { receipt, comment } = answer.data.addComment;
    written.push({ id: comment.id, receipt });
  }
  return ['Thank you for this, and for the drawing.', 'My teacher had the *soprano* and the wine glass.'].flatMap(
    (body) => written.map(({ id, receipt }) => requestOf('edit', { id, receipt, body })),
  );
}

/** Readable comments without replies, each in an article of its own. */
async function leaves(client: pg.Client, count: number): Promise<{ id: string; version: number }[]> {
  const { rows } = await client.query<{ id: number; version: number }>(
    `SELECT DISTINCT ON (c.article_id) c.id, c.version FROM comment c JOIN article a ON a.id = c.article_id
     WHERE c.visible AND c.status = 'VISIBLE' AND c.descendant_count = 0 AND NOT c.withdrawn AND a.status = 'PUBLISHED'
     ORDER BY c.article_id, c.id LIMIT $1`,
    [count],
  );
  return rows.map(({ id, version }) => ({ id: encodeId('Comment', id), version }));
}

/** A reader adds reactions, and takes them back. */
export async function reactions(client: pg.Client, connections: number, headers: LoadRequest['headers']) {
  const comments = await leaves(client, commentsFor(connections));
  return [true, false].flatMap((on) =>
    comments.map(({ id }) => ({ ...requestOf('react', { commentId: id, kind: 'LIKE', on }), headers: headers! })),
  );
}

/** A moderator rejects comments, and approves them. */
export async function decisions(client: pg.Client, connections: number, headers: LoadRequest['headers']) {
  const comments = await leaves(client, commentsFor(connections));
  return ['REJECT', 'APPROVE'].flatMap((action) =>
    comments.map((comment) => ({ ...requestOf('moderate', { comments: [comment], action }), headers: headers! })),
  );
}
