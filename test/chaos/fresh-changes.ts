import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pg from 'pg';
import { encodeId } from '../../schema/content/ids.ts';
import { verify } from '../../src/database/derived/verify.ts';
import { importFiles } from '../../src/import/index.ts';
import { exportOf } from '../fixtures/wordpress/export.ts';
import { tokenOf, until } from '../gateway.ts';
import { pick } from '../seed.ts';
import { post } from './post.ts';

/** A kind of change to what the public sees. */
export interface FreshChange {
  name: string;
  /** See `ChangeOptions`. */
  hasSteps: boolean;
  make(): Promise<unknown>;
}

export interface ChangesOptions {
  databaseUrl: string;
  /** The gateway that takes the mutations. */
  url: string;
  /** Articles with discussions, which stay public: 1 to this number. */
  articles: number;
  next: () => number;
}

/** Milliseconds until a scheduled article is due. */
const SCHEDULED_IN = 150;
/** SQL of a comment that everybody sees and may answer. Comments of an article that is not public any more are still marked as visible. */
const VISIBLE_COMMENT = `FROM comment WHERE visible AND status = 'VISIBLE'
  AND EXISTS (SELECT FROM article a WHERE a.id = article_id AND a.status = 'PUBLISHED') ORDER BY random() LIMIT 1`;
const EMOJI = ['LIKE', 'LOVE', 'FUNNY', 'SAD', 'INSIGHTFUL'] as const;

/** Changes of every kind: by each mutation, by a schedule, an import, a repair, and by statements from elsewhere. */
export async function freshChanges(options: ChangesOptions): Promise<FreshChange[]> {
  const staff = `Bearer ${await tokenOf({ name: 'Editor', role: 'ADMIN' })}`;
  const member = `Bearer ${await tokenOf({ name: 'Member', role: 'READER' })}`;
  const world = new World(options, { staff, member });
  return [
    ...discussionChanges(world),
    ...articleChanges(world),
    ...profileAndTopicChanges(world),
    ...otherChanges(world),
  ];
}

class World {
  readonly options: ChangesOptions;
  readonly staff: string;
  readonly member: string;
  #number = 0;

  constructor(options: ChangesOptions, { staff, member }: { staff: string; member: string }) {
    this.options = options;
    this.staff = staff;
    this.member = member;
  }

  /** Another number each time. */
  get number(): number {
    this.#number += 1;
    return this.#number;
  }

  get articleId(): string {
    return encodeId('Article', 1 + Math.floor(this.options.next() * this.options.articles));
  }

  pick<Item>(from: readonly Item[]): Item {
    return pick(from, this.options.next);
  }

  /** Rows of a statement over a connection of its own: the database restarts between changes. */
  async sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.options.databaseUrl });
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** @throws for a result that is an error, unless it is one of these */
  async mutate(
    field: string,
    input: object,
    {
      as = this.staff,
      returning = '',
      allows = [] as string[],
    }: { as?: string | null; returning?: string; allows?: string[] } = {},
  ): Promise<{ __typename: string } & Record<string, never>> {
    const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
    const { result } = await post<{
      result: { __typename: string; code?: string; message?: string } & Record<string, never>;
    }>(this.options.url, {
      query: `mutation ($input: ${type}!) { result: ${field}(input: $input) { __typename ... on Error { code message } ${returning} } }`,
      variables: { input },
      authorization: as ?? undefined,
    });
    if (result.code !== undefined && !allows.includes(result.code)) throw new Error(`${field}: ${result.message}`);
    return result;
  }

  /** A comment that readers see. */
  async visibleComment(): Promise<{ id: string; version: number }> {
    const rows = await this.sql<{ id: number; version: number }>(`SELECT id, version ${VISIBLE_COMMENT}`);
    const { id, version } = rows[0]!;
    return { id: encodeId('Comment', id), version };
  }

  async article(condition: string): Promise<{ id: string; version: number } | null> {
    const rows = await this.sql<{ id: number; version: number }>(
      `SELECT id, version FROM article WHERE ${condition} ORDER BY random() LIMIT 1`,
    );
    const [row] = rows;
    return row ? { id: encodeId('Article', row.id), version: row.version } : null;
  }

  /** Creates a draft about the first topic. */
  async draft(): Promise<string> {
    const { article } = (await this.mutate(
      'createArticle',
      { title: `Draft ${this.number}`, markdown: 'Some words about rivers.', topics: ['Topic 1'] },
      { returning: '... on ArticleSuccess { article { id } }' },
    )) as unknown as { article: { id: string } };
    return article.id;
  }
}

