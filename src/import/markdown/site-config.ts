import { openTextFile } from '../file-text.ts';
import { ImportError } from '../import-error.ts';
import type { InputFile } from '../input-file.ts';
import { parseData, plainText } from './front-matter.ts';

/** Bytes of a file of the configuration. */
const MAX_BYTES = 1_000_000;

/** It is a program, which is not executed. */
const ELEVENTY = /^(?:\.eleventy\.[cm]?js|eleventy\.config\.[cm]?[jt]s)$/;

const CONFIG =
  /^(?:_config\.(?:ya?ml|toml)|(?:hugo|config)\.(?:toml|ya?ml|json)|config\/_default\/(?:hugo|config|permalinks|params|languages)\.(?:toml|ya?ml|json))$/;

export interface SiteFile {
  file: InputFile;
  /** Its path in the folder of the site, with slashes. */
  id: string;
}

/** Settings that a generator applies to all pages of a site. */
export interface SiteConfig {
  /** The site is one of Hugo: by the name of its configuration, before 2022 by what that has. */
  isHugo: boolean;
  /** The site is one of Eleventy, where a text with blanks is one tag. */
  isEleventy: boolean;
  /** The pattern of the addresses of posts, as Jekyll, Octopress and Hexo have it; empty without one. */
  permalink: string;
  /** Hugo's patterns by the first folders of pages. */
  sections: Map<string, string>;
  /** Hugo's languages, which names of files may end with, as in `about.en.md`. */
  languages: Set<string>;
  /** The one of these whose pages have addresses without it. */
  defaultLanguage: string;
  /** The author of pages that name none; empty without one. */
  author: string;
}

/** Whether a path is that of a generator's configuration. */
export function isConfig(path: string): boolean {
  return CONFIG.test(path) || ELEVENTY.test(path);
}

/**
 * @param onFailure receives the path of a file that cannot be read, and why
 * @returns what the files say together
 */
export async function readSiteConfig(
  files: readonly SiteFile[],
  onFailure: (path: string, reason: string) => void,
): Promise<SiteConfig> {
  const config: SiteConfig = {
    isHugo: false,
    isEleventy: false,
    permalink: '',
    sections: new Map(),
    languages: new Set(),
    defaultLanguage: 'en',
    author: '',
  };
  for (const { file, id } of files) {
    if (/(?:^|\/)hugo\.\w+$/.test(id)) config.isHugo = true;
    if (ELEVENTY.test(id)) config.isEleventy = true;
    if (!CONFIG.test(id)) continue;
    try {
      const { size, chunks } = await openTextFile(file);
      if (size > MAX_BYTES) throw new ImportError(`it is larger than ${MAX_BYTES / 1_000_000} MB`);
      let text = '';
      for await (const chunk of chunks) text += chunk;
      addSettings(config, id, parseData(id.slice(id.lastIndexOf('.') + 1), text));
    } catch (error) {
      onFailure(id, (error instanceof Error ? error.message : String(error)).split('\n')[0]!);
    }
  }
  return config;
}

function addSettings(config: SiteConfig, path: string, parsed: unknown): void {
  const settings = fieldsIn(parsed);
  if (/(?:^|\/)config\.\w+$/.test(path) && Object.keys(settings).some((name) => /^baseurl$/i.test(name)))
    config.isHugo = true;
  for (const language of Object.keys(/\/languages\.\w+$/.test(path) ? settings : fieldsIn(settings.languages)))
    config.languages.add(language.toLowerCase());
  config.defaultLanguage = plainText(settings.defaultContentLanguage).toLowerCase() || config.defaultLanguage;
  if (/\/permalinks\.\w+$/.test(path)) addSections(config, settings);
  if (typeof settings.permalink === 'string') config.permalink ||= settings.permalink.trim();
  addSections(config, fieldsIn(settings.permalinks));
  const params = /\/params\.\w+$/.test(path) ? settings : fieldsIn(settings.params);
  config.author ||= [settings.author, params.author].map(nameIn).find((name) => name !== '') ?? '';
}

/** Patterns of sections, or since 2023 those of pages among those of other kinds. */
function addSections({ sections }: SiteConfig, patterns: Readonly<Record<string, unknown>>): void {
  for (const [section, pattern] of Object.entries({ ...patterns, ...fieldsIn(patterns.page) }))
    if (typeof pattern === 'string') sections.set(section, pattern);
}

function nameIn(author: unknown): string {
  return plainText(author) || plainText(fieldsIn(author).name);
}

function fieldsIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
