// Builds SVG as strings. Every picture is the same at each start.

/** Pixels: the size that link previews recommend. */
export const COVER = { width: 1200, height: 630 };

export type Point = readonly [x: number, y: number];

/** A complete picture. */
export function svg(size: { width: number; height: number }, ...parts: string[]): string {
  const { width, height } = size;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${parts.join('')}</svg>\n`;
}

/** One element: `shape('circle', { cx: 1, cy: 2, r: 3 })`; numbers are rounded to a tenth of a pixel. */
export function shape(name: string, attributes: Record<string, string | number>, ...children: string[]): string {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? roundToTenth(value) : value}"`,
  );
  return `<${name}${pairs.join('')}${children.length > 0 ? `>${children.join('')}</${name}>` : '/>'}`;
}

export function background(fill: string): string {
  return shape('rect', { ...COVER, fill });
}

/** A vertical gradient from top to bottom, for `url(#id)`. */
export function gradient(id: string, ...colors: string[]): string {
  const stops = colors.map((color, index) =>
    shape('stop', { offset: `${Math.round((100 * index) / (colors.length - 1))}%`, 'stop-color': color }),
  );
  return shape('defs', {}, shape('linearGradient', { id, x1: 0, y1: 0, x2: 0, y2: 1 }, ...stops));
}

/** A path of straight lines through the points. */
export function line(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${roundToTenth(x)} ${roundToTenth(y)}`).join('');
}

export function times<T>(count: number, draw: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => draw(index));
}

/** A pseudo-random generator (mulberry32) of numbers between two bounds; the same seed gives the same numbers. */
export function createRandom(seed: number): (from: number, to: number) => number {
  let state = seed;
  return (from, to) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return from + (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * (to - from);
  };
}

/** A random item of the list. */
export function pick<T>(random: (from: number, to: number) => number, items: readonly T[]): T {
  return items[Math.floor(random(0, items.length))]!;
}

function roundToTenth(value: number): number {
  return Math.round(value * 10) / 10;
}