const once = (name: string, make: () => Promise<unknown>): FreshChange => ({ name, hasSteps: false, make });
const inSteps = (name: string, make: () => Promise<unknown>): FreshChange => ({ name, hasSteps: true, make });

function discussionChanges(world: World): FreshChange[] {
  async function moderate(action: string, statement?: string): Promise<void> {
    let comment = await world.visibleComment();
    if (statement !== undefined) {
      const [row] = await world.sql<{ id: number; version: number }>(statement);
      if (!row) return;
      comment = { id: encodeId('Comment', row.id), version: row.version };
    }
    await world.mutate('moderateComments', { comments: [comment], action });
  }
  const add = (input: object, as: string | null): Promise<unknown> =>
    world.mutate('addComment', { articleId: world.articleId, body: `Words ${world.number}`, ...input }, { as });
  return [
    once('a guest comments', () => add({ guest: { name: 'Gil', email: 'gil@example.com' } }, null)),
    once('a member comments', () => add({}, world.member)),
    once('somebody replies', async () => {
      const [parent] = await world.sql<{ id: number; article_id: number }>(`SELECT id, article_id ${VISIBLE_COMMENT}`);
      await add(
        { articleId: encodeId('Article', parent!.article_id), parentId: encodeId('Comment', parent!.id) },
        world.staff,
      );
    }),
    once('a comment is edited', async () => {
      const { id } = await world.visibleComment();
      await world.mutate('editComment', { id, body: `Other words ${world.number}` });
    }),
    once('a comment is removed', async () => {
      const { id } = await world.visibleComment();
      await add({}, world.staff);
      await world.mutate('removeComment', { id });
    }),
    once('somebody reacts', async () => {
      const { id } = await world.visibleComment();
      await world.mutate(
        'react',
        { commentId: id, kind: world.pick(EMOJI), on: world.options.next() < 0.7 },
        { as: world.member },
      );
    }),
    once('a comment is reported', async () => {
      const { id } = await world.visibleComment();
      await world.mutate(
        'reportComment',
        { commentId: id, reason: 'Advertising' },
        { as: world.member, allows: ['FORBIDDEN'] },
      );
    }),
    once('a comment is rejected', () => moderate('REJECT')),
    once('a comment is approved', () =>
      moderate('APPROVE', "SELECT id, version FROM comment WHERE status = 'REJECTED' ORDER BY random() LIMIT 1"),
    ),
    once('a comment is pinned', () => moderate('PIN')),
    once('a comment is pinned no more', () =>
      moderate('UNPIN', 'SELECT id, version FROM comment WHERE pinned ORDER BY random() LIMIT 1'),
    ),
  ].map((change) => (change.name === 'a comment is removed' ? { ...change, hasSteps: true } : change));
}

function articleChanges(world: World): FreshChange[] {
  const update = async (input: object): Promise<unknown> => {
    const article = await world.article(`id <= ${world.options.articles}`);
    return world.mutate('updateArticle', { id: article!.id, expectedVersion: article!.version, ...input });
  };
  return [
    once('an article gets another title', () => update({ title: `Title ${world.number}` })),
    once('an article gets another body', () => update({ markdown: `A body about *gardens*, ${world.number}.` })),
    once('an article gets other topics', () =>
      update({ topics: [`Topic ${1 + Math.floor(world.options.next() * 3)}`] }),
    ),
    once('a discussion is closed or opened', () =>
      update({ commentPolicy: world.pick(['OPEN', 'MODERATED', 'OPEN']) }),
    ),
    inSteps('an article is published', async () => world.mutate('publishArticle', { id: await world.draft() })),
    once('an article is unpublished', async () => {
      const article = await world.article(`status = 'PUBLISHED' AND id > ${world.options.articles}`);
      if (article) await world.mutate('unpublishArticle', { id: article.id });
    }),
    inSteps('an article is not public for a moment', async () => {
      const id = world.articleId;
      await world.mutate('unpublishArticle', { id });
      await world.mutate('publishArticle', { id });
    }),
    once('an article is deleted', async () => {
      const article = await world.article("status = 'ARCHIVED'");
      if (article) await world.mutate('deleteArticle', { id: article.id, expectedVersion: article.version });
    }),
    inSteps('a scheduled article is published', async () => {
      const id = await world.draft();
      await world.mutate('publishArticle', { id, at: new Date(Date.now() + SCHEDULED_IN).toISOString() });
      await until('it is public', async () => {
        const { node } = await post<{ node: unknown }>(world.options.url, {
          query: 'query ($id: ID!) { node(id: $id) { id } }',
          variables: { id },
        });
        return node !== null;
      });
    }),
  ];
}

