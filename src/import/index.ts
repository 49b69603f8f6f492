export { ImportError } from './import-error.ts';
export { importWordPress, type WordPressImportOptions } from './wordpress/import-wordpress.ts';
