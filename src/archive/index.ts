export { exportArchive } from './export-archive.ts';
export { ARCHIVE_SEQUENCES, ARCHIVE_TABLES, ARCHIVE_VERSION, type ArchiveTable } from './tables.ts';
