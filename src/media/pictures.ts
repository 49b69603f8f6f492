import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  pictureName,
  readPictureName,
  readVariantName,
  type StoredPicture,
  variantsOf,
} from '../../schema/content/picture/picture-name.ts';
import type { PictureConverter } from './picture-converter.ts';
import { PictureError } from './picture-error.ts';
import type { OpenFile, PictureStore } from './picture-store.ts';
import { pictureTypeOf, TAKEN_TYPES } from './picture-type.ts';
import { readWhole } from './read-whole.ts';

/** Narrower forms that could not be made, and for how many milliseconds nobody tries again: of a picture, and of anything else. */
const MAX_FAILED = 10_000;
const FAILED_FOR = { picture: 3_600_000, other: 60_000 };
/** Narrower forms that are made at a time, and the bytes of their originals. One takes some 0.1 s. */
const MAX_MAKING = 200;
const MAX_MAKING_BYTES = 256_000_000;

/** A GIF of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

interface PicturesOptions {
  store: PictureStore;
  converter: PictureConverter;
  /** Bytes of a picture. */
  maxSize: number;
}

interface NarrowerForm {
  /** The name of the picture. */
  original: string;
  /** Pixels. */
  width: number;
}

/** The pictures that are kept: takes new ones, and finds or makes their forms. */
export class Pictures {
  readonly store: PictureStore;
  readonly maxSize: number;
  readonly #converter: PictureConverter;
  readonly #failed = new LRUCache<string, true>({ max: MAX_FAILED, ttl: FAILED_FOR.picture });
  /** Narrower forms that are being made: those who ask meanwhile wait for the same. */
  readonly #making = new Map<string, Promise<boolean>>();
  #makingBytes = 0;

  constructor({ store, converter, maxSize }: PicturesOptions) {
    this.store = store;
    this.maxSize = maxSize;
    this.#converter = converter;
  }

  /** @throws Error when no picture can be decoded */
  async tryDecoder(): Promise<void> {
    await this.#converter.convert({ bytes: PIXEL, width: null });
  }

  /**
   * Takes a picture: turned upright, without what a camera wrote beside it, in colours of screens.
   * @param record notes that the picture is kept, before its file is
   * @throws PictureError
   */
  async add(bytes: Buffer, record: (picture: StoredPicture, size: number) => Promise<void>): Promise<StoredPicture> {
    if (bytes.length > this.maxSize) throw tooLarge(this.maxSize);
    if (pictureTypeOf(bytes) === null)
      throw new PictureError('WRONG_TYPE', `Pictures may be ${TAKEN_TYPES}; this file is none of them.`);
    const { bytes: stored, ...converted } = await this.#converter.convert({ bytes, width: null });
    const name = pictureName({ ...converted, digest: digestOf(stored) });
    const picture = readPictureName(name)!;
    await record(picture, stored.length);
    await this.store.write(name, Buffer.from(stored));
    return picture;
  }

  /**
   * Takes a picture that was kept before, under its name: as it is, if it is what the name says.
   * @returns null for a file that is not
   */
  async addAs(
    name: string,
    bytes: Buffer,
    record: (picture: StoredPicture, size: number) => Promise<void>,
  ): Promise<StoredPicture | null> {
    const picture = readPictureName(name);
    if (!picture || !isFileOf(picture, bytes)) return null;
    await record(picture, bytes.length);
    await this.store.write(name, bytes);
    return picture;
  }

  /**
   * Opens the file of a picture, or of a narrower form of one, which is made first where there is none yet.
   * @param onFailure receives why a narrower form cannot be made, unless the picture itself is why
   * @returns null when there is none; `original` when the narrower form cannot be made now
   */
  async open(name: string, onFailure: (error: unknown) => void = () => {}): Promise<OpenFile | 'original' | null> {
    if (readPictureName(name)) return this.store.open(name);
    const narrower = readVariantName(name);
    if (!narrower) return null;
    const file = await this.store.open(name);
    if (file) return file;
    if (!(await this.store.has(narrower.picture.name))) return null;
    if (this.#failed.has(name)) return 'original';
    try {
      const form = { original: narrower.picture.name, width: narrower.variant.width };
      if (!(await this.#make(name, form))) return 'original';
    } catch (error) {
      const isOfPicture = error instanceof PictureError;
      if (!isOfPicture) onFailure(error);
      this.#failed.set(name, true, { ttl: isOfPicture ? FAILED_FOR.picture : FAILED_FOR.other });
      return 'original';
    }
    return this.store.open(name);
  }

  /** @returns whether it was made; not while too many others are */
  async #make(name: string, form: NarrowerForm): Promise<boolean> {
    const known = this.#making.get(name);
    if (known) return known;
    if (this.#making.size >= MAX_MAKING) return false;
    const making = this.#makeOnce(name, form).finally(() => this.#making.delete(name));
    this.#making.set(name, making);
    return making;
  }

  async #makeOnce(name: string, { original, width }: NarrowerForm): Promise<boolean> {
    const file = await this.store.open(original);
    if (!file) return false;
    const { size } = file;
    // Before it is read: anybody may ask for the forms of many pictures at once.
    if (this.#makingBytes + size > MAX_MAKING_BYTES) {
      await file.close();
      return false;
    }
    this.#makingBytes += size;
    try {
      const { bytes } = await this.#converter.convert({ bytes: await readWhole(file), width });
      await this.store.write(name, Buffer.from(bytes));
      if (await this.store.has(original)) return true;
      // The picture was removed meanwhile, with the forms that it had then: nobody would remove this one.
      await this.store.remove(name);
      return false;
    } finally {
      this.#makingBytes -= size;
    }
  }

  /** Copies the file of a picture into another store. @returns whether there is one */
  async copyTo(target: PictureStore, name: string): Promise<boolean> {
    if (!readPictureName(name)) return false;
    if (await target.has(name)) return true;
    const file = await this.store.open(name);
    if (!file) return false;
    await target.write(name, await readWhole(file));
    return true;
  }

  /**
   * Takes the file of a picture from another store, if it is what its name says, and is not here yet.
   * @param record notes that the picture is kept, before its file is; left out where that is known
   * @returns whether it is here now
   */
  async restore(
    source: PictureStore,
    name: string,
    record: (size: number) => Promise<void> = async () => {},
  ): Promise<boolean> {
    const picture = readPictureName(name);
    if (!picture) return false;
    if (await this.store.has(name)) return true;
    const file = await source.open(name);
    if (!file) return false;
    const bytes = await readWhole(file);
    if (!isFileOf(picture, bytes)) return false;
    await record(bytes.length);
    await this.store.write(name, bytes);
    return true;
  }

  /** Removes a picture with its narrower forms. */
  async remove(name: string): Promise<void> {
    const picture = readPictureName(name);
    if (!picture) return;
    // The picture itself comes first: without it no narrower form is made again.
    await this.store.remove(name);
    await Promise.all(variantsOf(picture).map((variant) => variant.name !== name && this.store.remove(variant.name)));
  }

  async close(): Promise<void> {
    await this.#converter.close();
    await this.store.close();
  }
}

function tooLarge(maxSize: number): PictureError {
  return new PictureError('TOO_LARGE', `A picture may have ${maxSize / 1_000_000} MB.`);
}

/** Whether a file is the one of a name. */
function isFileOf({ digest, type }: StoredPicture, bytes: Buffer): boolean {
  return digestOf(bytes).startsWith(digest) && `image/${pictureTypeOf(bytes)}` === type;
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
