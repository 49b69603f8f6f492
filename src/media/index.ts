export { type CopiedPictures, copyPictures, restorePictures } from './copy-pictures.ts';
export { FlatFolder, FolderStore } from './folder-store.ts';
export { openPictures, openStore } from './open-pictures.ts';
export { PictureError, type PictureFault } from './picture-error.ts';
export { KEEP_PICTURE, recordPicture } from './picture-rows.ts';
export type { ByteRange, OpenFile } from './picture-store.ts';
export type { Pictures } from './pictures.ts';
export { prunePictures, prunePicturesNow } from './prune-pictures.ts';
export { StoreError } from './store-error.ts';
