/**
 * The URL; null for a text that is none. `URL.canParse` is no check before `new URL`: called often, that of Node.js 20 reads
 * letters outside of ASCII wrongly, so that it refuses `https://münchen.example`, and accepts what the constructor refuses.
 */
export function parseUrl(text: string, base?: string | URL): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
