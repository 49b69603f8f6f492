export { exportRedirects } from './export-redirects.ts';
export { exportHugo } from './hugo/export-hugo.ts';
export type { RedirectServer } from './redirect-rules.ts';
export { writeWhole } from './write-whole.ts';
export { exportWxr } from './wxr/export-wxr.ts';
