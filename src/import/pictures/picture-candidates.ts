import { parseUrl } from '../../../schema/content/text/parse-url.ts';

/** Where a picture may be had, the best form first. */
export interface PictureCandidate {
  url: URL;
  /** Width by height that the picture must have, for the original of a narrower form that may be cut. */
  ratio: number | null;
}

/** What the address of a narrower form says. */
interface NarrowerForm {
  original: string;
  width: number;
  height: number;
}

/** As WordPress names what it makes of an upload: `swift-300x200.jpg`. */
function narrowerForm(path: string): NarrowerForm | null {
  const found = /^(.*[^/])-(\d{1,5})x(\d{1,5})(\.(?:jpe?g|png|gif|webp|avif))$/i.exec(path);
  if (!found || Number(found[2]) === 0 || Number(found[3]) === 0) return null;
  return { original: found[1]! + found[4]!, width: Number(found[2]), height: Number(found[3]) };
}

/** Pixels in which a text shows a picture, where its address says so. */
export function shownSize(address: string): { width: number; height: number } | null {
  const form = narrowerForm(address.replace(/[?#].*$/s, ''));
  return form && { width: form.width, height: form.height };
}

/** The original of a picture, if the address is that of a smaller form of WordPress, Ghost or Photon, and the address itself. */
export function candidatesOf(address: URL): PictureCandidate[] {
  const own = withoutProxy(address);
  own.hash = '';
  const plain = new URL(own);
  plain.search = '';
  const form = narrowerForm(plain.pathname);
  const whole = new URL(plain);
  whole.pathname = (form?.original ?? plain.pathname).replace(
    /\/content\/images\/size\/[wh]\d+(?:[wh]\d+)?\//,
    '/content/images/',
  );
  const candidates = [
    { url: whole, ratio: form && form.width / form.height },
    { url: plain, ratio: null },
    { url: own, ratio: null },
  ];
  return candidates.filter(({ url }, index) => candidates.findIndex((other) => other.url.href === url.href) === index);
}

/** Photon serves `https://example.com/a.jpg` as `https://i0.wp.com/example.com/a.jpg?w=300`. */
function withoutProxy(address: URL): URL {
  const [, inner] = /^https?:\/\/i[0-3]\.wp\.com\/([^/]+\.[^/]+\/.*)$/i.exec(address.href) ?? [];
  return (inner && parseUrl(`https://${inner}`)) || new URL(address);
}

/** How much the two shapes of a picture may differ, since sizes are whole numbers of pixels. */
const TOLERANCE = 0.03;

export function hasRatio({ width, height }: { width: number; height: number }, ratio: number | null): boolean {
  return ratio === null || Math.abs(width / height / ratio - 1) <= TOLERANCE;
}
