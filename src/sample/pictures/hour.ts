import { background, COVER, createRandom, gradient, pick, shape, svg, times } from './svg.ts';

const random = createRandom(430);

interface House {
  x: number;
  width: number;
  height: number;
  fill: string;
}

/** @param lit the share of windows with light, from 0 to 1 */
function house({ x, width, height, fill }: House, lit: number): string {
  const top = 540 - height;
  const windows = times(Math.floor(height / 34) * Math.floor(width / 30), (index) => {
    const columns = Math.floor(width / 30);
    const column = index % columns;
    const row = Math.floor(index / columns);
    if (random(0, 1) > lit) return '';
    return shape('rect', {
      x: x + 12 + column * ((width - 24 + 14) / columns),
      y: top + 18 + row * 34,
      width: 12,
      height: 17,
      rx: 1.5,
      fill: pick(random, ['#ffd27a', '#ffbf5e', '#ffe3a8']),
    });
  });
  return shape('rect', { x, y: top, width, height: height + 20, fill }) + windows.join('');
}

function row(fill: string, height: [number, number], lit: number): string {
  let drawn = '';
  for (let x = -20; x < COVER.width; ) {
    const width = random(70, 150);
    drawn += house({ x, width, height: random(...height), fill }, lit);
    x += width + random(-6, 4);
  }
  return drawn;
}

const tram = shape(
  'g',
  { transform: 'translate(640 478)' },
  shape('path', { d: 'M200 -6 L228 -40 L256 -6', fill: 'none', stroke: '#10162e', 'stroke-width': 4 }),
  shape('rect', { x: 0, y: 0, width: 380, height: 78, rx: 14, fill: '#f4b63f' }),
  shape('rect', { x: 0, y: 56, width: 380, height: 22, rx: 8, fill: '#d98e22' }),
  ...times(6, (index) => shape('rect', { x: 18 + index * 59, y: 14, width: 46, height: 32, rx: 5, fill: '#fff3cf' })),
  shape('circle', { cx: 12, cy: 62, r: 7, fill: '#fffbe6' }),
  shape('polygon', { points: '8,60 -190,88 -190,112 8,72', fill: '#fff3cf', opacity: 0.28 }),
  ...[70, 130, 260, 320].map((cx) => shape('circle', { cx, cy: 80, r: 13, fill: '#10162e' })),
);

export const hour = svg(
  COVER,
  gradient('sky', '#131a3d', '#2b3570', '#7a5a8c', '#e79a7b'),
  background('url(#sky)'),
  ...times(70, () =>
    shape('circle', {
      cx: random(0, 1200),
      cy: random(0, 260),
      r: random(0.6, 2),
      fill: '#fff',
      opacity: random(0.3, 0.9),
    }),
  ),
  shape('path', { d: 'M268 130A62 62 0 1 0 311 200A56 56 0 0 1 268 130Z', fill: '#fdf3d8' }),
  shape('g', { opacity: 0.55 }, row('#4b4478', [190, 330], 0)),
  row('#1b2148', [90, 250], 0.16),
  shape('rect', { x: 0, y: 540, width: 1200, height: 90, fill: '#0d1228' }),
  shape('rect', { x: 0, y: 572, width: 1200, height: 4, fill: '#5a5f86' }),
  shape('rect', { x: 0, y: 592, width: 1200, height: 4, fill: '#5a5f86' }),
  shape('line', { x1: 0, y1: 436, x2: 1200, y2: 436, stroke: '#10162e', 'stroke-width': 3 }),
  tram,
);
