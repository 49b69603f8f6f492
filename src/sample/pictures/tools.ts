import { background, COVER, shape, svg, times } from './svg.ts';

type Paint = { fill: string } | { outline: true };

/** Draws the parts of a tool in their colors, or all of them as one painted outline. */
function tool(transform: string, parts: readonly (readonly [string, string])[], paint?: Paint): string {
  const outline = paint !== undefined && 'outline' in paint;
  return shape(
    'g',
    { transform },
    ...parts.map(([d, fill]) =>
      outline
        ? shape('path', { d, fill: '#f6e3b4', stroke: '#f6e3b4', 'stroke-width': 14, 'stroke-linejoin': 'round' })
        : shape('path', { d, fill }),
    ),
    ...(outline ? parts.map(([d]) => shape('path', { d, fill: '#c98f4e' })) : []),
  );
}

const HAMMER = [
  ['M-14 -60H14V210Q14 224 0 224Q-14 224 -14 210Z', '#8a4b2a'],
  ['M-84 -118H40Q70 -118 92 -84L70 -78Q56 -92 36 -92V-56H-30V-66H-84Z', '#4b5662'],
] as const;

const SAW = [
  ['M-190 -46L150 -70V44L-190 -14Z', '#cfd6dc'],
  ['M150 -86H226Q258 -86 258 -54V22Q258 58 226 58H196Q206 20 176 8Q150 0 150 -20Z', '#b5452f'],
] as const;

const SPANNER = [
  ['M-22 -96V100L22 100V-96Z', '#7d8b97'],
  ['M-22 -90Q-62 -112 -56 -160L-24 -132L0 -140L24 -132L56 -160Q62 -112 22 -90Z', '#7d8b97'],
  ['M0 88A46 46 0 1 1 -0.1 88ZM0 116A18 18 0 1 0 0.1 116Z', '#7d8b97'],
] as const;

const SCREWDRIVER = [
  ['M-7 -10V150L-12 172H12L7 150V-10Z', '#aab4bd'],
  ['M-26 -130Q-26 -150 0 -150Q26 -150 26 -130V-20Q26 -6 12 0H-12Q-26 -6 -26 -20Z', '#2c6d8a'],
] as const;

const PLIERS = [
  ['M-14 -20Q-50 60 -44 170Q-42 184 -28 184Q-18 182 -18 168Q-22 80 14 0Z', '#c9382f'],
  ['M14 -20Q50 60 44 170Q42 184 28 184Q18 182 18 168Q22 80 -14 0Z', '#c9382f'],
  ['M-30 6Q-44 -60 -8 -124H-2V-30H2V-124H8Q44 -60 30 6Q0 26 -30 6Z', '#56616c'],
] as const;

const BRUSH = [
  ['M-12 -170Q0 -186 12 -170L18 -20H-18Z', '#d9a441'],
  ['M-52 -20H52V24H-52Z', '#8f9aa5'],
  ['M-50 24H50L44 120Q20 136 0 124Q-20 140 -44 120Z', '#3a2f2a'],
] as const;

const holes = times(15, (row) =>
  times(30, (column) => shape('circle', { cx: 24 + column * 40, cy: 22 + row * 42, r: 4.5, fill: '#a8703a' })).join(''),
);

const label = (x: number, y: number): string =>
  shape(
    'g',
    { transform: `translate(${x} ${y}) rotate(-4)` },
    shape('rect', { x: -62, y: 0, width: 124, height: 66, rx: 6, fill: '#fffdf4' }),
    shape('circle', { cx: 0, cy: 11, r: 5, fill: '#a8703a' }),
    shape('rect', { x: -44, y: 26, width: 88, height: 7, rx: 3.5, fill: '#3d5fa8' }),
    shape('rect', { x: -44, y: 44, width: 56, height: 7, rx: 3.5, fill: '#3d5fa8', opacity: 0.6 }),
  );

export const tools = svg(
  COVER,
  background('#c98f4e'),
  ...holes,
  tool('translate(140 330)', HAMMER),
  tool('translate(450 150) rotate(-4)', SAW),
  tool('translate(770 220)', SPANNER, { outline: true }),
  tool('translate(940 230)', SCREWDRIVER),
  tool('translate(1090 300)', BRUSH),
  tool('translate(330 420) scale(0.92)', PLIERS, { outline: true }),
  tool('translate(580 480) rotate(90) scale(0.82)', SPANNER),
  label(770, 230),
  label(330, 420),
);
