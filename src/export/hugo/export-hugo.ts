import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type pg from 'pg';
import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import { PICTURES_PATH } from '../../../schema/content/picture/picture-name.ts';
import { FlatFolder, type Pictures } from '../../media/index.ts';
import { cursorBatches } from '../cursor-batches.ts';
import { readSnapshot } from '../read-snapshot.ts';
import { writeWhole } from '../write-whole.ts';
import { articlePage, authorPage, commentRecord, hugoConfig, topicPage } from './hugo-pages.ts';
import {
  commentsSql,
  HUGO_ARTICLES,
  HUGO_AUTHORS,
  HUGO_TOPICS,
  type HugoArticle,
  type HugoAuthor,
  type HugoComment,
  type HugoTopic,
} from './hugo-rows.ts';
import { termFolder } from './term-folder.ts';

interface ExportHugoOptions {
  /** Connection URL of the database. */
  url: string;
  /** The folder, which must be empty or not there. */
  path: string;
  /** The address of the site; empty when it is not known. */
  site: string;
  /** @default public */
  comments?: 'public' | 'all' | 'none';
  /** Of articles without a policy of their own. @default OPEN */
  commentPolicy?: CommentPolicy;
  /** Null when pictures are not kept. */
  pictures: Pictures | null;
  signal?: AbortSignal;
}

export interface ExportedSite {
  articles: number;
  comments: number;
  pictures: number;
}

/**
 * Writes a folder for Hugo, as of one moment: articles in Markdown, topics and authors as taxonomies, comments as data, and the
 * pictures that the gateway keeps. The folder appears when it is complete.
 * @throws Error if there is something in the folder
 */
export async function exportHugo({ url, path, ...options }: ExportHugoOptions): Promise<ExportedSite> {
  const folder = resolve(path);
  await requireEmpty(folder);
  const partial = `${folder}.${randomUUID()}.partial`;
  try {
    const counted = await readSnapshot(url, (client) =>
      new HugoFolder({ client, folder: partial, ...options }).write(),
    );
    await rmdir(folder).catch(() => {});
    await rename(partial, folder);
    return counted;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function requireEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length > 0)
    throw new Error(`${folder} is not empty. Name a folder that is, or one that is not there yet.`);
}

type FolderOptions = Omit<ExportHugoOptions, 'url' | 'path'> & { client: pg.Client; folder: string };

class HugoFolder {
  readonly #options: FolderOptions;
  readonly #counted: ExportedSite = { articles: 0, comments: 0, pictures: 0 };

  constructor(options: FolderOptions) {
    this.#options = options;
  }

  async write(): Promise<ExportedSite> {
    const { client, site } = this.#options;
    await this.#put('hugo.toml', hugoConfig(site));
    for await (const topics of cursorBatches<HugoTopic>(client, { name: 'hugo_topics', text: HUGO_TOPICS }))
      for (const topic of topics) await this.#putTerm('topics', topic.name, topicPage(topic));
    for await (const authors of cursorBatches<HugoAuthor>(client, { name: 'hugo_authors', text: HUGO_AUTHORS }))
      for (const author of authors) await this.#putTerm('authors', author.name, authorPage(author));
    for await (const articles of cursorBatches<HugoArticle>(client, { name: 'hugo_articles', text: HUGO_ARTICLES }))
      for (const article of articles) await this.#writeArticle(article);
    await this.#copyPictures();
    return this.#counted;
  }

  async #putTerm(taxonomy: string, name: string, text: string): Promise<void> {
    const folder = termFolder(name);
    if (folder !== null) await this.#put(`content/${taxonomy}/${folder}/_index.md`, text);
  }

  async #writeArticle(article: HugoArticle): Promise<void> {
    const { comments = 'public', commentPolicy = 'OPEN' } = this.#options;
    await this.#put(`content/articles/${fileName(article.slug)}/index.md`, articlePage(article, commentPolicy));
    this.#counted.articles += 1;
    if (comments === 'none') return;
    // Nobody reads the comments of an article that is not published.
    if (comments === 'public' && (article.status !== 'PUBLISHED' || article.comment_count === 0)) return;
    const file = await this.#pathOf(`data/comments/${fileName(article.slug)}.json`);
    await writeWhole(file, this.#commentLines(article.id, comments), this.#options.signal);
  }

  async *#commentLines(articleId: number, which: 'public' | 'all'): AsyncGenerator<string> {
    let separator = '[\n';
    const text = commentsSql(articleId, which);
    for await (const rows of cursorBatches<HugoComment>(this.#options.client, { name: 'hugo_comments', text }))
      for (const comment of rows) {
        yield `${separator}${JSON.stringify(commentRecord(comment, which))}`;
        separator = ',\n';
        this.#counted.comments += 1;
      }
    yield separator === '[\n' ? '[]\n' : '\n]\n';
  }

  /** Pictures keep their paths, so texts need no other addresses. */
  async #copyPictures(): Promise<void> {
    const { client, folder, pictures, signal } = this.#options;
    if (pictures === null) return;
    const target = new FlatFolder(join(folder, 'static', PICTURES_PATH));
    const text = 'SELECT name FROM picture WHERE unused_since IS NULL ORDER BY name';
    for await (const rows of cursorBatches<{ name: string }>(client, { name: 'hugo_pictures', text }))
      for (const { name } of rows) {
        signal?.throwIfAborted();
        if (await pictures.copyTo(target, name)) this.#counted.pictures += 1;
      }
  }

  async #put(path: string, text: string): Promise<void> {
    this.#options.signal?.throwIfAborted();
    await writeFile(await this.#pathOf(path), text);
  }

  async #pathOf(path: string): Promise<string> {
    const file = join(this.#options.folder, path);
    await mkdir(dirname(file), { recursive: true });
    return file;
  }
}

/** A slug as the name of a file. Slugs have nothing else, unless somebody wrote them into the database. */
function fileName(slug: string): string {
  return slug.replace(/[^\p{L}\p{M}\p{N}_-]/gu, '-');
}
