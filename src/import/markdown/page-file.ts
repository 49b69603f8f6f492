import { openTextFile } from '../file-text.ts';
import { type Fields, readFrontMatter } from './front-matter.ts';
import type { SiteConfig, SiteFile } from './site-config.ts';

/** Bytes of a page. */
const MAX_BYTES = 8_000_000;

/** Folders in which generators have their content, as Hugo, Astro, Hexo and Jekyll. */
export const ROOTS: readonly string[] = ['content', 'src/content', 'src/pages', 'source', '_posts'];

export interface Page {
  /** Path below the imported folder, which identifies the page. */
  id: string;
  /** Path below the generator's folder of content. */
  path: string;
  /** Whose pages have addresses that begin with it; empty for the default one. */
  language: string;
  fields: Fields;
  body: string;
  /** Characters in the place of bytes that could not be decoded. */
  undecodable: number;
}

/** @returns the page, or why the file is none. @throws ImportError */
export async function readPage({ file, id }: SiteFile, config: SiteConfig): Promise<Page | string> {
  const { size, chunks } = await openTextFile(file);
  if (size > MAX_BYTES) return `is larger than ${MAX_BYTES / 1_000_000} MB`;
  let text = '';
  for await (const chunk of chunks) text += chunk;
  const parts = readFrontMatter(text, id);
  if (typeof parts === 'string') return parts;
  const undecodable = text.match(/\ufffd/g)?.length ?? 0;
  const path = pathInContent(id);
  const language = /\.([a-z]{2,3}(?:-[a-z]+)?)\.\w+$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  if (!config.languages.has(language)) return { id, path, language: '', ...parts, undecodable };
  const named = path.replace(/\.[^./]+(\.\w+)$/, '$1');
  return { id, path: named, language: language === config.defaultLanguage ? '' : language, ...parts, undecodable };
}

/** The path of a page in its generator's folder of content, such as `posts/first.md`. */
export function pathInContent(id: string): string {
  const root = ROOTS.find((folder) => id.startsWith(`${folder}/`));
  return root === undefined ? id : id.slice(root.length + 1);
}
