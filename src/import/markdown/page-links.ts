import { mapOutsideFences } from './fences.ts';

/** Code in a line, or what is before the address of a link, and an address. */
const LINKS =
  /`[^`\n]{1,500}`|(\]\(\s*<?|^ {0,3}\[[^\]\n]{1,500}\]:\s*<?|<a\b[^<>]{0,300}?\shref=["'])([^\s<>"')]{1,2000})/gim;

/** Links to files of pages lead to the pages. */
export function replaceLinks(source: string, addressOf: (reference: string) => string | null): string {
  return mapOutsideFences(source, (part) =>
    part.replace(LINKS, (link, before: string | undefined, reference: string | undefined) => {
      const isPage = reference !== undefined && /^[^:?#]+\.(md|markdown|mdown|mdx)([?#]|$)/i.test(reference);
      const address = isPage ? addressOf(reference) : null;
      return address === null ? link : `${before}${address}`;
    }),
  );
}
