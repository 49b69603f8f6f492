/** Characters of a `srcset` that are read. */
const MAX_LENGTH = 10_000;

const DESCRIPTOR = /^\d{1,5}(?:\.\d{1,5})?[wx]$/;

/**
 * Rewrites the addresses of a `srcset`, as browsers read it: `address width, address width`.
 * @param rewrite null removes the candidate
 * @returns null when no candidate is left
 */
export function rewriteSrcset(value: string, rewrite: (address: string) => string | null): string | null {
  const candidates: string[] = [];
  const rest = value.slice(0, MAX_LENGTH).trim().split(/\s+/).reverse();
  while (rest.length > 0) {
    const part = rest.pop()!.replace(/^,+/, '');
    // A comma at the end of an address ends the candidate; one inside it belongs to it.
    const descriptor = part === '' || part.endsWith(',') ? '' : takeDescriptor(rest);
    const address = part === '' ? null : rewrite(part.replace(/,+$/, ''));
    if (address !== null && !/\s|^,|,$/.test(address) && (descriptor === '' || DESCRIPTOR.test(descriptor)))
      candidates.push(descriptor === '' ? address : `${address} ${descriptor}`);
  }
  return candidates.length > 0 ? candidates.join(', ') : null;
}

/** Takes the parts up to the next comma. */
function takeDescriptor(rest: string[]): string {
  const taken: string[] = [];
  while (rest.length > 0) {
    const part = rest.pop()!;
    const comma = part.indexOf(',');
    taken.push(comma === -1 ? part : part.slice(0, comma));
    if (comma === -1) continue;
    if (comma < part.length - 1) rest.push(part.slice(comma + 1));
    break;
  }
  return taken.join(' ').trim();
}
