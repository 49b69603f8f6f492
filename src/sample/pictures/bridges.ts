import { background, COVER, gradient, line, shape, svg, times } from './svg.ts';

const TOWERS = [330, 870];
const DECK = 430;

/** The main cable hangs in a parabola between the towers, and falls to the banks outside them. */
function cable(x: number): number {
  const [left, right] = TOWERS as [number, number];
  if (x < left) return 160 + ((left - x) / left) ** 0.9 * (DECK - 170);
  if (x > right) return 160 + ((x - right) / (COVER.width - right)) ** 0.9 * (DECK - 170);
  const middle = (x - (left + right) / 2) / ((right - left) / 2);
  return 160 + (1 - middle ** 2) * 235;
}

function hanger(x: number): string {
  const from = cable(x);
  const swing = 5 + 4 * Math.sin(x / 37);
  const strings = [-swing, 0, swing].map((bend) =>
    shape('path', {
      d: `M${x} ${Math.round(from)}Q${Math.round(x + bend)} ${Math.round((from + DECK) / 2)} ${x} ${DECK}`,
      fill: 'none',
      stroke: '#7c1f35',
      'stroke-width': bend === 0 ? 2 : 1,
      opacity: bend === 0 ? 1 : 0.55,
    }),
  );
  return strings.join('');
}

export const bridges = svg(
  COVER,
  gradient('dusk', '#f7c873', '#f39c63', '#e4665d', '#a33b5b'),
  background('url(#dusk)'),
  ...times(7, (index) =>
    shape('circle', {
      cx: 600,
      cy: 400,
      r: 110 + index * 62,
      fill: 'none',
      stroke: '#fff3d6',
      'stroke-width': 3,
      opacity: 0.42 - index * 0.05,
    }),
  ),
  shape('circle', { cx: 600, cy: 400, r: 92, fill: '#fff0c9' }),
  shape('path', { d: 'M0 430L150 352L262 408L380 372L520 430Z', fill: '#8c3352', opacity: 0.6 }),
  shape('path', { d: 'M700 430L860 362L980 402L1100 340L1200 388V430Z', fill: '#8c3352', opacity: 0.6 }),
  shape('rect', { x: 0, y: 446, width: 1200, height: 184, fill: '#6b2347' }),
  ...times(26, (index) =>
    shape('rect', {
      x: 600 - (220 - index * 6) / 2 + 34 * Math.sin(index * 2.1),
      y: 456 + index * 6.6,
      width: 220 - index * 6,
      height: 3,
      rx: 1.5,
      fill: '#ffd9a0',
      opacity: 0.75 - index * 0.02,
    }),
  ),
  ...times(38, (index) => 30 + index * 30.5).map((x) =>
    TOWERS.some((tower) => Math.abs(tower - x) < 16) ? '' : hanger(Math.round(x)),
  ),
  shape('path', {
    d: line(times(121, (index) => [index * 10, cable(index * 10)] as const)),
    fill: 'none',
    stroke: '#55142f',
    'stroke-width': 8,
    'stroke-linejoin': 'round',
  }),
  ...TOWERS.map((x) =>
    shape(
      'g',
      { fill: '#55142f' },
      shape('rect', { x: x - 24, y: 146, width: 14, height: 400 }),
      shape('rect', { x: x + 10, y: 146, width: 14, height: 400 }),
      ...[170, 250, 340].map((y) => shape('rect', { x: x - 24, y, width: 48, height: 12 })),
      shape('rect', { x: x - 40, y: 540, width: 80, height: 30, rx: 4 }),
    ),
  ),
  shape('rect', { x: 0, y: DECK, width: 1200, height: 16, fill: '#45102a' }),
);
