import { basename, join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { storedPictureAt } from '../../../schema/content/picture/picture-address.ts';
import { PICTURES_PATH, readPictureName, type StoredPicture } from '../../../schema/content/picture/picture-name.ts';
import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import { KEEP_PICTURE, PictureError, type Pictures, StoreError } from '../../media/index.ts';
import { PictureFetcher } from './fetch-picture.ts';
import { decodedPath, type FoundFile, fileIn, readFound } from './folder-pictures.ts';
import { candidatesOf, hasRatio, type PictureCandidate } from './picture-candidates.ts';
import { PictureFailure } from './picture-failure.ts';
import { bareHost, openArchive, type PicturePlaces } from './picture-places.ts';
import type { ZipPictures } from './zip-pictures.ts';

/** Outcomes that are remembered while an import runs. */
const MAX_REMEMBERED = 200_000;
/** Failures of the store, one after the other, after which it is not asked any more. */
const MAX_STORE_FAILURES = 10;
/** The base of relative addresses where the site is not known. */
const RELATIVE_HOST = 'relative.invalid';
const RELATIVE = `https://${RELATIVE_HOST}/`;
/** Parts of a path that a file must have in common with a picture of another site, which may have the same name by chance. */
const LEAST_PARTS = { own: 1, other: 3 };

/** The page that shows a picture. */
export interface PicturePage {
  /** What addresses relative to it are resolved against; null where it is not known. */
  base: URL | null;
  /** The imported folder or archive, and the path in it of the page's folder; null for a page that is no file. */
  beside: { root: string; folder: string } | null;
}

interface CopierOptions {
  client: pg.ClientBase;
  pictures: Pictures;
  places: PicturePlaces;
  /** The imported site; null when it is not known. */
  site: URL | null;
  signal: AbortSignal | undefined;
  firstWait?: number | undefined;
}

/** Copies pictures into the store, each once, also over several imports. */
export class PictureCopier {
  readonly #options: CopierOptions;
  readonly #fetcher: PictureFetcher;
  readonly #ownHosts: ReadonlySet<string>;
  /** Imported archives, by their paths. */
  readonly #archives = new Map<string, Promise<ZipPictures | null>>();
  #storeFailures = 0;
  #lastQuery: Promise<unknown> = Promise.resolve();
  readonly #copied = new LRUCache<string, Promise<StoredPicture>>({
    maxSize: MAX_REMEMBERED,
    sizeCalculation: () => 1,
  });

  constructor(options: CopierOptions) {
    const { places, site, pictures, signal, firstWait } = options;
    this.#options = options;
    const hosts = [...places.addresses, ...(site ? [site] : [])].map(({ host }) => bareHost(host));
    const uploads = hosts.flatMap((host) =>
      host.endsWith('.wordpress.com') ? [host.replace('.wordpress', '.files.wordpress')] : [],
    );
    this.#ownHosts = new Set([...hosts, ...uploads]);
    this.#fetcher = new PictureFetcher({
      trusted: places.addresses,
      maxSize: pictures.maxSize,
      signal,
      ...(firstWait !== undefined && { firstWait }),
    });
  }

  /** @throws PictureFailure if the picture cannot be had, or not be stored */
  async copy(address: string, page: PicturePage): Promise<StoredPicture> {
    if (this.#storeFailures >= MAX_STORE_FAILURES)
      throw new PictureFailure('the store of pictures fails, and was not asked for more of them');
    try {
      const picture = await this.#find(address, page);
      this.#storeFailures = 0;
      return picture;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#storeFailures += 1;
      throw new PictureFailure(lowerFirst(error.message.replace(/\.$/, '')), { cause: error });
    }
  }

  async #find(address: string, page: PicturePage): Promise<StoredPicture> {
    // Of an export from here, or of a text that was written here.
    const kept = storedPictureAt(address, PICTURES_PATH);
    if (kept && (await this.#isKept(kept.name))) return kept;
    const beside = await this.#fileBeside(address, page);
    if (beside) return this.#once(`file ${beside.path}`, () => this.#copyFile(beside));
    if (/^data:/i.test(address)) throw new PictureFailure('it is part of the text itself');
    const url = parseUrl(address, page.base ?? RELATIVE);
    if (url === null) throw new PictureFailure('the address is not valid');
    const isRelative = url.host === RELATIVE_HOST;
    return this.#copyFirst(candidatesOf(url), isRelative);
  }

  /** Its row may be missing, as of a new database beside former pictures, and backups and archives have what has a row. */
  async #isKept(name: string): Promise<boolean> {
    const file = await this.#options.pictures.store.open(name);
    if (file === null) return false;
    await file.close();
    await this.#query(KEEP_PICTURE, [name, file.size]);
    return true;
  }

  async close(): Promise<void> {
    this.#fetcher.close();
    for (const archive of this.#archives.values()) (await archive)?.close();
  }

  #archiveAt(root: string): Promise<ZipPictures | null> {
    const opened = this.#archives.get(root) ?? openArchive(root);
    this.#archives.set(root, opened);
    return opened;
  }

  /** Whether an address is one of the imported site, and not of another. */
  isOwn(address: string, { base }: PicturePage): boolean {
    const url = parseUrl(address, base ?? RELATIVE);
    return url !== null && (url.host === RELATIVE_HOST || this.#ownHosts.has(bareHost(url.host)));
  }

  #once(key: string, copy: () => Promise<StoredPicture>): Promise<StoredPicture> {
    const known = this.#copied.get(key);
    if (known) return known;
    const copying = copy();
    this.#copied.set(key, copying);
    return copying;
  }

  async #fileBeside(address: string, { beside }: PicturePage): Promise<FoundFile | null> {
    if (beside === null || /^([a-z][a-z0-9+.-]*:|\/|#)/i.test(address)) return null;
    const path = decodedPath(address.replace(/[?#].*$/s, ''));
    if (path === null) return null;
    const archive = await this.#archiveAt(beside.root);
    return archive ? archive.fileAt(join(beside.folder, path)) : fileIn(beside.root, join(beside.folder, path));
  }

  /** The first candidate that can be had, and whose shape is that of what the text shows. */
  async #copyFirst(candidates: readonly PictureCandidate[], isRelative: boolean): Promise<StoredPicture> {
    let failure = new PictureFailure('no file was found');
    for (const { url, ratio } of candidates) {
      this.#options.signal?.throwIfAborted();
      try {
        const picture = await this.#once(url.href, () => this.#copyCandidate(url, isRelative));
        if (hasRatio(picture, ratio)) return picture;
      } catch (error) {
        if (!(error instanceof PictureFailure)) throw error;
        failure = error;
        if (error.isOutage) break;
      }
    }
    throw failure;
  }

  async #copyCandidate(url: URL, isRelative: boolean): Promise<StoredPicture> {
    const { folders, addresses } = this.#options.places;
    const isOwn = isRelative || this.#ownHosts.has(bareHost(url.host));
    for (const folder of folders) {
      const file = await folder.find(url.pathname, isOwn ? LEAST_PARTS.own : LEAST_PARTS.other);
      if (file) return this.#copyFile(file);
    }
    if (addresses.length === 0) throw new PictureFailure(isOwn ? 'no file was found' : 'they are of another site');
    if (!isOwn) throw new PictureFailure('they are of another site');
    return this.#copyAddress(this.#addressAt(url));
  }

  /** A picture of the site is fetched from the address that the operator has named, which may be a copy of the site. */
  #addressAt(url: URL): URL {
    const {
      places: { addresses },
      site,
    } = this.#options;
    const named = addresses.find(({ host }) => bareHost(host) === bareHost(url.host));
    const isOfSite = url.host === RELATIVE_HOST || (site && bareHost(site.host) === bareHost(url.host));
    const target = named ?? (isOfSite ? addresses[0] : undefined);
    if (!target) return url;
    const moved = new URL(url);
    moved.protocol = target.protocol;
    moved.host = target.host;
    moved.port = target.port;
    return moved;
  }

  async #copyFile(file: FoundFile): Promise<StoredPicture> {
    const { maxSize } = this.#options.pictures;
    return this.#keep({ address: `file ${file.path}`, state: file.state }, () => readFound(file, maxSize));
  }

  #copyAddress(url: URL): Promise<StoredPicture> {
    return this.#keep({ address: url.href, state: '' }, () => this.#fetcher.fetch(url.href));
  }

  /** A connection runs one statement at a time. */
  #query<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    const result = this.#lastQuery.then(async () => (await this.#options.client.query<Row>(text, values)).rows);
    this.#lastQuery = result.catch(() => {});
    return result;
  }

  /** The picture that was copied from there before, else a new copy. */
  async #keep(
    { address, state }: { address: string; state: string },
    read: () => Promise<Buffer>,
  ): Promise<StoredPicture> {
    const { pictures } = this.#options;
    const rows = await this.#query<{ name: string }>(
      'UPDATE picture SET unused_since = NULL FROM picture_source s WHERE s.name = picture.name AND s.address = $1 AND s.state = $2 RETURNING s.name',
      [address, state],
    );
    const before = rows[0] ? readPictureName(rows[0].name) : null;
    if (before && (await pictures.store.has(before.name))) return before;
    const bytes = await read();
    try {
      const record = async ({ name }: StoredPicture, size: number): Promise<void> => {
        await this.#query(KEEP, [name, size, address, state]);
      };
      const own = basename(address);
      return (await pictures.addAs(own, bytes, record)) ?? (await pictures.add(bytes, record));
    } catch (error) {
      if (error instanceof PictureError) throw new PictureFailure(lowerFirst(error.message), { cause: error });
      throw error;
    }
  }
}

const KEEP = `
  WITH kept AS (
    ${KEEP_PICTURE} RETURNING name
  ) INSERT INTO picture_source (address, state, name) SELECT $3, $4, name FROM kept
      ON CONFLICT (address) DO UPDATE SET state = excluded.state, name = excluded.name, copied_at = now()`;

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
