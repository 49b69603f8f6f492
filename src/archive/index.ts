export { exportArchive } from './export-archive.ts';
export { mediaFolderOf } from './media-folder.ts';
export { ARCHIVE_SEQUENCES, ARCHIVE_TABLES, ARCHIVE_VERSION, type ArchiveTable } from './tables.ts';
