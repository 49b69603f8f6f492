import { background, COVER, gradient, type Point, shape, svg } from './svg.ts';

const WINGS =
  'M0 0C-30 -34 -84 -52 -150 -34C-96 -30 -56 -12 -22 16C-18 34 -10 62 -14 96L0 70L14 96C10 62 18 34 22 16C56 -12 96 -30 150 -34C84 -52 30 -34 0 0Z';

function swift([x, y]: Point, turn: number, size: number): string {
  return shape(
    'g',
    { transform: `translate(${x} ${y}) rotate(${turn}) scale(${size})` },
    shape('path', { d: WINGS, fill: '#1d2036' }),
    shape('ellipse', { cx: 0, cy: 2, rx: 15, ry: 24, fill: '#1d2036' }),
    shape('circle', { cx: 0, cy: -14, r: 6, fill: '#e8d9cf' }),
  );
}

export const swifts = svg(
  COVER,
  gradient('evening', '#3b4a86', '#8a6fa6', '#e8958d', '#fbd39a'),
  background('url(#evening)'),
  shape('ellipse', { cx: 300, cy: 330, rx: 340, ry: 16, fill: '#f7c0a2', opacity: 0.55 }),
  shape('ellipse', { cx: 860, cy: 280, rx: 420, ry: 12, fill: '#d9a3b0', opacity: 0.5 }),
  shape('ellipse', { cx: 690, cy: 380, rx: 300, ry: 10, fill: '#fbdcae', opacity: 0.7 }),
  swift([330, 190], 38, 1.15),
  swift([560, 110], 62, 0.72),
  swift([820, 240], 20, 0.9),
  swift([500, 290], 74, 0.5),
  swift([930, 130], 48, 0.45),
  swift([1050, 230], 12, 0.34),
  swift([180, 340], 96, 0.4),
  shape('path', {
    d: 'M0 630V520L70 470L150 520V500L260 430L380 505V540L450 540V470L520 420L600 470V300L640 250L660 130L680 250L720 300V500L800 450L900 520V480L980 430L1080 490L1200 440V630Z',
    fill: '#272a44',
  }),
  shape('rect', { x: 655, y: 96, width: 10, height: 44, fill: '#272a44' }),
  shape('rect', { x: 644, y: 108, width: 32, height: 7, fill: '#272a44' }),
  shape('path', { d: 'M645 360V332Q660 312 675 332V360Z', fill: '#fbd39a' }),
  ...[
    [110, 540],
    [310, 520],
    [350, 560],
    [540, 520],
    [840, 540],
    [1010, 520],
    [1120, 550],
  ].map(([x = 0, y = 0]) => shape('rect', { x, y, width: 18, height: 26, rx: 2, fill: '#ffc979' })),
);
