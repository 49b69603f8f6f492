import { parseUrl } from '../../../schema/content/text/parse-url.ts';

/** A tag, the mark of a kept piece, or an address in a text, as WordPress links it when it shows a comment. */
const PART =
  /<(\/?)([a-z][^\s/>]*)[^<>]*>|(?<![\w@/.])(?:(?:https?|ftp):\/\/|www\.(?=[\w-]+\.))[^\s<>"\ufdd0-\ufdd3]{1,2000}/gi;

/** Punctuation that ends a sentence and no address. */
const SENTENCE_END = /(?:[.,;:!?'*]|&(?:gt|lt|quot|#8217);)+$/;

/** Makes links of the addresses in a scanned text that are in no link. */
export function linkBareAddresses(text: string): string {
  let open = 0;
  return text.replace(PART, (part, slash: string | undefined, name: string | undefined) => {
    if (name !== undefined) {
      if (name.toLowerCase() === 'a') open = Math.max(0, open + (slash ? -1 : 1));
      return part;
    }
    const address = withoutSentence(part);
    if (open > 0 || parseUrl(withScheme(address)) === null) return part;
    return `<a href="${withScheme(address)}">${address}</a>${part.slice(address.length)}`;
  });
}

/** A bracket at the end belongs to the sentence if the address does not open it. */
function withoutSentence(part: string): string {
  const address = part.replace(SENTENCE_END, '');
  return address.endsWith(')') && !address.includes('(') ? withoutSentence(address.slice(0, -1)) : address;
}

function withScheme(address: string): string {
  return /^www\./i.test(address) ? `http://${address}` : address;
}