function profileAndTopicChanges(world: World): FreshChange[] {
  const topic = (): string => encodeId('Topic', 1 + Math.floor(world.options.next() * 3));
  return [
    once('an author describes themself', () =>
      world.mutate('updateProfile', { authorId: encodeId('Author', 1), bio: `Writes about rivers, ${world.number}.` }),
    ),
    once('an author gets another picture', () =>
      world.mutate('updateProfile', {
        authorId: encodeId('Author', 1),
        avatarUrl: `https://example.com/${world.number}.png`,
      }),
    ),
    once('a topic gets another description', () =>
      world.mutate('updateTopic', { id: topic(), description: `Number ${world.number}` }),
    ),
    once('a topic is moved', () =>
      world.mutate('updateTopic', { id: encodeId('Topic', 3), parentId: world.pick([null, encodeId('Topic', 2)]) }),
    ),
    inSteps('topics are merged', async () => {
      const draft = await world.draft();
      await world.mutate('updateArticle', { id: draft, expectedVersion: 1, topics: [`Passing ${world.number}`] });
      await world.mutate('publishArticle', { id: draft });
      const [passing] = await world.sql<{ id: number }>('SELECT max(id) AS id FROM topic');
      await world.mutate('mergeTopics', { from: encodeId('Topic', passing!.id), into: encodeId('Topic', 2) });
    }),
  ];
}

function otherChanges(world: World): FreshChange[] {
  const { databaseUrl } = world.options;
  const article = (): number => 1 + Math.floor(world.options.next() * world.options.articles);
  return [
    once('a statement changes a title', () =>
      world.sql(`UPDATE article SET title = 'By hand ' || $1 WHERE id = $2`, [world.number, article()]),
    ),
    once('a statement changes a comment', () =>
      world.sql(
        `UPDATE comment SET body_text = 'By hand ' || $1 WHERE id = (SELECT min(id) FROM comment WHERE article_id = $2)`,
        [world.number, article()],
      ),
    ),
    once('a statement renames an author', () =>
      world.sql(`UPDATE author SET name = 'Jo ' || $1 WHERE id = 1`, [world.number]),
    ),
    once('a statement renames a topic', () =>
      world.sql(`UPDATE topic SET description = 'By hand ' || $1 WHERE id = 2`, [world.number]),
    ),
    once('a counter becomes wrong', () =>
      world.sql('UPDATE article SET comment_count = 77 WHERE id = $1', [article()]),
    ),
    once('derived columns are repaired', () => verify({ url: databaseUrl, repair: true })),
    inSteps('a site is imported', () => importSite(databaseUrl, world.number)),
  ];
}

/** Imports an export of a site whose post and comments differ each time. */
async function importSite(url: string, number: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-fresh-'));
  const file = join(directory, 'export.xml');
  const comments = Array.from({ length: 2 + (number % 5) }, (_, i) => ({ id: i + 1, text: `Imported ${i}` }));
  const posts = [{ id: 1, title: `Imported ${number}`, comments }];
  try {
    await writeFile(file, exportOf({ authors: [{ id: 7, login: 'jo' }], posts }));
    await importFiles({ files: [file], url, out: new Writable({ write: (_chunk, _encoding, done) => done() }) });
  } finally {
    await rm(directory, { recursive: true });
  }
}
