export { openTextConverter } from './text-converter.ts';
