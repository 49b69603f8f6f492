import { background, COVER, createRandom, type Point, shape, svg, times } from './svg.ts';

const random = createRandom(500);

/** One cut of the scored ear of wheat, opened in the oven. */
function cut([x, y]: Point, angle: number, size: number): string {
  return shape(
    'g',
    { transform: `translate(${x} ${y}) rotate(${angle}) scale(${size})` },
    shape('path', { d: 'M0 0C18 -26 20 -66 0 -92C-20 -66 -18 -26 0 0Z', fill: '#f3d7a2' }),
    shape('path', { d: 'M0 -6C9 -30 9 -62 0 -84', fill: 'none', stroke: '#d9a65c', 'stroke-width': 4 }),
  );
}

export const bread = svg(
  COVER,
  background('#e9e2d3'),
  ...times(13, (index) =>
    shape('rect', {
      x: index * 100 - 30,
      y: 0,
      width: index % 3 === 0 ? 34 : 12,
      height: 630,
      fill: '#6f8fae',
      opacity: 0.55,
    }),
  ),
  ...times(7, (index) =>
    shape('rect', {
      x: 0,
      y: index * 104 - 10,
      width: 1200,
      height: index % 3 === 1 ? 30 : 10,
      fill: '#6f8fae',
      opacity: 0.28,
    }),
  ),
  shape('ellipse', { cx: 618, cy: 342, rx: 268, ry: 252, fill: '#4a3a2a', opacity: 0.22 }),
  shape('circle', { cx: 600, cy: 315, r: 256, fill: '#9a5a26' }),
  shape('circle', { cx: 600, cy: 315, r: 244, fill: '#b9722f' }),
  shape('circle', { cx: 590, cy: 303, r: 214, fill: '#cd8a3f' }),
  shape('circle', { cx: 580, cy: 292, r: 168, fill: '#d99d52', opacity: 0.8 }),
  ...[0.95, 0.8].map((part) =>
    shape('circle', {
      cx: 600,
      cy: 315,
      r: 256 * part,
      fill: 'none',
      stroke: '#f1d9ab',
      'stroke-width': 5,
      opacity: 0.5,
    }),
  ),
  shape('path', {
    d: 'M600 520C604 430 596 300 600 150',
    fill: 'none',
    stroke: '#f3d7a2',
    'stroke-width': 9,
    'stroke-linecap': 'round',
  }),
  ...times(5, (index) => {
    const y = 470 - index * 66;
    const size = 1.02 - index * 0.09;
    return cut([600, y], 48, size) + cut([600, y], -48, size);
  }),
  cut([600, 172], 0, 0.72),
  ...times(230, () => {
    const angle = random(0, 2 * Math.PI);
    const far = random(20, 245);
    return shape('circle', {
      cx: 600 + far * Math.cos(angle),
      cy: 315 + far * Math.sin(angle),
      r: random(0.8, 3),
      fill: '#fff6e2',
      opacity: random(0.25, 0.8),
    });
  }),
  ...times(60, () =>
    shape('circle', { cx: random(860, 1180), cy: random(60, 570), r: random(0.8, 3.2), fill: '#fffaf0' }),
  ),
  shape(
    'g',
    { transform: 'translate(1010 330) rotate(14)' },
    shape('rect', { x: -11, y: -250, width: 22, height: 330, rx: 4, fill: '#d6dbe0' }),
    shape('path', { d: 'M-11 -240V80H2V-250Z', fill: '#f2f5f7' }),
    ...times(20, (index) => shape('circle', { cx: 12, cy: -236 + index * 16, r: 6, fill: '#d6dbe0' })),
    shape('rect', { x: -17, y: 78, width: 36, height: 150, rx: 15, fill: '#5b3a22' }),
    ...[112, 190].map((cy) => shape('circle', { cx: 1, cy, r: 5, fill: '#d9b98a' })),
  ),
  shape(
    'g',
    { transform: 'translate(180 330)' },
    ...[-26, 0, 27].map((tilt) =>
      shape(
        'g',
        { transform: `rotate(${tilt} 0 240)` },
        shape('path', { d: 'M0 240V-90', stroke: '#b88a3d', 'stroke-width': 5, fill: 'none' }),
        ...times(8, (index) => {
          const y = -20 - index * 20;
          const grain = (side: number) =>
            shape('ellipse', {
              cx: side * 12,
              cy: y,
              rx: 8,
              ry: 17,
              fill: '#d8ab52',
              transform: `rotate(${side * 28} ${side * 12} ${y})`,
            });
          return grain(-1) + grain(1);
        }),
        shape('ellipse', { cx: 0, cy: -184, rx: 8, ry: 18, fill: '#e2ba67' }),
      ),
    ),
  ),
);
