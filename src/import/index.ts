export { FORMATS, importFiles } from './formats.ts';
