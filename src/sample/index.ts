export { loadSampleIfEmpty } from './load-if-empty.ts';
export { samplePictures } from './pictures.ts';
