import type { TextFormat } from '../../../prisma/client/enums.ts';
import { storedPictureAt } from '../../../schema/content/picture/picture-address.ts';
import { PICTURES_PATH, type StoredPicture } from '../../../schema/content/picture/picture-name.ts';
import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import { renderText } from '../../../schema/content/text/render.ts';
import type { Pictures } from '../../media/index.ts';
import type { Progress } from '../progress.ts';
import type { ReportBuilder } from '../report.ts';
import type { Staging } from '../staging.ts';
import { contentDigest, truncate } from '../wordpress/field-values.ts';
import { shownSize } from './picture-candidates.ts';
import { PictureCopier, type PicturePage } from './picture-copier.ts';
import { PictureFailure } from './picture-failure.ts';
import type { PicturePlaces } from './picture-places.ts';
import { picturesIn, replacePictures } from './picture-references.ts';

/** Articles whose pictures are copied together. */
const BATCH = 10;
/** Pictures that are copied at a time, and those of one article. */
const AT_A_TIME = 6;
const MAX_OF_ARTICLE = 2_000;

/** Characters of an address in the report. */
const MAX_REPORTED = 300;

interface CopyOptions {
  staging: Staging;
  report: ReportBuilder;
  progress: Progress;
  pictures: Pictures;
  places: PicturePlaces;
  /** What identifies the imported site, such as `wordpress:https://example.com`. */
  source: string;
  signal: AbortSignal | undefined;
  firstWait?: number | undefined;
}

interface Article {
  file_position: number;
  line: number;
  external_id: string;
  title: string;
  body_source: string;
  body_format: TextFormat;
  digest: string;
  picture_base: string | null;
  picture_root: string | null;
  picture_folder: string | null;
  cover_position: number | null;
  cover_url: string | null;
}

const ARTICLES = `
  SELECT a.file_position, a.line, a.external_id, a.title, a.body_source, a.body_format, a.digest, a.picture_base,
         a.picture_root, a.picture_folder,
         i.file_position AS cover_position, i.url AS cover_url
    FROM staged_article a
    LEFT JOIN LATERAL (SELECT * FROM staged_image WHERE external_id = a.thumbnail_id ORDER BY file_position LIMIT 1) i ON true
   WHERE a.file_position > $1 ORDER BY a.file_position LIMIT ${BATCH}`;

/** Copies the pictures of the staged articles, and writes their new addresses into the staged rows. */
export async function copyPictures({ staging, report, progress, source, ...options }: CopyOptions): Promise<void> {
  const { client } = staging;
  await client.query(
    'CREATE INDEX ON staged_image (external_id, file_position); CREATE INDEX ON staged_article (file_position)',
  );
  const site = siteOf(source);
  const copier = new PictureCopier({ client, site, ...options });
  try {
    let copied = 0;
    for (let after = 0; ; ) {
      options.signal?.throwIfAborted();
      const articles = await staging.query<Article>(ARTICLES, [after]);
      if (articles.length === 0) break;
      after = articles.at(-1)!.file_position;
      const work = articles.map((article) => new ArticlePictures({ article, site, copier }));
      await inTurns(work.flatMap((one) => one.tasks()));
      for (const one of work) {
        copied += one.copied;
        await one.write(staging);
        one.report(report);
      }
      progress.reportStep(`copying pictures, ${copied} so far`);
    }
    await copyAvatars({ staging, report, copier, site, signal: options.signal });
  } finally {
    await copier.close();
  }
}

interface AvatarOptions extends Pick<CopyOptions, 'staging' | 'report' | 'signal'> {
  copier: PictureCopier;
  site: URL | null;
}

/** Copies the pictures of people. Those of people who are here already stay as they are, so they are not needed. */
async function copyAvatars({ staging, report, copier, site, signal }: AvatarOptions): Promise<void> {
  const people = await staging.query<{ login: string; avatar_url: string }>(
    'SELECT DISTINCT login, avatar_url FROM staged_profile WHERE avatar_url IS NOT NULL ORDER BY login',
    [],
  );
  const copied: string[][] = [];
  const copy = async ({ login, avatar_url: address }: (typeof people)[number]): Promise<void> => {
    signal?.throwIfAborted();
    try {
      const { name } = await copier.copy(address, { base: site, beside: null });
      copied.push([login, address, PICTURES_PATH + name]);
    } catch (error) {
      if (!(error instanceof PictureFailure)) throw error;
      const title = truncate(`${login}: ${address}`, MAX_REPORTED);
      report.addNote(`pictures of people were not copied: ${error.message}`, { id: login, title, line: 0 });
    }
  };
  await inTurns(people.map((person) => () => copy(person)));
  for (const values of copied)
    await staging.query('UPDATE staged_profile SET avatar_url = $3 WHERE login = $1 AND avatar_url = $2', values);
}

/** The site in the name of a source; null for one that has none, as a folder. */
function siteOf(source: string): URL | null {
  const address = source.slice(source.indexOf(':') + 1);
  return /^https?:\/\//i.test(address) ? parseUrl(`${address.replace(/\/*$/, '')}/`) : null;
}

