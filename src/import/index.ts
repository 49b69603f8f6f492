export { FORMATS, importFiles } from './formats.ts';
export { ImportError } from './import-error.ts';
