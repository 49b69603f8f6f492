/** Pixels. Larger values are treated as damaged. */
const MAX_SIDE = 100_000;

/**
 * Width and height of an image from `_wp_attachment_metadata`, which PHP serialized. The image's own size comes first,
 * before the sizes of its smaller versions, so matching the first pair of each needs no unserializer.
 */
export function imageSize(serialized: string | undefined): { width: number | null; height: number | null } {
  const width = readSide(serialized, 'width');
  const height = readSide(serialized, 'height');
  return width && height ? { width, height } : { width: null, height: null };
}

function readSide(serialized: string | undefined, name: 'width' | 'height'): number | null {
  const match = new RegExp(`s:${name.length}:"${name}";(?:i:(\\d+)|s:\\d+:"(\\d+)");`).exec(serialized ?? '');
  const pixels = Number(match?.[1] ?? match?.[2]);
  return pixels > 0 && pixels <= MAX_SIDE ? pixels : null;
}