/** Runs all tasks, so many at a time. */
async function inTurns(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = tasks.values();
  const run = async (): Promise<void> => {
    for (const task of waiting) await task();
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, run));
}

interface ArticleOptions {
  article: Article;
  site: URL | null;
  copier: PictureCopier;
}

/** The pictures of one article: those of its text, and its cover. */
class ArticlePictures {
  readonly #article: Article;
  readonly #page: PicturePage;
  readonly #copier: PictureCopier;
  readonly #found = new Map<string, StoredPicture>();
  /** Addresses of files of the site that are no pictures. */
  #files: readonly string[] = [];
  readonly #failed: { address: string; reason: string }[] = [];

  constructor({ article, site, copier }: ArticleOptions) {
    const { picture_base: base, picture_root: root, picture_folder: folder } = article;
    this.#article = article;
    this.#page = {
      base: base === null ? site : new URL(base),
      beside: root === null ? null : { root, folder: folder ?? '' },
    };
    this.#copier = copier;
  }

  get copied(): number {
    return this.#found.size;
  }

  /** A task for each address. A link may lead to anything, so it is followed only when the picture is of this site. */
  tasks(): (() => Promise<void>)[] {
    const { cover_url: cover, body_source: source, body_format: format } = this.#article;
    const references = picturesIn({ source, format });
    const of = (wanted: string) => references.filter(({ kind }) => kind === wanted).map(({ address }) => address);
    const addresses = new Set([...(cover === null ? [] : [cover]), ...of('shown')]);
    const linked = new Set(of('linked').filter((address) => !addresses.has(address)));
    this.#files = [...new Set(of('file'))].filter((address) => this.#copier.isOwn(address, this.#page));
    return [...addresses, ...linked]
      .slice(0, MAX_OF_ARTICLE)
      .map((address) => () => this.#copy(address, !addresses.has(address)));
  }

  async #copy(address: string, isLink: boolean): Promise<void> {
    try {
      this.#found.set(address, await this.#copier.copy(address, this.#page));
    } catch (error) {
      if (!(error instanceof PictureFailure)) throw error;
      if (!isLink) this.#failed.push({ address, reason: error.message });
    }
  }

  async write(staging: Staging): Promise<void> {
    const { body_source: source, body_format: format, cover_position: coverPosition, cover_url: cover } = this.#article;
    const replaced = replacePictures({ source, format }, ({ address, kind }) => {
      const picture = kind === 'file' ? undefined : this.#found.get(address);
      if (picture && address === PICTURES_PATH + picture.name) return null;
      if (picture)
        return { address: PICTURES_PATH + picture.name, shown: kind === 'linked' ? null : shownSize(address) };
      const absolute = this.#absolute(address);
      return absolute === null ? null : { address: absolute, shown: null };
    });
    if (replaced !== source) await this.#writeBody(staging, replaced);
    const picture = cover === null ? undefined : this.#found.get(cover);
    if (picture)
      await staging.query('UPDATE staged_image SET url = $2, width = $3, height = $4 WHERE file_position = $1', [
        coverPosition,
        PICTURES_PATH + picture.name,
        picture.width,
        picture.height,
      ]);
    else if (cover !== null && !/^https?:/i.test(cover)) await this.#writeCover(staging, this.#absolute(cover));
  }

  /** A relative address that stays, as the one at the site; null where that is not known, and for any other address. */
  #absolute(address: string): string | null {
    const { picture_base: base } = this.#article;
    if (base === null || /^([a-z][a-z0-9+.-]*:|\/\/|#)/i.test(address) || storedPictureAt(address, PICTURES_PATH))
      return null;
    return parseUrl(address, base)?.href ?? null;
  }

  async #writeCover(staging: Staging, address: string | null): Promise<void> {
    const { cover_position: position, file_position: own } = this.#article;
    if (address === null)
      await staging.query('UPDATE staged_article SET thumbnail_id = NULL WHERE file_position = $1', [own]);
    else await staging.query('UPDATE staged_image SET url = $2 WHERE file_position = $1', [position, address]);
  }

  async #writeBody(staging: Staging, source: string): Promise<void> {
    const { file_position: position, body_format: format, digest } = this.#article;
    const { html, text } = renderText(source, format, 'article');
    await staging.query(
      'UPDATE staged_article SET body_source = $2, body_html = $3, body_text = $4, digest = $5 WHERE file_position = $1',
      [position, source, html, text, contentDigest([digest, source])],
    );
  }

  report(report: ReportBuilder): void {
    const { external_id: id, title, line } = this.#article;
    const note = (reason: string, address: string) =>
      report.addNote(reason, { id, title: truncate(`${title}: ${address}`, MAX_REPORTED), line });
    for (const { address, reason } of this.#failed) note(`pictures were not copied: ${reason}`, address);
    for (const address of this.#files)
      note('audio, video and other files were not copied: they stay at their addresses', address);
  }
}
