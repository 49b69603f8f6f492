import { FORMER_ADDRESSES, PRESENT_ADDRESSES, redirectsOf } from '../../schema/content/address/redirects.ts';
import { readSnapshot } from './read-snapshot.ts';
import { REDIRECT_RULES, type RedirectServer } from './redirect-rules.ts';
import { writeWhole } from './write-whole.ts';

interface RedirectsOptions {
  /** Connection URL of the database. */
  url: string;
  path: string;
  server: RedirectServer;
  /** Address of the site, with a slash at its end; null when it is not known. */
  publicUrl: string | null;
  signal?: AbortSignal;
}

/** Writes the redirects from former addresses of public pages as rules of a server. @returns numbers of redirects */
export function exportRedirects({
  url,
  path,
  server,
  publicUrl,
  signal,
}: RedirectsOptions): Promise<{ written: number; leftOut: number }> {
  return readSnapshot(url, async (client) => {
    const { rows: former } = await client.query(FORMER_ADDRESSES);
    const { rows: present } = await client.query(PRESENT_ADDRESSES);
    const site = new URL(publicUrl ?? '/', 'http://site.invalid');
    const redirects = redirectsOf({ former, present }, site.pathname);
    const { text, ...counts } = REDIRECT_RULES[server](redirects, { origin: publicUrl === null ? null : site.origin });
    await writeWhole(path, [text], signal);
    return counts;
  });
}
