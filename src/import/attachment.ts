/** Pixels; a picture's side is no more than this, whatever a file claims. */
const MAX_SIDE = 100_000;

/**
 * Width and height from `_wp_attachment_metadata`. It is serialised by PHP; the picture's own size comes first in it,
 * before those of its smaller versions, so two patterns read it without unserialising anything.
 */
export function imageSize(serialised: string | undefined): { width: number | null; height: number | null } {
  const side = (name: string) => {
    const length = name.length;
    const found = new RegExp(`s:${length}:"${name}";(?:i:(\\d+)|s:\\d+:"(\\d+)");`).exec(serialised ?? '');
    const pixels = Number(found?.[1] ?? found?.[2]);
    return pixels > 0 && pixels <= MAX_SIDE ? pixels : null;
  };
  const width = side('width');
  const height = side('height');
  return width && height ? { width, height } : { width: null, height: null };
}
