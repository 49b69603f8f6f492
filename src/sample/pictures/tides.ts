import { background, COVER, gradient, shape, svg, times } from './svg.ts';

function wave(y: number, height: number, phase: number): string {
  const crests = times(13, (index) => {
    const x = index * 100;
    return `Q${x + 25} ${(y - height + phase * 3).toFixed(0)} ${x + 50} ${y}T${x + 100} ${y}`;
  });
  return `M0 ${y}${crests.join('')}V630H0Z`;
}

const BLUES = ['#7fb6c9', '#5a9bb8', '#3f80a5', '#2c668d', '#1e4e73', '#143a5a'];

const gauge = shape(
  'g',
  { transform: 'translate(900 150)' },
  shape('rect', { x: 0, y: 0, width: 46, height: 480, rx: 6, fill: '#fbf5e6' }),
  ...times(12, (index) =>
    shape('rect', { x: index % 2 === 0 ? 0 : 23, y: 10 + index * 36, width: 23, height: 18, fill: '#d4493e' }),
  ),
  ...times(12, (index) => shape('rect', { x: 0, y: 34 + index * 36, width: 46, height: 3, fill: '#26323f' })),
  shape('path', { d: 'M-8 0H54L46 -16H0Z', fill: '#26323f' }),
  shape('path', { d: 'M16 -22C10 -44 30 -60 52 -56C70 -52 78 -40 92 -42C84 -30 66 -24 52 -22Z', fill: '#fff' }),
  shape('path', { d: 'M30 -34C46 -46 66 -42 84 -38C72 -30 50 -28 30 -34Z', fill: '#a9b4bd' }),
  shape('path', { d: 'M18 -46L2 -42L18 -38Z', fill: '#f0a62c' }),
  shape('circle', { cx: 24, cy: -46, r: 2.4, fill: '#26323f' }),
);

export const tides = svg(
  COVER,
  gradient('night', '#f6e7cf', '#f3cfae', '#d9a8a0'),
  background('url(#night)'),
  shape('circle', { cx: 420, cy: 250, r: 186, fill: '#fff6e3' }),
  ...(
    [
      [360, 190, 34],
      [470, 150, 20],
      [500, 260, 46],
      [400, 320, 24],
      [320, 290, 16],
      [440, 225, 12],
    ] as const
  ).map(([cx, cy, r]) => shape('circle', { cx, cy, r, fill: '#f0dfc2', opacity: 0.8 })),
  shape('path', { d: wave(360, 42, 1), fill: BLUES[0]! }),
  shape('path', { d: wave(400, 40, -3), fill: BLUES[1]!, transform: 'translate(-34 0)' }),
  gauge,
  ...BLUES.slice(2).map((fill, index) =>
    shape('path', {
      d: wave(446 + index * 46, 40 + index * 4, index),
      fill,
      transform: `translate(${index % 2 === 0 ? -60 : -20} 0)`,
    }),
  ),
);

const CURVE = { left: 90, right: 750, low: 300, high: 70 };

/** The rule of twelfths: six hours from low to high water. */
export const tideCurve = svg(
  { width: 840, height: 380 },
  shape('rect', { width: 840, height: 380, fill: '#f8f3e7' }),
  ...times(7, (hour) => {
    const x = CURVE.left + (hour * (CURVE.right - CURVE.left)) / 6;
    return (
      shape('line', { x1: x, y1: 50, x2: x, y2: 310, stroke: '#d8cfba', 'stroke-width': 1.5 }) +
      shape(
        'text',
        {
          x,
          y: 342,
          'text-anchor': 'middle',
          'font-family': 'Helvetica, Arial, sans-serif',
          'font-size': 18,
          fill: '#55606b',
        },
        `${hour} h`,
      )
    );
  }),
  ...[1, 2, 3, 3, 2, 1].map((twelfths, hour) => {
    const width = (CURVE.right - CURVE.left) / 6;
    const height = ((CURVE.low - CURVE.high) * twelfths) / 12;
    const x = CURVE.left + hour * width;
    return (
      shape('rect', { x: x + 14, y: CURVE.low - height, width: width - 28, height, rx: 4, fill: '#9cc5d3' }) +
      shape(
        'text',
        {
          x: x + width / 2,
          y: CURVE.low - height - 10,
          'text-anchor': 'middle',
          'font-family': 'Helvetica, Arial, sans-serif',
          'font-size': 20,
          'font-weight': 'bold',
          fill: '#2c668d',
        },
        `${twelfths}`,
      )
    );
  }),
  shape('path', {
    d: `M${times(67, (index) => {
      const x = CURVE.left + index * 10;
      const y = (CURVE.low + CURVE.high) / 2 + ((CURVE.low - CURVE.high) / 2) * Math.cos((index / 66) * Math.PI);
      return `${x} ${y.toFixed(1)}`;
    }).join('L')}`,
    fill: 'none',
    stroke: '#d4493e',
    'stroke-width': 5,
    'stroke-linecap': 'round',
  }),
  shape('line', { x1: 70, y1: CURVE.low, x2: 770, y2: CURVE.low, stroke: '#26323f', 'stroke-width': 2 }),
);
