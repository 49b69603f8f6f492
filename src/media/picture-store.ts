import type { Readable } from 'node:stream';

/** Bytes of a file, both included. */
export interface ByteRange {
  start: number;
  end: number;
}

/** A file that is open until it is streamed or closed. */
export interface OpenFile {
  /** Bytes. */
  size: number;
  /** The whole file, or a part of it. Call it once. */
  stream(range?: ByteRange): Readable;
  close(): Promise<void>;
}

/** The state of a store, as a check has found it. */
export interface StoreState {
  /** The path of the folder, or the address of the bucket. */
  place: string;
  /** Bytes; null where there is no limit. */
  free: number | null;
}

/** Where files of pictures are kept. Several gateways may share it. All that fails throws a `StoreError`. */
export interface PictureStore {
  /** Null when there is no file of the name. */
  open(name: string): Promise<OpenFile | null>;
  has(name: string): Promise<boolean>;
  /** Stores a file, which appears under its name when it is complete. The same name always has the same bytes. */
  write(name: string, bytes: Buffer): Promise<void>;
  /** Removes a file, if there is one. */
  remove(name: string): Promise<void>;
  /** Removes what a process that ended meanwhile has left half-written. @returns how many files */
  removeStale(): Promise<number>;
  /** Writes, reads and removes a file. */
  check(): Promise<StoreState>;
  close(): Promise<void>;
}
