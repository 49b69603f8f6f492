import { background, COVER, createRandom, shape, svg, times } from './svg.ts';

const HILLS = [
  { x: 330, y: 360, height: 1, spread: 190 },
  { x: 760, y: 230, height: 0.86, spread: 210 },
  { x: 1040, y: 520, height: 0.6, spread: 170 },
  { x: 90, y: 70, height: 0.5, spread: 180 },
];

function heightAt(x: number, y: number): number {
  return HILLS.reduce(
    (sum, hill) => sum + hill.height * Math.exp(-(((x - hill.x) ** 2 + (y - hill.y) ** 2) / hill.spread ** 2)),
    0,
  );
}

const STEP = 20;

/** Marching squares: joins the points where the level crosses the sides of each cell of a grid. */
function contour(level: number): string {
  let path = '';
  for (let y = -STEP; y < COVER.height + STEP; y += STEP) {
    for (let x = -STEP; x < COVER.width + STEP; x += STEP) {
      const corners = [
        [x, y],
        [x + STEP, y],
        [x + STEP, y + STEP],
        [x, y + STEP],
      ] as const;
      const crossings = corners.flatMap(([ax, ay], index) => {
        const [bx, by] = corners[(index + 1) % 4]!;
        const [a, b] = [heightAt(ax, ay) - level, heightAt(bx, by) - level];
        if (a < 0 === b < 0) return [];
        const part = a / (a - b);
        return [[ax + (bx - ax) * part, ay + (by - ay) * part] as const];
      });
      for (let index = 0; index + 1 < crossings.length; index += 2) {
        const [[ax, ay], [bx, by]] = [crossings[index]!, crossings[index + 1]!];
        path += `M${ax.toFixed(0)} ${ay.toFixed(0)}L${bx.toFixed(0)} ${by.toFixed(0)}`;
      }
    }
  }
  return path;
}

const LEVELS = 15;
const TINTS = ['#dfe6b8', '#ecdfa6', '#f1cf8c', '#eab873', '#dd9a5d'];
const random = createRandom(1930);

const CELL = 10;

/** The height in broad bands of color: runs of cells along each row. */
function tint(): string {
  const bands = TINTS.map(() => '');
  for (let y = 0; y < COVER.height; y += CELL) {
    let start = 0;
    for (let x = 0; x < COVER.width; x += CELL) {
      const here = bandAt(x, y);
      if (x + CELL < COVER.width && bandAt(x + CELL, y) === here) continue;
      bands[here] += `M${start} ${y}H${x + CELL}v${CELL}H${start}z`;
      start = x + CELL;
    }
  }
  return bands
    .map((d, index) => shape('path', { d, fill: TINTS[index]!, stroke: TINTS[index]!, 'stroke-width': 1 }))
    .join('');
}

function bandAt(x: number, y: number): number {
  return Math.min(TINTS.length - 1, Math.floor(heightAt(x + CELL / 2, y + CELL / 2) * 5.4));
}

function flag(x: number, y: number, fill: string): string {
  return shape(
    'g',
    { transform: `translate(${x} ${y})` },
    shape('ellipse', { cx: 0, cy: 0, rx: 15, ry: 6, fill: '#4a3524', opacity: 0.35 }),
    shape('rect', { x: -2.5, y: -96, width: 5, height: 96, fill: '#4a3524' }),
    shape('path', { d: 'M2.5 -96L64 -80L2.5 -58Z', fill }),
  );
}

export const names = svg(
  COVER,
  background(TINTS[0]!),
  tint(),
  ...times(LEVELS, (index) =>
    shape('path', {
      d: contour(0.1 + index * 0.065),
      fill: 'none',
      stroke: '#8a5a35',
      'stroke-width': index % 5 === 0 ? 3 : 1.4,
      'stroke-linecap': 'round',
      opacity: 0.7,
    }),
  ),
  shape('path', {
    d: 'M-10 470C120 520 220 560 330 548C470 530 520 420 600 410C720 396 800 470 880 420C980 360 1060 250 1210 240',
    fill: 'none',
    stroke: '#fffaf0',
    'stroke-width': 13,
  }),
  shape('path', {
    d: 'M-10 470C120 520 220 560 330 548C470 530 520 420 600 410C720 396 800 470 880 420C980 360 1060 250 1210 240',
    fill: 'none',
    stroke: '#c9563c',
    'stroke-width': 6,
  }),
  shape('path', {
    d: 'M560 640C570 560 590 480 600 410C606 330 540 200 560 -10',
    fill: 'none',
    stroke: '#fffaf0',
    'stroke-width': 9,
  }),
  shape('path', {
    d: 'M560 640C570 560 590 480 600 410C606 330 540 200 560 -10',
    fill: 'none',
    stroke: '#a78b6d',
    'stroke-width': 4,
  }),
  ...[
    [330, 540],
    [880, 412],
  ].map(([x = 0, y = 0]) =>
    times(9, () =>
      shape('rect', {
        x: x + random(-50, 50),
        y: y + random(-34, 34),
        width: random(10, 18),
        height: random(9, 14),
        fill: '#5b4636',
      }),
    ).join(''),
  ),
  flag(330, 520, '#2f6f73'),
  flag(880, 396, '#2f6f73'),
  shape('circle', {
    cx: 600,
    cy: 408,
    r: 40,
    fill: 'none',
    stroke: '#d4493e',
    'stroke-width': 5,
    'stroke-dasharray': '12 9',
  }),
  flag(600, 408, '#d4493e'),
);
