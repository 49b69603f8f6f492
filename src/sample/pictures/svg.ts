// What the sample's pictures are drawn with: strings in, strings out, the same picture every time.

/** Pixels, the size that link previews ask for. */
export const COVER = { width: 1200, height: 630 };

/** A whole picture. */
export function svg(size: { width: number; height: number }, ...parts: string[]): string {
  const { width, height } = size;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${parts.join('')}</svg>\n`;
}

/** One element: `shape('circle', { cx: 1, cy: 2, r: 3 })`; numbers are rounded to a tenth of a pixel. */
export function shape(name: string, attributes: Record<string, string | number>, ...children: string[]): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? tenth(value) : value}"`,
  );
  return `<${name}${written.join('')}${children.length > 0 ? `>${children.join('')}</${name}>` : '/>'}`;
}

export function background(fill: string): string {
  return shape('rect', { ...COVER, fill });
}

/** A vertical gradient under a name, from the top down. */
export function gradient(id: string, ...colours: string[]): string {
  const stops = colours.map((colour, index) =>
    shape('stop', { offset: `${Math.round((100 * index) / (colours.length - 1))}%`, 'stop-color': colour }),
  );
  return shape('defs', {}, shape('linearGradient', { id, x1: 0, y1: 0, x2: 0, y2: 1 }, ...stops));
}

/** A path through points, straight from one to the next. */
export function line(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${tenth(x)} ${tenth(y)}`).join('');
}

export function times<T>(count: number, draw: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => draw(index));
}

/** Numbers between two bounds that look thrown and are always the same (mulberry32). */
export function dice(seed: number): (from: number, to: number) => number {
  let state = seed;
  return (from, to) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return from + (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * (to - from);
  };
}

/** One of several, by a throw. */
export function pick<T>(throwDice: (from: number, to: number) => number, from: readonly T[]): T {
  return from[Math.floor(throwDice(0, from.length))]!;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
