export { ImportError } from './import-error.ts';
export { importWordPress } from './wordpress/import-wordpress.ts';
